//! From what was sent to what may be stored.
//!
//! A body is first deserialised as it came (plain strings), then validated as a whole: the caller hears of every
//! wrong member at once, and what comes out can't be wrong any more.

use std::borrow::Cow;
use std::fmt::Display;

use serde::{Deserialize, Deserializer};

use crate::problem::FieldError;

/// Turns a request body into a value that is valid by construction.
pub trait Validate {
    /// What the body becomes.
    type Valid;

    /// Checks the whole body.
    ///
    /// # Errors
    /// Every member that is wrong, not only the first; answered as [`Code::Validation`](crate::Code::Validation) (422).
    fn validate(self) -> Result<Self::Valid, Vec<FieldError>>;
}

/// Why one value is not valid: a sentence that says what would be right, and never repeats the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(Cow<'static, str>);

impl Invalid {
    /// The reason, as it is shown to the caller.
    pub fn new(detail: impl Into<Cow<'static, str>>) -> Self {
        Self(detail.into())
    }
}

/// Collects what is wrong with a body.
#[derive(Debug, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that the member at `pointer` (RFC 6901) is wrong.
    pub fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError::new(pointer, detail));
    }

    /// The value of a result, or `None` after noting its error under `pointer`.
    pub fn check<T, E: Display>(&mut self, pointer: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|e| self.add(pointer, e.to_string())).ok()
    }

    /// For a member of a merge patch that can't be removed: absent is `None`, null is noted as an error.
    pub fn not_null<T>(&mut self, pointer: &str, member: Option<Option<T>>) -> Option<T> {
        match member {
            None => None,
            Some(Some(value)) => Some(value),
            Some(None) => {
                self.add(pointer, "must not be null; leave it out to keep it as it is");
                None
            }
        }
    }

    /// The built value if nothing was noted.
    ///
    /// `build` returns `None` only for what a check has refused, so that it can use `?` on the checked values.
    ///
    /// # Errors
    /// All that was noted.
    pub fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Vec<FieldError>> {
        if !self.0.is_empty() {
            return Err(self.0);
        }
        build().ok_or_else(|| vec![FieldError::new("", "is not valid")])
    }
}

/// For a member of a merge patch (RFC 7396): tells null (`Some(None)`) from absent (`None`, by `serde(default)`).
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// One line of text: trimmed of surrounding white space, 1 to `max` characters, no control characters.
pub(crate) fn one_line(text: &str, max: usize) -> Result<String, Invalid> {
    let text = text.trim();
    // Also not something that only looks blank: joiners, marks of direction, byte order marks.
    if text.chars().all(|c| {
        c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
    }) {
        return Err(Invalid::new("must not be blank"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Invalid::new(format!("must have at most {max} characters; it has {length}")));
    }
    if text.chars().any(char::is_control) {
        return Err(Invalid::new("must be one line without control characters"));
    }
    Ok(text.to_owned())
}

/// A newtype over `String` that can only be made by its `parse`, also when deserialised.
macro_rules! text {
    ($($(#[doc = $doc:literal])* $(#[derive($derive:ident)])? $name:ident: $shape:expr => $check:expr;)*) => {$(
        $(#[doc = $doc])*
        $(#[derive($derive)])?
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// How the text that is taken looks.
            pub const SHAPE: $crate::shape::Shape = $shape;

            /// Checks and normalises the text as the type says.
            ///
            /// # Errors
            /// What is wrong with it, for the caller to read.
            pub fn parse(text: &str) -> Result<Self, $crate::validation::Invalid> {
                let check: fn(&str) -> Result<String, $crate::validation::Invalid> = $check;
                check(text).map(Self)
            }

            /// The text as it is stored.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::validation::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::validation::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        $crate::openapi::looks! { $name => text(&[$($doc),*], Self::SHAPE) }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
pub(crate) use text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_collected_with_their_pointers() {
        let mut errors = Errors::new();
        assert_eq!(errors.check("/a", Ok::<_, Invalid>(1)), Some(1));
        assert_eq!(errors.check::<u8, _>("/b", Err(Invalid::new("is wrong"))), None);
        assert_eq!(errors.not_null::<u8>("/c", Some(None)), None);
        let found = errors.finish(|| Some(())).unwrap_err();
        assert_eq!(found.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/b", "/c"]);
    }
}

//! From what was sent to what may be stored.
//!
//! A body is first deserialised as it came (plain strings), then validated as a whole: the caller hears of every
//! wrong member at once, and what comes out can't be wrong any more.

use std::borrow::Cow;
use std::fmt::Display;

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization as _;

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

/// One line of text: trimmed of surrounding white space, composed (NFC), 1 to `max` characters, no control characters,
/// neither of lines nor of the direction of text.
pub(crate) fn one_line(text: &str, max: usize) -> Result<String, Invalid> {
    let text: String = text.trim().nfc().collect();
    if is_blank(&text) {
        return Err(Invalid::new("must not be blank"));
    }
    let length = text.chars().count();
    if length > max {
        return Err(Invalid::new(format!("must have at most {max} characters; it has {length}")));
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Invalid::new("must be one line without control characters"));
    }
    if text.chars().any(is_bidi_control) {
        return Err(Invalid::new(
            "must not contain characters that change the direction of text (U+202E and the like)",
        ));
    }
    Ok(text)
}

/// Markdown of at most `max` bytes: every line end becomes a newline; no other control characters but tab.
pub(crate) fn markdown(text: &str, max: usize) -> Result<String, Invalid> {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    if text.len() > max {
        return Err(Invalid::new(format!("must have at most {max} bytes; it has {}", text.len())));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n')) {
        return Err(Invalid::new("must not contain control characters other than tab and newline"));
    }
    Ok(text)
}

/// Whether nothing of a text can be seen: white space, joiners, fillers, tags, marks of direction, byte order marks.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{e0000}'..='\u{e0fff}')
    })
}

/// Unicode's property `Bidi_Control`: with these a line can look like another than it is.
const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

            /// A text that was checked when it was stored, maybe by a release that refused less.
            #[must_use]
            pub const fn stored(text: String) -> Self {
                Self(text)
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

    #[test]
    fn a_line_is_composed_and_counted_so() {
        assert_eq!(one_line(" Cafe\u{301} \u{212b}", 6).unwrap(), "Caf\u{e9} \u{c5}");
        assert_eq!(one_line("\u{1100}\u{1161}", 1).unwrap(), "\u{ac00}");
        // What is composed in no text is decomposed, and longer than it came.
        assert!(one_line("\u{958}", 1).is_err());
    }

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for c in
            "\u{3164}\u{2800}\u{115f}\u{1160}\u{ffa0}\u{e0041}\u{e0001}\u{200d}\u{fe0f}\u{2029}\u{180e}\u{34f}".chars()
        {
            assert!(one_line(&format!(" {c}{c}"), 9).is_err(), "{c:?}");
            assert!(is_blank(&c.to_string()), "{c:?}");
        }
        // Tags make flags, fillers make syllables.
        for text in ["\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}", "\u{115f}\u{1161}", "a\u{2800}"] {
            assert!(one_line(text, 9).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn a_line_has_no_ends_within_and_keeps_its_direction() {
        for c in "\u{2028}\u{2029}\u{85}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}".chars() {
            assert!(one_line(&format!("a{c}b"), 9).is_err(), "{c:?}");
        }
        assert!(one_line("שלום عالم", 9).is_ok());
    }

    #[test]
    fn markdown_has_newlines_and_tabs_and_no_other_control_characters() {
        assert_eq!(markdown("a\r\nb\rc\n\td\u{2028}\u{202e}", 20).unwrap(), "a\nb\nc\n\td\u{2028}\u{202e}");
        assert!(markdown("a\r\nb", 3).is_ok());
        for c in "\0\u{1}\u{7}\u{8}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{9f}".chars() {
            assert!(markdown(&format!("a{c}b"), 9).is_err(), "{c:?}");
        }
    }
}

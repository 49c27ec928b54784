//! Text that must not be seen: passwords and tokens.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::problem::FieldError;
use crate::validation::Invalid;

/// Text that must not reach a log: a password or a token. `Debug` doesn't show it and there is no `Display`;
/// serialising does write it, since answers carry tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct SecretText(String);

impl SecretText {
    /// The most bytes a token in a body may have; ours are far shorter.
    pub const MAX_TOKEN_BYTES: usize = 1024;

    /// Marks text as secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: to be hashed or sent, never logged.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// This as a password that is hashed or compared (RFC 8265, OpaqueString): every space is U+0020, letters are
    /// composed (NFC). `None` if nothing is left, or it holds a control character.
    #[must_use]
    pub fn prepared(&self) -> Option<Self> {
        let spaces = self.0.chars().map(|c| if is_space(c) { ' ' } else { c });
        let prepared: String = spaces.nfc().collect();
        let is_good = !prepared.is_empty() && !prepared.chars().any(char::is_control);
        is_good.then_some(Self(prepared))
    }

    /// This as a token: whether it is one that was given out is for the service to say.
    pub(crate) fn check_token(self, pointer: &str) -> Result<Self, Vec<FieldError>> {
        if self.0.is_empty() || self.0.len() > Self::MAX_TOKEN_BYTES {
            return Err(vec![FieldError::new(pointer, "must be a token as it was given out")]);
        }
        Ok(self)
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Unicode's category `Zs`.
const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// A password that may be set: at least 10 characters and at most 256 bytes, so that hashing has a bound, and no control
/// characters; no other rule (NIST SP 800-63B advises against rules of composition). Prepared as
/// [`SecretText::prepared`] says, so that it is the same from every keyboard; white space counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(SecretText);

impl Password {
    /// The least characters.
    pub const MIN_CHARACTERS: usize = 10;
    /// The most bytes in UTF-8.
    pub const MAX_BYTES: usize = 256;

    /// Checks and prepares it.
    ///
    /// # Errors
    /// If it is too short or too long, or has a control character; the error doesn't repeat it.
    pub fn parse(text: &SecretText) -> Result<Self, Invalid> {
        // Also as it is sent: nobody could sign in with more.
        if text.0.len() > Self::MAX_BYTES {
            return Err(Invalid::new("must have at most 256 bytes"));
        }
        let is_empty = text.0.is_empty();
        let text = text.prepared();
        if is_empty || text.as_ref().is_some_and(|text| text.0.chars().count() < Self::MIN_CHARACTERS) {
            return Err(Invalid::new("must have at least 10 characters"));
        }
        let text = text.ok_or(Invalid::new("must not contain control characters"))?;
        if text.0.len() > Self::MAX_BYTES {
            return Err(Invalid::new("must have at most 256 bytes"));
        }
        Ok(Self(text))
    }

    /// The password itself: to be hashed, never logged.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_10_characters_to_256_bytes() {
        let parse = |text: &str| Password::parse(&SecretText::new(text));
        assert!(parse("üüüüüüüüüü").is_ok() && parse(&"a".repeat(256)).is_ok());
        assert!(parse("üüüüüüüüü").is_err() && parse(&"ü".repeat(129)).is_err());
        assert!(parse("").is_err() && parse("a\tb\tc\td\te\tf").is_err() && parse("123456789\u{7f}").is_err());
        assert!(parse(&"u\u{308}".repeat(9)).is_err() && parse(&"u\u{308}".repeat(86)).is_err());
    }

    #[test]
    fn a_password_is_the_same_from_every_keyboard() {
        let prepared = |text: &str| SecretText::new(text).prepared().map(|text| text.expose().to_owned());
        assert_eq!(prepared("cafe\u{301}\u{a0}\u{3000}\u{212b}").as_deref(), Some("caf\u{e9}  \u{c5}"));
        // Case, width and what surrounds it count (RFC 8265, 4.2.1).
        assert_eq!(prepared(" Ａ ").as_deref(), Some(" Ａ "));
        for refused in ["", "a\n", "\0", "\u{85}"] {
            assert_eq!(prepared(refused), None);
        }
    }
}

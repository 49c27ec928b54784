//! Text that must not be seen: passwords and tokens.

use std::fmt;

use serde::{Deserialize, Serialize};

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

/// A password that may be set: at least 10 characters and at most 256 bytes, so that hashing has a bound; no other rule
/// (NIST SP 800-63B advises against rules of composition). Kept as it came: white space counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(SecretText);

impl Password {
    /// The least characters.
    pub const MIN_CHARACTERS: usize = 10;
    /// The most bytes in UTF-8.
    pub const MAX_BYTES: usize = 256;

    /// Checks the length.
    ///
    /// # Errors
    /// If it is too short or too long; the error doesn't repeat it.
    pub fn parse(text: SecretText) -> Result<Self, Invalid> {
        if text.0.chars().count() < Self::MIN_CHARACTERS {
            return Err(Invalid::new("must have at least 10 characters"));
        }
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
        let parse = |text: &str| Password::parse(SecretText::new(text));
        assert!(parse("üüüüüüüüüü").is_ok() && parse(&"a".repeat(256)).is_ok());
        assert!(parse("üüüüüüüüü").is_err() && parse(&"ü".repeat(129)).is_err());
    }
}

//! Tokens that mean something only to us: refresh tokens and invitations. 256 random bits behind a prefix that tells
//! secret scanners and people what was leaked; the database knows only their SHA-256.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::SecretText;
use platform::{ApiError, ApiResult};

/// Characters of 32 bytes in base64url without padding.
const RANDOM_CHARACTERS: usize = 43;

/// What a token is for, and how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Gets the next access token.
    Refresh,
    /// Accepts an invitation.
    Invitation,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "thr_",
            Self::Invitation => "thi_",
        }
    }

    /// A new token.
    ///
    /// # Errors
    /// 500 when the system gives no randomness.
    pub(crate) fn generate(self) -> ApiResult<SecretText> {
        let mut bytes = [0_u8; 32];
        rand::fill(&mut bytes).map_err(|_| ApiError::internal(anyhow::anyhow!("no randomness")))?;
        Ok(SecretText::new(format!("{}{}", self.prefix(), URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The hash that a token is looked up by; `None` for what can't be a token of this kind.
    #[must_use]
    pub(crate) fn hash(self, token: &SecretText) -> Option<Vec<u8>> {
        let random = token.expose().strip_prefix(self.prefix())?;
        (random.len() == RANDOM_CHARACTERS).then(|| sha256(token.expose().as_bytes()))
    }
}

/// SHA-256.
#[must_use]
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_hashed_by_kind() {
        let (one, two) = (Kind::Refresh.generate().unwrap(), Kind::Refresh.generate().unwrap());
        assert_ne!(one, two);
        assert!(one.expose().starts_with("thr_") && one.expose().len() == 47);
        assert_eq!(Kind::Refresh.hash(&one).unwrap().len(), 32);
        assert_ne!(Kind::Refresh.hash(&one), Kind::Refresh.hash(&two));
        assert_eq!(Kind::Invitation.hash(&one), None);
        assert_eq!(Kind::Refresh.hash(&SecretText::new("thr_")), None);
    }
}

//! The successor of a refresh token, sealed so that only the token itself opens it: the database doesn't hold the
//! token, so a copy of the database doesn't give the successor away.

use aws_lc_rs::hmac;
use domain::SecretText;
use platform::{ApiError, ApiResult};

use crate::sealing::SealingKey;

const PURPOSE: &str = "refresh token successor";

/// A key of its own for each token. A token has 256 random bits, so one HMAC makes a key of it.
fn key(token: &SecretText) -> ApiResult<SealingKey> {
    let from = hmac::Key::new(hmac::HMAC_SHA256, token.expose().as_bytes());
    SealingKey::new(hmac::sign(&from, PURPOSE.as_bytes()).as_ref()).map_err(ApiError::internal)
}

/// Seals `successor` under `token`.
pub(super) fn seal(token: &SecretText, successor: &SecretText) -> ApiResult<Vec<u8>> {
    key(token)?.seal(PURPOSE, successor.expose().as_bytes()).map_err(ApiError::internal)
}

/// The successor that was sealed under `token`.
pub(super) fn open(token: &SecretText, sealed: &[u8]) -> ApiResult<SecretText> {
    let text = key(token)?.open(PURPOSE, sealed).map_err(ApiError::internal)?;
    String::from_utf8(text).map(SecretText::new).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_token::Kind;

    #[test]
    fn only_the_token_opens_its_successor() {
        let (token, successor) = (Kind::Refresh.generate().unwrap(), Kind::Refresh.generate().unwrap());
        let sealed = seal(&token, &successor).unwrap();
        assert_eq!(open(&token, &sealed).unwrap(), successor);
        assert!(open(&successor, &sealed).is_err());
    }
}

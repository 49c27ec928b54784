//! The master key: what seals secrets that lie in the database, so that a copy of it alone gives nothing away.

use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_lc_rs::aead::{NONCE_LEN, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::settings::SettingsError;
use secrecy::{ExposeSecret, SecretString};

/// AES-256-GCM with a random nonce, which stands before what it sealed.
pub struct SealingKey(RandomizedNonceKey);

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

/// What was sealed doesn't open: another key, another purpose, or it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is sealed in the database can't be opened with this key")]
pub struct Sealed;

impl SealingKey {
    /// Reads the setting `TASKHUB__TOKENS__MASTER_KEY`.
    ///
    /// # Errors
    /// When it is missing or isn't base64 of exactly 32 bytes; the error doesn't repeat it.
    pub fn from_setting(setting: Option<&SecretString>) -> Result<Self, SettingsError> {
        let wrong = |why: &str| {
            SettingsError(format!("TASKHUB__TOKENS__MASTER_KEY {why} (make one with: openssl rand -base64 32)"))
        };
        let text = setting.ok_or_else(|| wrong("is missing"))?;
        let bytes = STANDARD.decode(text.expose_secret().trim()).map_err(|_| wrong("is not base64"))?;
        if bytes.len() != 32 {
            return Err(wrong("must be base64 of exactly 32 bytes"));
        }
        Self::new(&bytes).map_err(|_| wrong("is not usable"))
    }

    /// A key of 32 bytes.
    ///
    /// # Errors
    /// When there aren't 32.
    pub fn new(bytes: &[u8]) -> Result<Self, Sealed> {
        RandomizedNonceKey::new(&AES_256_GCM, bytes).map(Self).map_err(|_| Sealed)
    }

    /// Seals a text for one purpose, which must be named again to open it.
    ///
    /// # Errors
    /// When there is no randomness for the nonce.
    pub fn seal(&self, purpose: &str, text: &[u8]) -> Result<Vec<u8>, Sealed> {
        let mut sealed = text.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(purpose), &mut sealed).map_err(|_| Sealed)?;
        let mut whole = nonce.as_ref().to_vec();
        whole.extend(sealed);
        Ok(whole)
    }

    /// Opens what [`seal`](Self::seal) made for the same purpose.
    ///
    /// # Errors
    /// [`Sealed`] for anything else.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Sealed> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Sealed)?;
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.0.open_in_place(nonce, Aad::from(purpose), &mut text).map_err(|_| Sealed)?.len();
        text.truncate(length);
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(text: &str) -> Result<SealingKey, String> {
        SealingKey::from_setting(Some(&text.to_owned().into())).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_purpose_alone() {
        let (key, other) = (SealingKey::new(&[1; 32]).unwrap(), SealingKey::new(&[2; 32]).unwrap());
        let sealed = key.seal("a", b"secret").unwrap();
        assert_eq!(key.open("a", &sealed).unwrap(), b"secret");
        assert_ne!(key.seal("a", b"secret").unwrap(), sealed);
        assert!(key.open("b", &sealed).is_err() && other.open("a", &sealed).is_err());
        for cut in 0..sealed.len() {
            assert!(key.open("a", &sealed[..cut]).is_err());
        }
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(key.open("a", &changed).is_err());
        }
    }

    #[test]
    fn a_key_is_base64_of_32_bytes() {
        assert!(setting(&STANDARD.encode([7; 32])).is_ok());
        for bad in ["", "short", &STANDARD.encode([7; 31]), &STANDARD.encode([7; 33]), "?"] {
            let error = setting(bad).unwrap_err();
            assert!(error.contains("TASKHUB__TOKENS__MASTER_KEY") && !error.contains('\n'), "{error}");
        }
        assert!(SealingKey::from_setting(None).unwrap_err().to_string().contains("is missing"));
    }
}

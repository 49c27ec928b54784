//! The keys at one moment, and the rules: which one signs, when a new one is due, until when an old one is published.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::EncodingKey;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, OctetKeyPairParameters,
    OctetKeyPairType, PublicKeyUse,
};

use crate::settings::TokenSettings;

/// How much the clocks of two replicas may differ.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// A key that is published.
pub(crate) struct Key {
    /// `kid`.
    pub(crate) id: String,
    /// Ed25519, 32 bytes.
    pub(crate) public: Vec<u8>,
    /// What signs; `None` on a key that signs no more.
    pub(crate) private: Option<EncodingKey>,
    /// When it was made.
    pub(crate) created_at: DateTime<Utc>,
    /// When it begins to sign.
    pub(crate) signs_from: DateTime<Utc>,
}

/// All keys that are published, in the order in which they sign.
pub(crate) struct Ring {
    keys: Vec<Key>,
    jwks: JwkSet,
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl Ring {
    /// The ring of these keys.
    pub(crate) fn new(mut keys: Vec<Key>) -> Self {
        keys.sort_by(|a, b| (a.signs_from, &a.id).cmp(&(b.signs_from, &b.id)));
        let jwks = JwkSet { keys: keys.iter().map(jwk).collect() };
        Self { keys, jwks }
    }

    /// What is published.
    pub(crate) fn jwks(&self) -> &JwkSet {
        &self.jwks
    }

    /// The key that signs at this moment: the last whose time has come. The very first signs at once, whatever this
    /// replica's clock says.
    pub(crate) fn signing(&self, at: DateTime<Utc>) -> Option<(&str, &EncodingKey)> {
        let able = || self.keys.iter().filter_map(|key| Some((key, key.private.as_ref()?)));
        let key = able().rfind(|(key, _)| key.signs_from <= at).or_else(|| able().next());
        key.map(|(key, private)| (key.id.as_str(), private))
    }

    /// Whether a new key should be made: there is none, or the newest is old enough.
    pub(crate) fn is_due(&self, at: DateTime<Utc>, settings: &TokenSettings) -> bool {
        let age = TimeDelta::seconds(settings.rotate_after_s.into());
        self.keys.iter().map(|key| key.created_at).max().is_none_or(|newest| newest + age <= at)
    }

    /// When a key that is made now begins to sign.
    pub(crate) fn next_signs_from(&self, at: DateTime<Utc>, settings: &TokenSettings) -> DateTime<Utc> {
        if self.keys.is_empty() { at } else { at + TimeDelta::seconds(settings.publish_ahead_s.into()) }
    }
}

/// Until when a key is published whose successor signs from then on.
pub(crate) fn published_until(successor_signs_from: DateTime<Utc>, settings: &TokenSettings) -> DateTime<Utc> {
    successor_signs_from + TimeDelta::seconds(settings.access_token_s.into()) + CLOCK_SKEW
}

/// RFC 8037.
fn jwk(key: &Key) -> Jwk {
    Jwk {
        common: CommonParameters {
            public_key_use: Some(PublicKeyUse::Signature),
            key_algorithm: Some(KeyAlgorithm::EdDSA),
            key_id: Some(key.id.clone()),
            ..CommonParameters::default()
        },
        algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x: URL_SAFE_NO_PAD.encode(&key.public),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: TokenSettings = TokenSettings {
        master_key: None,
        access_token_s: 900,
        refresh_token_s: 2_592_000,
        refresh_leeway_s: 10,
        rotate_after_s: 2_592_000,
        publish_ahead_s: 600,
        key_reload_s: 30,
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn key(id: &str, created_at: i64, signs_from: i64) -> Key {
        Key {
            id: id.into(),
            public: vec![1; 32],
            private: Some(EncodingKey::from_ed_der(&[])),
            created_at: at(created_at),
            signs_from: at(signs_from),
        }
    }

    fn signs(ring: &Ring, seconds: i64) -> Option<&str> {
        ring.signing(at(seconds)).map(|(id, _)| id)
    }

    #[test]
    fn the_first_key_signs_at_once_and_the_next_when_everyone_knows_it() {
        let none = Ring::new(vec![]);
        assert_eq!(signs(&none, 0), None);
        assert!(none.is_due(at(0), &SETTINGS));
        assert_eq!(none.next_signs_from(at(5), &SETTINGS), at(5));

        let one = Ring::new(vec![key("one", 100, 100)]);
        assert_eq!(signs(&one, 99), Some("one"), "a clock that is behind");
        assert!(!one.is_due(at(100 + 2_591_999), &SETTINGS) && one.is_due(at(100 + 2_592_000), &SETTINGS));
        assert_eq!(one.next_signs_from(at(1000), &SETTINGS), at(1600));

        let two = Ring::new(vec![key("two", 1000, 1600), key("one", 100, 100)]);
        assert_eq!((signs(&two, 1599), signs(&two, 1600)), (Some("one"), Some("two")));
        assert!(!two.is_due(at(100 + 2_592_000), &SETTINGS));
        assert_eq!(two.jwks().keys.len(), 2);
        assert_eq!(published_until(at(1600), &SETTINGS), at(1600 + 900 + 60));
    }
}

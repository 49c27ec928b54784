//! The keys that access tokens are signed with.
//!
//! They lie in PostgreSQL, each private one sealed under the master key, and in the memory of every replica. A new key
//! is published for a while before it signs, and an old one until its last token has expired, so that at no moment a
//! service meets a token whose key it can't know. Whichever replica first sees that a new key is due makes it.

pub(crate) mod jwks;
mod key_ring;
mod queries;
mod ring;

pub(crate) use key_ring::with_jitter;
pub use key_ring::{AccessToken, KeyRing};

//! Real parts for tests.
//!
//! - [`Database`]: a fresh database for each test, cloned from a migrated template.
//! - [`Issuer`]: an issuer of access tokens whose JWKS is served over HTTP, as auth-service's is.
//! - [`Running`]: a service's app on a free port, the same way that its `main` builds it.
//! - [`Api`]: a client that remembers its token and shows what came back.
//!
//! `./scripts/test` brings PostgreSQL and Redis and says where they are through `TASKHUB_TEST_*`.
//! Everything here panics when it can't do its part: a test without its parts can't pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "only tests use this crate"
)]

mod api;
mod conventions;
mod database;
mod issuer;
mod port;
mod running;

pub use api::{Answer, Api};
pub use conventions::keeps_conventions;
pub use database::{Database, redis_settings};
pub use issuer::{Forgery, Issuer};
pub use port::reserved_port;
pub use running::{Running, http_settings};

use std::time::{Duration, Instant};

/// Waits until `look` finds something, and gives it: the way to wait for what happens elsewhere.
///
/// # Panics
/// When nothing was found within `limit`.
pub async fn eventually<T>(what: &str, limit: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A variable that `./scripts/test` sets.
fn env(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests with ./scripts/test"))
}

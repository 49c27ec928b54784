//! auth-service as its callers see it: the real app on a port, with a real PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has said what it had to say"
)]

mod access;
mod accounts;
mod app;
mod cookie_sessions;
mod idempotency;
mod invitations;
mod keys;
mod members;
mod openapi;
mod outage;
mod schema;
mod sessions;
mod settings;
mod teams;

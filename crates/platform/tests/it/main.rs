//! The platform's parts over real ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails should say where"
)]

mod bearer;
mod pipeline;
mod pool;
mod server;

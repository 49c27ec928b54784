//! worker as a whole: real PostgreSQL, real Redis, real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has said what it had to say"
)]

mod effects;
mod failures;
mod gate;
mod health;
mod load;
mod losses;
mod notifications;
mod openapi;
mod poison;
mod process;
mod relay;
mod scene;
mod workers;

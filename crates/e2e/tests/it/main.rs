//! What must hold for the whole, seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails should say where"
)]

mod access;
mod bad_input;
mod connections;
mod effects;
mod failover;
mod journey;
mod memory;
mod openapi;
mod outages;
mod page;
mod poolers;
mod secrets;
mod streams;
mod writers;

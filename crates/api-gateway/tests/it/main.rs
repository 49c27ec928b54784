//! The gateway between real sockets: clients that behave and clients that don't, services that answer and
//! services that break.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has said what it had to say"
)]

mod bodies;
mod broken_services;
mod compression;
mod cors;
mod headers;
mod hostile_clients;
mod load;
mod openapi;
mod page;
mod readiness;
mod restarts;
mod routing;
mod services;
mod settings;
mod silence;
mod stage;
mod status;
mod streaming;
mod tokens;
mod wire;

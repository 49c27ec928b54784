//! What every TaskHub service starts from.
//!
//! Settings, logs and metrics, health, the ways to PostgreSQL and Redis, problems as answers, bearer
//! verification, the route table, and a server that ends in order. A service's `main.rs` wires these and
//! its `routes.rs`; nothing here knows what a task is.

pub mod bearer;
pub mod body;
pub mod cli;
pub mod client;
pub mod conditions;
pub mod health;
pub mod metrics;
pub mod observe;
pub mod openapi;
pub mod postgres;
pub mod problem;
pub mod redis;
pub mod routes;
pub mod server;
pub mod settings;
pub mod streams;
pub mod telemetry;
pub mod trace;
mod turns;

pub use bearer::{Caller, Verifier};
pub use problem::{ApiError, ApiResult};

//! Black-box tests of a running stack.
//!
//! Each test has a [`Stack`] of its own: a PostgreSQL cluster, a Redis and the four services, as real
//! processes that it may kill. `./scripts/test` builds the binaries and says where they are
//! (`TASKHUB_TEST_BIN_DIR`).
//!
//! A [`Cluster`] has two replicas of each service and ways between them that may be slowed down and cut; what uses it is
//! `examples/chaos`, which `./scripts/chaos` runs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "only tests use this crate"
)]

mod cluster;
mod dir;
mod disk;
mod people;
mod pooler;
mod postgres;
mod process;
mod redis;
mod service;
mod stack;
mod wire;

pub use cluster::{Cluster, REPLICAS};
pub use disk::SmallDisk;
pub use people::Person;
pub use pooler::Pooler;
pub use postgres::Postgres;
pub use process::Process;
pub use redis::Redis;
pub use service::Service;
pub use stack::Stack;
pub use wire::Wire;

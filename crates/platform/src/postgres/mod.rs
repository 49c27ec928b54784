//! PostgreSQL: shared pipelined connections for single statements, a pool for transactions, migrations.
//!
//! Which to take: [`Pipeline`] for the request path, one statement a request; [`Pool`] where several
//! statements must stand or fall together.

mod connect;
mod migrate;
mod pipeline;
mod pool;

pub use connect::{Connector, Socket};
pub use migrate::{ROLES, migrate};
pub use pipeline::{DbError, Pipeline, Statement};
pub use pool::{Connection, Pool, from_diesel};

//! PostgreSQL: shared pipelined connections for single statements, a pool for transactions, migrations.
//!
//! Which to take: [`Pipeline`] for the request path, one statement a request, [`Gather`] for the lookups among them and
//! [`SlowReads`] for what may take long; where several statements must stand or fall together, [`Transactions`] for
//! hand-written SQL and [`Pool`] for diesel's.

mod address;
mod check;
mod connect;
mod gather;
mod migrate;
mod outage;
mod pipeline;
mod pool;
mod schema;
mod slow_reads;
mod transactions;
mod usage;

pub use check::unfit;
pub use connect::{Connector, Socket};
pub use gather::Gather;
pub use migrate::{ROLES, migrate};
pub use outage::Backoff;
pub use pipeline::{DbError, Pipeline, Statement};
pub use pool::{Pool, from_diesel};
pub use schema::Schema;
pub use slow_reads::SlowReads;
pub use transactions::{Transaction, Transactions};

//! Reads that may take long: searches, filters, statistics, pages of the log.
//!
//! On a shared connection everything sent behind a slow statement waits for it. So each of these has a connection to
//! itself, and their number is bounded: more of them wait for each other, not the rest for them. One that nobody waits
//! for any more is cancelled on the server.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::connect::Connector;
use super::pipeline::{DbError, Statement, leaves_open};
use super::transactions::Transactions;
use crate::settings::DatabaseSettings;

/// Connections for slow reads, made when they are needed; cheap to clone.
#[derive(Clone, Debug)]
pub struct SlowReads(Transactions);

impl SlowReads {
    /// At most so many connections, which metrics know by `label`; nothing is connected yet.
    #[must_use]
    pub fn new(label: &'static str, connector: &Connector, settings: &DatabaseSettings, connections: usize) -> Self {
        Self(Transactions::of_pool(label, connector, settings, connections))
    }

    /// Runs a statement and gives its rows; once more if it met a connection that was dead.
    ///
    /// # Errors
    /// [`DbError`]; never later than the deadline.
    pub async fn query(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        match self.0.read(statement, params).await {
            Err(DbError::Unreachable(Some(error))) if leaves_open(&error) => self.0.read(statement, params).await,
            result => result,
        }
    }

    /// Runs a statement and gives its only row, if there is one.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn query_opt(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, DbError> {
        Ok(self.query(statement, params).await?.pop())
    }
}

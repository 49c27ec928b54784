//! Transactions of a few of our [`Statement`]s, where one must see what another has waited for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout_at;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::connect::Connector;
use super::pipeline::{DbError, Statement};
use super::usage::Usage;
use crate::observe::deadline_within;
use crate::problem::ApiResult;
use crate::settings::DatabaseSettings;

/// Connections for transactions, at most `pool_size`, made when they are needed; cheap to clone.
#[derive(Clone)]
pub struct Transactions {
    inner: Arc<Inner>,
}

struct Inner {
    connector: Connector,
    permits: Semaphore,
    usage: Usage,
    idle: Mutex<Vec<Session>>,
    deadline: Duration,
}

struct Session {
    client: Client,
    /// By the address of the SQL constant.
    prepared: HashMap<usize, tokio_postgres::Statement>,
}

impl std::fmt::Debug for Transactions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transactions").finish_non_exhaustive()
    }
}

/// A transaction that is open, at READ COMMITTED: each statement sees what was committed before it began.
pub struct Transaction<'a> {
    inner: tokio_postgres::Transaction<'a>,
    prepared: &'a mut HashMap<usize, tokio_postgres::Statement>,
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

impl Transaction<'_> {
    /// Runs a statement and gives its rows.
    ///
    /// # Errors
    /// [`DbError`]; the transaction is then good for nothing more.
    pub async fn query(
        &mut self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        let failed = |error| DbError::of(statement.name, error);
        let key = statement.sql.as_ptr().addr();
        let prepared = match self.prepared.get(&key) {
            Some(known) => known.clone(),
            None => {
                let prepared = self.inner.prepare(statement.sql).await.map_err(failed)?;
                self.prepared.insert(key, prepared.clone());
                prepared
            }
        };
        self.inner.query(&prepared, params).await.map_err(failed)
    }
}

impl Transactions {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(connector: &Connector, settings: &DatabaseSettings) -> Self {
        let size = settings.pool_size.max(1);
        let inner = Inner {
            connector: connector.clone(),
            permits: Semaphore::new(size),
            usage: Usage::of_at_most(size),
            idle: Mutex::default(),
            deadline: settings.deadline(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Runs `work` in one transaction: committed when it gives `Ok`, rolled back when it gives `Err`.
    ///
    /// # Errors
    /// What `work` gives, or 503 when the database is away or the deadline has passed; then a commit that was under way
    /// may or may not have happened.
    pub async fn run<T>(&self, work: impl AsyncFnOnce(&mut Transaction<'_>) -> ApiResult<T>) -> ApiResult<T> {
        let deadline = deadline_within(self.inner.deadline).into();
        let late = || DbError::Late("transaction");
        let run = async {
            let waiting = self.inner.usage.waiting();
            let _permit = self.inner.permits.acquire().await.map_err(|_| late())?;
            let mut session = self.session().await?;
            drop(waiting);
            let _used = self.inner.usage.used();
            // Dropped at the deadline, the session closes its connection, and PostgreSQL rolls back.
            let result = session.run(work).await;
            if !session.client.is_closed()
                && let Ok(mut idle) = self.inner.idle.lock()
            {
                idle.push(session);
            }
            result
        };
        timeout_at(deadline, run).await.unwrap_or_else(|_| {
            self.inner.usage.late();
            Err(late().into())
        })
    }

    async fn session(&self) -> Result<Session, DbError> {
        let idle = || self.inner.idle.lock().ok().and_then(|mut idle| idle.pop());
        while let Some(session) = idle() {
            if !session.client.is_closed() {
                return Ok(session);
            }
        }
        let (client, _polled) = self.inner.connector.connect().await.map_err(|e| DbError::Unreachable(Some(e)))?;
        Ok(Session { client, prepared: HashMap::new() })
    }
}

impl Session {
    async fn run<T>(&mut self, work: impl AsyncFnOnce(&mut Transaction<'_>) -> ApiResult<T>) -> ApiResult<T> {
        let failed = |error| DbError::of("transaction", error);
        let inner = self.client.transaction().await.map_err(failed)?;
        let mut transaction = Transaction { inner, prepared: &mut self.prepared };
        match work(&mut transaction).await {
            Ok(value) => {
                transaction.inner.commit().await.map_err(failed)?;
                Ok(value)
            }
            Err(error) => {
                // A plan that outlived a migration is planned anew next time.
                transaction.prepared.clear();
                // What went wrong first is what the caller should hear.
                if let Err(second) = transaction.inner.rollback().await {
                    tracing::debug!(error = %second, "a rollback failed");
                }
                Err(error)
            }
        }
    }
}

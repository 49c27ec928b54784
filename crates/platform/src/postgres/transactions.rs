//! Transactions of a few of our [`Statement`]s, where one must see what another has waited for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::connect::Connector;
use super::pipeline::{DbError, Statement, breaks_connection, leaves_open};
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

/// The statements that a connection knows, by the address of the SQL constant.
type Prepared = HashMap<usize, tokio_postgres::Statement>;

/// A statement as the connection knows it; `make` runs where it doesn't yet.
async fn prepared(
    known: &mut Prepared,
    statement: &'static Statement,
    make: impl Future<Output = Result<tokio_postgres::Statement, tokio_postgres::Error>>,
) -> Result<tokio_postgres::Statement, tokio_postgres::Error> {
    let key = statement.sql.as_ptr().addr();
    if let Some(prepared) = known.get(&key) {
        return Ok(prepared.clone());
    }
    let prepared = make.await?;
    known.insert(key, prepared.clone());
    Ok(prepared)
}

struct Session {
    client: Client,
    prepared: Prepared,
    connector: Connector,
    /// Whether a transaction is open.
    in_use: bool,
    /// Whether nothing more may be sent on it.
    broken: bool,
    /// When it has reached its greatest age.
    until: Instant,
}

impl Session {
    fn is_usable(&self) -> bool {
        !self.broken && !self.client.is_closed() && Instant::now() < self.until
    }
}

/// The error of a statement; notes whether its connection is good for nothing more.
fn failed(name: &'static str, error: tokio_postgres::Error, broken: &mut bool) -> DbError {
    *broken |= breaks_connection(&error);
    DbError::of(name, error)
}

/// A transaction that is given up halfway is cancelled on the server; its connection closes, and PostgreSQL rolls back.
impl Drop for Session {
    fn drop(&mut self) {
        if self.in_use && !self.client.is_closed() {
            self.connector.cancel(self.client.cancel_token());
        }
    }
}

impl std::fmt::Debug for Transactions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transactions").finish_non_exhaustive()
    }
}

/// A transaction that is open, at READ COMMITTED: each statement sees what was committed before it began.
pub struct Transaction<'a> {
    inner: tokio_postgres::Transaction<'a>,
    prepared: &'a mut Prepared,
    broken: &'a mut bool,
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
        let run = async {
            let prepared = prepared(self.prepared, statement, self.inner.prepare(statement.sql)).await?;
            self.inner.query(&prepared, params).await
        };
        run.await.map_err(|error| failed(statement.name, error, self.broken))
    }
}

impl Transactions {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(connector: &Connector, settings: &DatabaseSettings) -> Self {
        Self::of_pool("pool", connector, settings, settings.pool_size)
    }

    /// Of at most `size` connections; `pool` is their label in metrics.
    pub(super) fn of_pool(pool: &str, connector: &Connector, settings: &DatabaseSettings, size: usize) -> Self {
        let size = size.max(1);
        let inner = Inner {
            connector: connector.clone(),
            permits: Semaphore::new(size),
            usage: Usage::of_at_most(pool, size),
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
        let committing = AtomicBool::new(false);
        let result = self.on_connection("transaction", async |session| session.run(work, &committing).await).await;
        result.unwrap_or_else(|error| {
            Err(if committing.load(Ordering::Relaxed) { error.in_doubt("commit") } else { error }.into())
        })
    }

    /// Runs a single statement that only reads, on a connection of its own. Given up, it is cancelled on the server.
    pub(super) async fn read(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        let read = async |session: &mut Session| {
            let result = session.read(statement, params).await;
            if result.is_err() {
                // A plan that outlived a migration is planned anew next time.
                session.prepared.clear();
            }
            result
        };
        self.on_connection(statement.name, read).await?
    }

    /// Runs `work` on a connection that nothing else uses, and fails if there is none or the deadline passes.
    async fn on_connection<T>(
        &self,
        name: &'static str,
        work: impl AsyncFnOnce(&mut Session) -> T,
    ) -> Result<T, DbError> {
        let deadline = deadline_within(self.inner.deadline).into();
        let run = async {
            let waiting = self.inner.usage.waiting();
            let _permit = self.inner.permits.acquire().await.map_err(|_| DbError::Late(name))?;
            let mut session = self.session().await?;
            drop(waiting);
            let _used = self.inner.usage.used();
            session.in_use = true;
            let result = work(&mut session).await;
            session.in_use = false;
            self.keep(session);
            Ok(result)
        };
        timeout_at(deadline, run).await.unwrap_or_else(|_| {
            self.inner.usage.late();
            Err(DbError::Late(name))
        })
    }

    /// Keeps a connection for the next.
    fn keep(&self, session: Session) {
        if session.is_usable()
            && let Ok(mut idle) = self.inner.idle.lock()
        {
            idle.push(session);
        }
    }

    async fn session(&self) -> Result<Session, DbError> {
        let idle = || self.inner.idle.lock().ok().and_then(|mut idle| idle.pop());
        while let Some(session) = idle() {
            if session.is_usable() {
                return Ok(session);
            }
        }
        let connector = self.inner.connector.clone();
        let (client, _polled) = connector.connect().await?;
        let until = Instant::now() + connector.lifetime();
        Ok(Session { client, prepared: HashMap::new(), connector, in_use: false, broken: false, until })
    }
}

impl Session {
    async fn read(
        &mut self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        let run = async {
            let prepared = prepared(&mut self.prepared, statement, self.client.prepare(statement.sql)).await?;
            self.client.query(&prepared, params).await
        };
        let result = run.await.map_err(|error| failed(statement.name, error, &mut self.broken));
        if result.is_err() {
            // A plan that outlived a migration is planned anew next time.
            self.prepared.clear();
        }
        result
    }

    /// `committing` becomes true when COMMIT is sent.
    async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Transaction<'_>) -> ApiResult<T>,
        committing: &AtomicBool,
    ) -> ApiResult<T> {
        let Self { client, prepared, broken, .. } = self;
        let inner = client.transaction().await.map_err(|error| failed("transaction", error, broken))?;
        let mut transaction = Transaction { inner, prepared, broken };
        match work(&mut transaction).await {
            Ok(value) => {
                committing.store(true, Ordering::Relaxed);
                match transaction.inner.commit().await {
                    Ok(()) => Ok(value),
                    Err(error) => {
                        let open = leaves_open(&error);
                        let error = failed("transaction", error, transaction.broken);
                        Err(if open { error.in_doubt("commit") } else { error }.into())
                    }
                }
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

//! Single statements on a few shared connections.
//!
//! PostgreSQL's protocol lets a client send the next statement before the last is answered. Requests of
//! one worker thread share a handful of connections that way: twice the throughput of a pool where each
//! request owns one. The price: only single autocommit statements, no transaction, no SET. Each
//! connection is watched and replaced when it breaks; a statement never waits longer than the deadline.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout, timeout_at};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::connect::Connector;
use super::usage::One;
use crate::metrics::{DB_CONNECTIONS, DB_MAX_CONNECTIONS, DB_TIMEOUTS};
use crate::observe::deadline_within;
use crate::problem::ApiError;
use crate::settings::DatabaseSettings;

/// A named statement, prepared once on each connection.
#[derive(Debug)]
pub struct Statement {
    /// Its name in logs.
    pub name: &'static str,
    /// The SQL, with `$1`, `$2`, …
    pub sql: &'static str,
    /// Whether it may be sent again when it isn't known how it ended: true for what only reads.
    pub repeatable: bool,
    /// Whether it changes anything.
    pub writes: bool,
}

impl Statement {
    /// A statement that changes nothing: it is sent again when its connection breaks.
    #[must_use]
    pub const fn read(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, repeatable: true, writes: false }
    }

    /// A statement that changes something: it is sent once.
    #[must_use]
    pub const fn write(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, repeatable: false, writes: true }
    }
}

/// Why a statement has no result.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// PostgreSQL can't be reached, the connection broke, or PostgreSQL gave up on it. Nothing was changed.
    #[error("the database can't be reached")]
    Unreachable(#[source] Option<tokio_postgres::Error>),
    /// It took longer than the deadline. Nothing was changed: it reads, or it wasn't sent.
    #[error("the database did not answer in time: {0}")]
    Late(&'static str),
    /// It changes something and was sent, and then the deadline passed or the connection broke.
    #[error("it isn't known whether it was done: {name}")]
    Unknown {
        /// The statement's name.
        name: &'static str,
        /// How the connection broke; none at the deadline.
        #[source]
        error: Option<tokio_postgres::Error>,
    },
    /// PostgreSQL refused the statement.
    #[error("statement {name}")]
    Refused {
        /// The statement's name.
        name: &'static str,
        /// What PostgreSQL said.
        #[source]
        error: tokio_postgres::Error,
    },
}

impl DbError {
    pub(super) fn of(name: &'static str, error: tokio_postgres::Error) -> Self {
        let unreachable =
            error.is_closed() || error.code().is_none() || error.code().is_some_and(|code| is_outage(code.code()));
        if unreachable { Self::Unreachable(Some(error)) } else { Self::Refused { name, error } }
    }

    /// The error of a statement that was sent and of which it isn't known whether it was done, unless PostgreSQL says.
    pub(super) fn in_doubt(self, name: &'static str) -> Self {
        match self {
            Self::Late(_) => Self::Unknown { name, error: None },
            Self::Unreachable(error) => Self::Unknown { name, error },
            said => said,
        }
    }

    /// The unique or check constraint that was violated.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Refused { error, .. } => error.as_db_error().and_then(tokio_postgres::error::DbError::constraint),
            _ => None,
        }
    }
}

/// SQLSTATEs that mean "not now" rather than "not so": connection exceptions (08), operator
/// intervention (57, among them shutdown and statement timeout), out of resources (53), lock timeout.
pub(super) fn is_outage(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57") || code.starts_with("53") || code == "55P03"
}

/// Whether an error leaves open if what was sent before was done. PostgreSQL undoes what it refuses or cancels, and says so;
/// only of a connection that ended (also with class 08 or 57P, shutdown or crash) can't that be known.
pub(super) fn leaves_open(error: &tokio_postgres::Error) -> bool {
    error.code().is_none_or(|code| code.code().starts_with("57P") || code.code().starts_with("08"))
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Refused { .. } => Self::internal(error),
            DbError::Unknown { .. } => Self::outcome_unknown("database", error),
            _ => Self::unavailable("database", error),
        }
    }
}

/// A connection that is up, with what is prepared on it.
struct Live {
    client: Client,
    /// Set by the first statement that finds the connection dead, so that no other is sent after it.
    broken: AtomicBool,
    /// By the address of the SQL constant.
    prepared: RwLock<HashMap<usize, tokio_postgres::Statement>>,
}

struct Slot {
    live: watch::Receiver<Option<Arc<Live>>>,
    under_way: AtomicUsize,
}

/// A few shared connections; cheap to clone. Connections come up in the background.
#[derive(Clone)]
pub struct Pipeline {
    inner: Arc<Inner>,
}

struct Inner {
    label: &'static str,
    slots: Vec<Slot>,
    deadline: Duration,
    _stop: watch::Sender<()>,
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline").field("label", &self.inner.label).finish_non_exhaustive()
    }
}

impl Pipeline {
    /// Starts `connections` connections on the current runtime; `label` is theirs in metrics.
    #[must_use]
    pub fn start(label: &'static str, connector: &Connector, settings: &DatabaseSettings, connections: usize) -> Self {
        let (stop, stopped) = watch::channel(());
        DB_TIMEOUTS.with_label_values(&[label]).inc_by(0);
        for state in ["up", "down"] {
            DB_CONNECTIONS.with_label_values(&[label, state]).add(0);
        }
        let slots = (0..connections.max(1))
            .map(|_| {
                let (up, live) = watch::channel(None);
                tokio::spawn(keep_up(label, connector.clone(), up, stopped.clone()));
                Slot { live, under_way: AtomicUsize::new(0) }
            })
            .collect();
        let inner = Inner { label, slots, deadline: settings.deadline(), _stop: stop };
        Self { inner: Arc::new(inner) }
    }

    /// Runs a statement and gives its rows.
    ///
    /// # Errors
    /// [`DbError`]; never later than the deadline.
    pub async fn query(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DbError> {
        let deadline = deadline_within(self.inner.deadline).into();
        let sent = AtomicBool::new(false);
        let run = async {
            // After a restart of the server every connection may be dead without knowing it yet.
            let mut more = if statement.repeatable { self.inner.slots.len() + 1 } else { 0 };
            loop {
                let sent_before = sent.load(Ordering::Relaxed);
                match self.query_once(statement, params, &sent).await {
                    // What the server cancelled or refused is undone, and has no more luck a second time.
                    Err(DbError::Unreachable(Some(error))) if !leaves_open(&error) => {
                        sent.store(sent_before, Ordering::Relaxed);
                        return Err(DbError::Unreachable(Some(error)));
                    }
                    Err(DbError::Unreachable(Some(_))) if more > 0 => more -= 1,
                    result => return result,
                }
            }
        };
        let result = timeout_at(deadline, run).await.unwrap_or_else(|_| Err(self.late(statement)));
        let in_doubt = statement.writes && sent.load(Ordering::Relaxed);
        result.map_err(|error| if in_doubt { error.in_doubt(statement.name) } else { error })
    }

    /// How long a statement may take.
    pub(super) fn deadline(&self) -> Duration {
        self.inner.deadline
    }

    /// Counts a statement that wasn't answered in time.
    pub(super) fn late(&self, statement: &'static Statement) -> DbError {
        DB_TIMEOUTS.with_label_values(&[self.inner.label]).inc();
        DbError::Late(statement.name)
    }

    /// Runs a statement and gives its only row, if there is one.
    ///
    /// # Errors
    /// [`DbError`]; never later than the deadline.
    pub async fn query_opt(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Row>, DbError> {
        Ok(self.query(statement, params).await?.pop())
    }

    /// Asks PostgreSQL for a sign of life.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn ping(&self) -> Result<(), DbError> {
        static PING: Statement = Statement::read("ping", "SELECT 1");
        self.query(&PING, &[]).await.map(drop)
    }

    async fn query_once(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
        sent: &AtomicBool,
    ) -> Result<Vec<Row>, DbError> {
        let slot = self.slot().await?;
        let live = slot.live.borrow().clone().ok_or(DbError::Unreachable(None))?;
        slot.under_way.fetch_add(1, Ordering::Relaxed);
        let _counted = Counted(&slot.under_way);
        let result = live.query(statement, params, sent).await;
        if let Err(DbError::Unreachable(Some(error))) = &result
            && (error.is_closed() || error.code().is_none_or(|code| code.code().starts_with("57P")))
        {
            live.broken.store(true, Ordering::Relaxed);
        }
        result
    }

    /// The connection with the fewest statements under way. Waits up to the caller's deadline, at most
    /// a second, when none is up: long enough for a reconnect, short enough to tell of an outage.
    async fn slot(&self) -> Result<&Slot, DbError> {
        if let Some(slot) = self.least_busy() {
            return Ok(slot);
        }
        let ups = self.inner.slots.iter().map(|slot| {
            let mut live = slot.live.clone();
            Box::pin(async move { live.wait_for(is_usable).await.map(drop) })
        });
        let _ = timeout(Duration::from_secs(1), futures_util::future::select_all(ups)).await;
        self.least_busy().ok_or(DbError::Unreachable(None))
    }

    fn least_busy(&self) -> Option<&Slot> {
        let up = self.inner.slots.iter().filter(|slot| is_usable(&slot.live.borrow()));
        up.min_by_key(|slot| slot.under_way.load(Ordering::Relaxed))
    }
}

fn is_usable(live: &Option<Arc<Live>>) -> bool {
    live.as_ref().is_some_and(|live| !live.broken.load(Ordering::Relaxed) && !live.client.is_closed())
}

struct Counted<'a>(&'a AtomicUsize);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Live {
    /// Runs a statement; `sent` becomes true when it may have reached the server.
    async fn query(
        &self,
        statement: &'static Statement,
        params: &[&(dyn ToSql + Sync)],
        sent: &AtomicBool,
    ) -> Result<Vec<Row>, DbError> {
        let prepared = self.prepare(statement).await?;
        if !self.client.is_closed() {
            sent.store(true, Ordering::Relaxed);
        }
        match self.client.query(&prepared, params).await {
            // The plan outlived a migration: PostgreSQL refused before it did anything.
            Err(error) if is_stale_plan(&error) => {
                self.forget(statement);
                let prepared = self.prepare(statement).await?;
                self.client.query(&prepared, params).await.map_err(|e| DbError::of(statement.name, e))
            }
            result => result.map_err(|e| DbError::of(statement.name, e)),
        }
    }

    async fn prepare(&self, statement: &'static Statement) -> Result<tokio_postgres::Statement, DbError> {
        let key = statement.sql.as_ptr().addr();
        if let Some(known) = self.prepared.read().ok().and_then(|all| all.get(&key).cloned()) {
            return Ok(known);
        }
        let prepared = self.client.prepare(statement.sql).await.map_err(|e| DbError::of(statement.name, e))?;
        if let Ok(mut all) = self.prepared.write() {
            all.insert(key, prepared.clone());
        }
        Ok(prepared)
    }

    fn forget(&self, statement: &'static Statement) {
        if let Ok(mut all) = self.prepared.write() {
            all.remove(&statement.sql.as_ptr().addr());
        }
    }
}

fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.message().contains("cached plan"))
    })
}

const PING_EVERY: Duration = Duration::from_secs(1);
const PING_TIMEOUT: Duration = Duration::from_secs(4);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Keeps one connection up until the pipeline is dropped.
async fn keep_up(
    label: &'static str,
    connector: Connector,
    up: watch::Sender<Option<Arc<Live>>>,
    mut stopped: watch::Receiver<()>,
) {
    let _slot = One::of(DB_MAX_CONNECTIONS.with_label_values(&[label]));
    let connections = |state| DB_CONNECTIONS.with_label_values(&[label, state]);
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = tokio::select! {
            attempt = timeout(Duration::from_secs(3), connector.connect()) => attempt,
            _ = stopped.changed() => return,
        };
        match attempt {
            Ok(Ok((client, mut socket))) => {
                pause = FIRST_PAUSE;
                let live = Arc::new(Live { client, broken: AtomicBool::new(false), prepared: RwLock::default() });
                up.send_replace(Some(live.clone()));
                connections("up").inc();
                let ended = tokio::select! {
                    _ = &mut socket => true,
                    () = until_silent(&live) => true,
                    _ = stopped.changed() => false,
                };
                up.send_replace(None);
                connections("up").dec();
                if ended {
                    socket.abort();
                } else {
                    return;
                }
            }
            Ok(Err(error)) => tracing::debug!(%error, "PostgreSQL can't be reached"),
            Err(_) => tracing::debug!("PostgreSQL doesn't answer"),
        }
        connections("down").inc();
        // Half of the pause is chance, so that a restart isn't met by everybody at once.
        let chance = f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX);
        let stop = tokio::select! {
            () = sleep(pause.mul_f64(0.5 + chance / 2.0)) => false,
            _ = stopped.changed() => true,
        };
        connections("down").dec();
        if stop {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Returns when the connection was found broken, or has stopped to answer.
async fn until_silent(live: &Live) {
    loop {
        sleep(PING_EVERY).await;
        if live.broken.load(Ordering::Relaxed) {
            return;
        }
        let Ok(Ok(())) = timeout(PING_TIMEOUT, live.client.check_connection()).await else { return };
    }
}

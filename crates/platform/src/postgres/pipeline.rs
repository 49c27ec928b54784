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

use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout, timeout_at};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Row};

use super::connect::Connector;
use super::outage::Backoff;
use super::usage::One;
use crate::health::Missing;
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

/// What a server says that has become a standby, or was one all along: read_only_sql_transaction.
const READ_ONLY: &str = "25006";

/// SQLSTATEs that mean "not now" rather than "not so": connection exceptions (08), operator
/// intervention (57, among them shutdown and statement timeout), out of resources (53), lock timeout, a standby.
pub(super) fn is_outage(code: &str) -> bool {
    ["08", "57", "53"].iter().any(|class| code.starts_with(class)) || [READ_ONLY, "55P03"].contains(&code)
}

/// Whether nothing more may be sent on the connection that an error came from: it ended, is about to (57P: shutdown,
/// crash, idle too long), or leads to a server that takes no writes.
pub(super) fn breaks_connection(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || error.code().is_none_or(|code| code.code().starts_with("57P") || code.code() == READ_ONLY)
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
    found_broken: Notify,
    /// By the address of the SQL constant.
    prepared: RwLock<HashMap<usize, tokio_postgres::Statement>>,
}

struct Slot {
    live: watch::Receiver<Option<Arc<Live>>>,
    under_way: AtomicUsize,
    /// Whether there is no connection because none is needed.
    asleep: Arc<AtomicBool>,
    needed: Arc<Notify>,
}

/// A few shared connections; cheap to clone. The first comes up in the background, the others when all that there are
/// have something to do.
#[derive(Clone)]
pub struct Pipeline {
    inner: Arc<Inner>,
}

struct Inner {
    label: &'static str,
    connector: Connector,
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
    /// Starts at most `connections` connections on the current runtime; `label` is theirs in metrics.
    #[must_use]
    pub fn start(label: &'static str, connector: &Connector, settings: &DatabaseSettings, connections: usize) -> Self {
        let (stop, stopped) = watch::channel(());
        DB_TIMEOUTS.with_label_values(&[label]).inc_by(0);
        for state in ["up", "down"] {
            DB_CONNECTIONS.with_label_values(&[label, state]).add(0);
        }
        let slots = (0..connections.max(1))
            .map(|place| {
                let (up, live) = watch::channel(None);
                let (asleep, needed) = (Arc::new(AtomicBool::new(place > 0)), Arc::<Notify>::default());
                let wake = (place > 0).then(|| (asleep.clone(), needed.clone()));
                let keeper = Keeper { label, connector: connector.clone(), up, wake };
                tokio::spawn(keeper.run(stopped.clone()));
                Slot { live, under_way: AtomicUsize::new(0), asleep, needed }
            })
            .collect();
        let (connector, deadline) = (connector.clone(), settings.deadline());
        let inner = Inner { label, connector, slots, deadline, _stop: stop };
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

    /// Asks PostgreSQL for a sign of life, and whether it takes writes.
    ///
    /// # Errors
    /// When it can't be reached, or is a standby.
    pub async fn ping(&self) -> anyhow::Result<()> {
        match self.query_opt(&IS_READ_ONLY, &[]).await? {
            Some(row) if row.try_get(0)? => Err(Missing("takes no writes: it is a standby".to_owned()).into()),
            _ => Ok(()),
        }
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
            && breaks_connection(error)
        {
            live.break_off();
        }
        result
    }

    /// The connection with the fewest statements under way. Waits up to the caller's deadline, at most
    /// a second, when none is up: long enough for a reconnect, short enough to tell of an outage.
    async fn slot(&self) -> Result<&Slot, DbError> {
        if let Some(slot) = self.least_busy() {
            if slot.under_way.load(Ordering::Relaxed) > 0 {
                self.open_another();
            }
            return Ok(slot);
        }
        self.inner.connector.asked();
        let ups = self.inner.slots.iter().map(|slot| {
            let mut live = slot.live.clone();
            Box::pin(async move { live.wait_for(is_usable).await.map(drop) })
        });
        let _ = timeout(Duration::from_secs(1), futures_util::future::select_all(ups)).await;
        self.least_busy().ok_or(DbError::Unreachable(None))
    }

    /// Opens one more connection in the background, if there may be more.
    fn open_another(&self) {
        if let Some(slot) = self.inner.slots.iter().find(|slot| slot.asleep.load(Ordering::Relaxed))
            && slot.asleep.swap(false, Ordering::Relaxed)
        {
            slot.needed.notify_one();
        }
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
    fn new(client: Client) -> Arc<Self> {
        let (broken, found_broken) = (AtomicBool::new(false), Notify::new());
        Arc::new(Self { client, broken, found_broken, prepared: RwLock::default() })
    }

    fn break_off(&self) {
        self.broken.store(true, Ordering::Relaxed);
        self.found_broken.notify_one();
    }

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
/// Before a connection that couldn't be replaced at its greatest age is tried to be replaced again.
const REPLACE_AGAIN: Duration = Duration::from_secs(30);

/// Whether the server takes no writes: a standby, or one that is being switched over.
pub(super) static IS_READ_ONLY: Statement = Statement::read(
    "is read-only",
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS is_read_only",
);

/// Keeps one connection up.
struct Keeper {
    label: &'static str,
    connector: Connector,
    up: watch::Sender<Option<Arc<Live>>>,
    /// Of a connection that is only there while it is needed.
    wake: Option<(Arc<AtomicBool>, Arc<Notify>)>,
}

/// Why a connection isn't used any more.
enum End {
    /// It broke.
    Broken,
    /// It has reached its greatest age.
    Old,
}

impl Keeper {
    /// Until the pipeline is dropped.
    async fn run(self, mut stopped: watch::Receiver<()>) {
        let _slot = One::of(DB_MAX_CONNECTIONS.with_label_values(&[self.label]));
        tokio::select! {
            () = self.keep_up() => {}
            _ = stopped.changed() => {}
        }
        self.up.send_replace(None);
    }

    async fn keep_up(&self) {
        let mut backoff = self.connector.backoff();
        loop {
            if let Some((asleep, needed)) = &self.wake {
                asleep.store(true, Ordering::Relaxed);
                needed.notified().await;
            }
            while let Err(error) = self.serve(&mut backoff).await {
                tracing::debug!(%error, "no connection to PostgreSQL");
                let _down = One::of(DB_CONNECTIONS.with_label_values(&[self.label, "down"]));
                backoff.wait().await;
            }
        }
    }

    /// Serves with one connection after the other, until one breaks, can't be made, or isn't needed.
    async fn serve(&self, backoff: &mut Backoff) -> Result<(), DbError> {
        let (client, mut socket) = self.connector.connect().await?;
        backoff.reset();
        let _up = One::of(DB_CONNECTIONS.with_label_values(&[self.label, "up"]));
        let mut live = Live::new(client);
        let mut lifetime = self.connector.lifetime();
        self.up.send_replace(Some(live.clone()));
        loop {
            let end = tokio::select! {
                _ = &mut socket => End::Broken,
                () = until_broken(&live) => End::Broken,
                () = sleep(lifetime) => End::Old,
            };
            match end {
                End::Broken => {
                    self.up.send_replace(None);
                    socket.abort();
                    backoff.wait().await;
                    return Ok(());
                }
                // What is under way on it ends as it would, and it closes after the last.
                End::Old if self.wake.is_some() => {
                    self.up.send_replace(None);
                    return Ok(());
                }
                End::Old => match self.connector.connect().await {
                    Ok((client, next)) => {
                        (live, socket, lifetime) = (Live::new(client), next, self.connector.lifetime());
                        self.up.send_replace(Some(live.clone()));
                    }
                    Err(_) => lifetime = REPLACE_AGAIN,
                },
            }
        }
    }
}

/// Returns when the connection was found broken, has stopped to answer, or leads to a server that takes no writes any more.
async fn until_broken(live: &Live) {
    let sent = AtomicBool::new(false);
    loop {
        tokio::select! {
            () = live.found_broken.notified() => return,
            () = sleep(PING_EVERY) => {}
        }
        match timeout(PING_TIMEOUT, live.query(&IS_READ_ONLY, &[], &sent)).await {
            Ok(Ok(rows)) if rows.first().is_some_and(|row| matches!(row.try_get(0), Ok(false))) => {}
            _ => return,
        }
    }
}

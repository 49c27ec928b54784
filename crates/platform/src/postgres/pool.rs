//! A pool for transactions: diesel-async over connections that [`Connector`] makes.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::QueryResult;
use diesel::define_sql_function;
use diesel::result::{ConnectionError, DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};
use diesel_async::pooled_connection::deadpool::{Hook, HookError, Object, Pool as Deadpool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use domain::problem::Code;
use futures_util::FutureExt;
use tokio::time::timeout_at;

use super::connect::Connector;
use super::outage::with_causes;
use super::usage::{One, Usage};
use crate::observe::deadline_within;
use crate::problem::{ApiError, ApiResult};
use crate::settings::DatabaseSettings;

/// Connections for transactions; cheap to clone.
#[derive(Clone)]
pub struct Pool {
    inner: Deadpool<AsyncPgConnection>,
    connector: Connector,
    usage: Usage,
    deadline: Duration,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("status", &self.inner.status()).finish_non_exhaustive()
    }
}

impl Pool {
    /// A pool of `settings.pool_size`, within `max_connections`; connections are made when they are first needed.
    ///
    /// # Errors
    /// When the pool can't be built.
    pub fn new(connector: &Connector, settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let (connector, for_cancels) = (connector.clone(), connector.clone());
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.custom_setup = Box::new(move |_| {
            let connector = connector.clone();
            async move {
                let bad = |error| ConnectionError::BadConnection(with_causes(&error));
                let (client, _polled) = connector.connect().await.map_err(bad)?;
                AsyncPgConnection::try_from(client).await
            }
            .boxed()
        });
        config.recycling_method =
            RecyclingMethod::CustomFunction(Box::new(|connection| takes_writes(connection).boxed()));
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let size = settings.pool_size.clamp(1, settings.max_connections.max(1));
        let ages = for_cancels.clone();
        let in_time = Hook::sync_fn(move |_, metrics| {
            if metrics.created.elapsed() < ages.lifetime_since(metrics.created) {
                return Ok(());
            }
            Err(HookError::message("it has reached its greatest age"))
        });
        let inner = Deadpool::builder(manager).max_size(size).pre_recycle(in_time).build()?;
        Ok(Self {
            inner,
            connector: for_cancels,
            usage: Usage::of_at_most("pool", size),
            deadline: settings.deadline(),
        })
    }

    /// A connection, checked to be alive; it counts as used for as long as what comes with it is kept.
    async fn connection(&self) -> ApiResult<(InUse<'_>, One)> {
        let _waiting = self.usage.waiting();
        let connection = self.inner.get().await.map_err(unreachable)?;
        Ok((InUse { connection: Some(connection), connector: &self.connector }, self.usage.used()))
    }

    /// Runs `work`, which only reads, on a connection of the pool.
    ///
    /// # Errors
    /// What `work` gives, or 503 when the database is away or the deadline has passed.
    pub async fn run<T>(&self, work: impl AsyncFnOnce(&mut AsyncPgConnection) -> ApiResult<T>) -> ApiResult<T> {
        let run = async {
            let (mut connection, _used) = self.connection().await?;
            let result = work(&mut connection).await;
            connection.done();
            result
        };
        timeout_at(deadline_within(self.deadline).into(), run).await.unwrap_or_else(|_| Err(self.late()))
    }

    /// Runs `work` in one transaction: committed when it gives `Ok`, rolled back when it gives `Err`.
    ///
    /// # Errors
    /// What `work` gives, or 503 when the database is away or the deadline has passed: `outcome-unknown` if the commit was
    /// under way, else nothing was changed.
    pub async fn transaction<T>(&self, work: impl AsyncFnOnce(&mut AsyncPgConnection) -> ApiResult<T>) -> ApiResult<T> {
        type Transactions = <AsyncPgConnection as AsyncConnection>::TransactionManager;
        let committing = AtomicBool::new(false);
        let run = async {
            let (mut connection, _used) = self.connection().await?;
            Transactions::begin_transaction(&mut *connection).await?;
            let result = match work(&mut connection).await {
                Ok(value) => {
                    committing.store(true, Ordering::Relaxed);
                    match Transactions::commit_transaction(&mut *connection).await {
                        Ok(()) => Ok(value),
                        // At a commit nothing else tells what PostgreSQL refused from a connection that broke.
                        Err(error) => Err(match from_diesel(error) {
                            outage if outage.problem().code == Code::Unavailable => {
                                ApiError::outcome_unknown("database", outage)
                            }
                            refused => refused,
                        }),
                    }
                }
                Err(error) => {
                    // What went wrong first is what the caller should hear.
                    if let Err(second) = Transactions::rollback_transaction(&mut *connection).await {
                        tracing::debug!(error = %second, "a rollback failed");
                    }
                    Err(error)
                }
            };
            connection.done();
            result
        };
        let late = timeout_at(deadline_within(self.deadline).into(), run).await;
        late.unwrap_or_else(|_| {
            let late = self.late();
            Err(if committing.load(Ordering::Relaxed) { ApiError::outcome_unknown("database", late) } else { late })
        })
    }

    /// Asks PostgreSQL for a sign of life, and whether it takes writes: a connection is only handed out if it does.
    ///
    /// # Errors
    /// When it can't be reached, or is a standby.
    pub async fn ping(&self) -> anyhow::Result<()> {
        self.run(async |_| Ok(())).await.map_err(Into::into)
    }

    fn late(&self) -> ApiError {
        self.usage.late();
        ApiError::unavailable("database", anyhow::anyhow!("no answer within {:?}", self.deadline))
    }
}

/// A connection whose request may be given up halfway. What runs on it is then cancelled on the server, and it is closed, so
/// that the cancellation can't hit anything else.
struct InUse<'a> {
    /// There until this is dropped.
    connection: Option<Object<AsyncPgConnection>>,
    connector: &'a Connector,
}

impl InUse<'_> {
    /// Nothing runs on it any more: it goes back to the pool.
    fn done(mut self) {
        self.connection = None;
    }
}

impl Deref for InUse<'_> {
    type Target = AsyncPgConnection;

    fn deref(&self) -> &AsyncPgConnection {
        self.connection.as_deref().unwrap_or_else(|| unreachable!("it is there until the drop"))
    }
}

impl DerefMut for InUse<'_> {
    fn deref_mut(&mut self) -> &mut AsyncPgConnection {
        self.connection.as_deref_mut().unwrap_or_else(|| unreachable!("it is there until the drop"))
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let connection = Object::take(connection);
            self.connector.cancel(connection.cancel_token());
        }
    }
}

define_sql_function! { fn pg_is_in_recovery() -> diesel::sql_types::Bool; }
define_sql_function! { fn current_setting(name: diesel::sql_types::Text) -> diesel::sql_types::Text; }

/// What a connection is asked before it is handed out again: whether it is alive, and leads to a server that takes writes.
async fn takes_writes(connection: &mut AsyncPgConnection) -> QueryResult<()> {
    // At the top its methods would come before those of an `AtomicBool`.
    use diesel_async::RunQueryDsl;

    let ask = diesel::select((pg_is_in_recovery(), current_setting("transaction_read_only")));
    let (standby, read_only): (bool, String) = RunQueryDsl::get_result(ask, connection).await?;
    if standby || read_only == "on" {
        let why = "the server takes no writes".to_owned();
        return Err(DieselError::DatabaseError(DatabaseErrorKind::ReadOnlyTransaction, Box::new(why)));
    }
    Ok(())
}

fn unreachable(error: PoolError) -> ApiError {
    ApiError::unavailable("database", error)
}

/// What a diesel error means for the caller: 503 for an outage, 409 for what is there already, else 500.
#[must_use]
pub fn from_diesel(error: DieselError) -> ApiError {
    match &error {
        DieselError::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction => ApiError::unavailable("database", error),
            DatabaseErrorKind::UniqueViolation => ApiError::new(Code::Conflict, "It exists already."),
            DatabaseErrorKind::Unknown if is_outage(info.as_ref()) => ApiError::unavailable("database", error),
            _ => ApiError::internal(error),
        },
        DieselError::BrokenTransactionManager => ApiError::unavailable("database", error),
        _ => ApiError::internal(error),
    }
}

/// diesel keeps no SQLSTATE, and PostgreSQL's words are in the server's language. What is left of an error that is none of
/// the known violations: a mistake in a statement (class 42) has a position in it, and a wrong value (22, 23) names what it
/// is wrong for, mostly. An outage (classes 53, 55 and 57: shutdown, timeout, full disk, lock) has neither.
fn is_outage(info: &(dyn DatabaseErrorInformation + Send + Sync)) -> bool {
    let about = [info.table_name(), info.column_name(), info.constraint_name()];
    info.statement_position().is_none() && about.iter().all(Option::is_none)
}

impl From<DieselError> for ApiError {
    fn from(error: DieselError) -> Self {
        from_diesel(error)
    }
}

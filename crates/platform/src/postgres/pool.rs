//! A pool for transactions: diesel-async over connections that [`Connector`] makes.

use std::time::Duration;

use diesel::result::{ConnectionError, DatabaseErrorKind, Error as DieselError};
use diesel_async::pooled_connection::deadpool::{Object, Pool as Deadpool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::{AsyncConnection, AsyncPgConnection, TransactionManager};
use domain::problem::Code;
use futures_util::FutureExt;
use tokio::time::timeout_at;

use super::connect::Connector;
use super::usage::{One, Usage};
use crate::observe::deadline_within;
use crate::problem::{ApiError, ApiResult};
use crate::settings::DatabaseSettings;

/// Connections for transactions; cheap to clone.
#[derive(Clone)]
pub struct Pool {
    inner: Deadpool<AsyncPgConnection>,
    usage: Usage,
    deadline: Duration,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("status", &self.inner.status()).finish_non_exhaustive()
    }
}

impl Pool {
    /// A pool of `settings.pool_size`; connections are made when they are first needed.
    ///
    /// # Errors
    /// When the pool can't be built.
    pub fn new(connector: &Connector, settings: &DatabaseSettings) -> anyhow::Result<Self> {
        let connector = connector.clone();
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.custom_setup = Box::new(move |_| {
            let connector = connector.clone();
            async move {
                let bad = |error: &dyn std::fmt::Display| ConnectionError::BadConnection(error.to_string());
                let (client, _polled) = connector.connect().await.map_err(|e| bad(&e))?;
                AsyncPgConnection::try_from(client).await
            }
            .boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let size = settings.pool_size.max(1);
        let inner = Deadpool::builder(manager).max_size(size).build()?;
        Ok(Self { inner, usage: Usage::of_at_most(size), deadline: settings.deadline() })
    }

    /// A connection, checked to be alive; it counts as used for as long as what comes with it is kept.
    async fn connection(&self) -> ApiResult<(Object<AsyncPgConnection>, One)> {
        let _waiting = self.usage.waiting();
        let connection = self.inner.get().await.map_err(unreachable)?;
        Ok((connection, self.usage.used()))
    }

    /// Runs `work`, a single statement, on a connection of the pool.
    ///
    /// # Errors
    /// What `work` gives, or 503 when the database is away or the deadline has passed.
    pub async fn run<T>(&self, work: impl AsyncFnOnce(&mut AsyncPgConnection) -> ApiResult<T>) -> ApiResult<T> {
        let run = async {
            let (mut connection, _used) = self.connection().await?;
            work(&mut connection).await
        };
        timeout_at(deadline_within(self.deadline).into(), run).await.unwrap_or_else(|_| Err(self.late()))
    }

    /// Runs `work` in one transaction: committed when it gives `Ok`, rolled back when it gives `Err`.
    ///
    /// # Errors
    /// What `work` gives, or 503 when the database is away or the deadline has passed; then a commit
    /// that was under way may or may not have happened.
    pub async fn transaction<T>(&self, work: impl AsyncFnOnce(&mut AsyncPgConnection) -> ApiResult<T>) -> ApiResult<T> {
        type Transactions = <AsyncPgConnection as AsyncConnection>::TransactionManager;
        // Dropped halfway, at the deadline, the connection still has its transaction: the pool then
        // throws it away, and PostgreSQL rolls back.
        let run = async {
            let (mut connection, _used) = self.connection().await?;
            Transactions::begin_transaction(&mut *connection).await?;
            match work(&mut connection).await {
                Ok(value) => {
                    Transactions::commit_transaction(&mut *connection).await?;
                    Ok(value)
                }
                Err(error) => {
                    // What went wrong first is what the caller should hear.
                    if let Err(second) = Transactions::rollback_transaction(&mut *connection).await {
                        tracing::debug!(error = %second, "a rollback failed");
                    }
                    Err(error)
                }
            }
        };
        timeout_at(deadline_within(self.deadline).into(), run).await.unwrap_or_else(|_| Err(self.late()))
    }

    /// Asks PostgreSQL for a sign of life.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn ping(&self) -> anyhow::Result<()> {
        self.run(async |_| Ok(())).await.map_err(Into::into)
    }

    fn late(&self) -> ApiError {
        self.usage.late();
        ApiError::unavailable("database", anyhow::anyhow!("no answer within {:?}", self.deadline))
    }
}

fn unreachable(error: PoolError) -> ApiError {
    ApiError::unavailable("database", error)
}

/// What a diesel error means for the caller: 503 for an outage, 409 for what is there already, else 500.
#[must_use]
pub fn from_diesel(error: DieselError) -> ApiError {
    match &error {
        DieselError::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                ApiError::unavailable("database", error)
            }
            DatabaseErrorKind::UniqueViolation => ApiError::new(Code::Conflict, "It exists already."),
            // diesel keeps no SQLSTATE; these are PostgreSQL's words for 57P01, 57P03, 57014 and 53300.
            _ if OUTAGES.iter().any(|words| info.message().contains(words)) => ApiError::unavailable("database", error),
            _ => ApiError::internal(error),
        },
        DieselError::BrokenTransactionManager => ApiError::unavailable("database", error),
        _ => ApiError::internal(error),
    }
}

const OUTAGES: &[&str] = &[
    "terminating connection",
    "canceling statement",
    "the database system is",
    "too many clients",
    "remaining connection slots",
    "connection closed",
];

impl From<DieselError> for ApiError {
    fn from(error: DieselError) -> Self {
        from_diesel(error)
    }
}

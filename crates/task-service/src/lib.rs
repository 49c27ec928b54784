#![doc = include_str!("../README.md")]

mod access;
mod app;
mod background;
mod bell;
mod comments;
mod connections;
mod etag;
mod idempotency;
mod labels;
mod log;
mod metrics;
pub mod openapi;
mod pages;
mod quota;
pub mod routes;
mod settings;
mod simple_api;
mod statement;
mod stats;
mod stream;
mod tasks;

use actix_web::web::{self, ServiceConfig};
use app::{App, DatabasePlace, Shared};
use background::Background;
use bell::Bell;
use connections::Connections;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use pages::Pages;
use platform::Verifier;
use platform::health::Health;
use platform::postgres::{Connector, DbError, Pipeline, Schema, SlowReads, Statement, Transactions, unfit};
use platform::settings::{AuthSettings, DatabaseSettings};
use quota::Quota;
use stream::hub::Hub;

pub use settings::{ListSettings, QuotaSettings, Settings};

/// The schema that this service owns.
pub const SCHEMA: &str = "tasks";
/// The database role that it works as.
pub const ROLE: &str = "taskhub_tasks";
/// What brings the schema up to date.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Connections that the process has beside those of its worker threads and its pools: for the background, to read for
/// streams, and to listen.
const OF_THE_PROCESS: usize = 3;

/// The process's share of the service: what runs in the background, and what each worker thread is built from. Dropped,
/// it ends what runs in the background.
#[derive(Debug)]
pub struct Service {
    connector: Connector,
    connections: Connections,
    verifier: Verifier,
    bell: Bell,
    pages: Pages,
    hub: Hub,
    /// One connection for what no request waits for.
    background: Pipeline,
    schema: Schema,
    /// Shared by all worker threads, as few requests need one.
    transactions: Transactions,
    slow: SlowReads,
    log: SlowReads,
    quota: Quota,
    running: Background,
}

impl Service {
    /// Starts the background work, on the current runtime, for so many worker threads; whether anything is reachable yet doesn't
    /// matter.
    ///
    /// # Errors
    /// When a setting can't be used, in one line that names it.
    pub fn start(
        database: &DatabaseSettings,
        auth: &AuthSettings,
        lists: &ListSettings,
        quota: &QuotaSettings,
        threads: usize,
    ) -> anyhow::Result<Self> {
        metrics::init();
        let connector = Connector::new("task-service", database)?;
        let direct = connector.direct(database)?;
        let slow = (database.slow_read_connections / 2).max(1);
        let others = database.pool_size.max(1) + 2 * slow + OF_THE_PROCESS;
        let connections = Connections::new(&connector, database, others, threads)?;
        let verifier = Verifier::from_jwks_url(auth)?;
        let background = Pipeline::start("background", &connector, database, 1);
        let schema = Schema::over_pipeline(background.clone(), SCHEMA, &MIGRATIONS)?;
        let transactions = Transactions::new(&connector, database);
        let log = SlowReads::new("log", &connector, database, slow);
        let slow = SlowReads::new("slow", &connector, database, slow);
        let (bell, hub) = (Bell::default(), Hub::default());
        let for_streams = Pipeline::start("stream", &connector, database, 1);
        let mut running = Background::default();
        running.run("token keys", verifier.clone().keep_fresh());
        running.run("notifier", bell.clone().send(background.clone()));
        running.run("streams", hub.clone().run(direct.clone(), for_streams));
        running.run("idempotency keys", idempotency::keep_pruned(background.clone()));
        let may_open = others + connections.at_most();
        running.watch(unfit(database.clone(), connector.clone(), direct, may_open));
        Ok(Self {
            connector,
            connections,
            verifier,
            bell,
            pages: Pages::new(lists.cache_mib),
            hub,
            background,
            schema,
            transactions,
            slow,
            log,
            quota: Quota::new(*quota),
            running,
        })
    }

    /// Waits until something that runs in the background broke. Without it the service would go on and seem well, for
    /// example without live streams.
    pub async fn broken(&mut self) -> anyhow::Error {
        self.running.broken().await
    }

    /// What must answer for this service to be ready, and what must have been there before it takes requests.
    #[must_use]
    pub fn health(&self) -> Health {
        let (database, verifier) = (self.background.clone(), self.verifier.clone());
        let (schema, keys) = (self.schema.clone(), self.verifier.clone());
        Health::default()
            .first("schema", move || {
                let schema = schema.clone();
                async move { schema.is_there().await }
            })
            .first("token-keys", move || {
                let keys = keys.clone();
                async move { keys.ready().await }
            })
            .with("database", move || {
                let database = database.clone();
                async move { database.ping().await }
            })
            .with("token-keys", move || {
                let verifier = verifier.clone();
                async move { verifier.ready().await }
            })
    }

    /// Builds the app of one worker thread, with connections of its own; to be called on that thread.
    pub fn configure(&self) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
        let (connections, verifier) = (self.connections.clone(), self.verifier.clone());
        let shared = Shared {
            slow: self.slow.clone(),
            log: self.log.clone(),
            transactions: self.transactions.clone(),
            quota: self.quota.clone(),
            bell: self.bell.clone(),
            pages: self.pages.clone(),
            hub: self.hub.clone(),
            place: place(&self.connector),
        };
        move |cfg| {
            let (read, write) = connections.of_thread();
            let app = App::new(read, write, shared.clone());
            cfg.app_data(web::Data::new(app)).app_data(web::Data::new(verifier.clone())).configure(routes::configure);
        }
    }

    /// Removes idempotency keys that have had their day, as happens every hour; gives how many.
    ///
    /// # Errors
    /// When the database doesn't answer.
    pub async fn prune_idempotency_keys(&self) -> Result<usize, DbError> {
        idempotency::prune(&self.background).await
    }
}

fn place(connector: &Connector) -> DatabasePlace {
    use tokio_postgres::config::Host;
    let config = connector.config();
    let host = config.get_hosts().first().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    });
    let user = config.get_user().unwrap_or_default().to_owned();
    DatabasePlace {
        // PostgreSQL takes the user's name for a database that isn't named.
        database: config.get_dbname().unwrap_or(&user).to_owned(),
        user,
        host: host.unwrap_or_default(),
    }
}

/// Every statement that a request can run, for a look at their plans.
#[must_use]
pub fn statements() -> Vec<&'static Statement> {
    let tables = [
        tasks::queries::all(),
        tasks::selection::all(),
        tasks::queries::gathered(),
        tasks::place::queries::all(),
        labels::queries::all(),
        comments::queries::all(),
        log::queries::all(),
        stream::queries::all(),
        stats::queries::all(),
        simple_api::queries::all(),
    ];
    tables.concat()
}

#![doc = include_str!("../README.md")]

pub mod background;
pub mod carried;
pub mod consumer;
pub mod dead_letters;
pub mod effects;
pub mod gauges;
pub mod metrics;
pub mod notifications;
pub mod openapi;
pub mod relay;
pub mod routes;
pub mod settings;
pub mod stream;

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::Verifier;
use platform::health::Health;
use platform::postgres::{Connector, Pipeline, Schema, unfit};
use platform::redis::Redis;
use platform::settings::SettingsError;
use tokio::sync::Notify;

use crate::background::Background;
use crate::consumer::Consumer;
use crate::effects::{Effect, Effects};
use crate::relay::{Listener, Relay};
use crate::settings::Settings;
use crate::stream::Stream;

/// The schema that worker owns.
pub const SCHEMA: &str = "delivery";
/// The role that worker works as.
pub const ROLE: &str = "taskhub_worker";
/// How the schema came to be.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// What the API reads and writes through.
#[derive(Clone, Debug)]
pub struct Databases {
    /// For what only reads.
    pub read: Pipeline,
    /// For what changes something.
    pub write: Pipeline,
}

/// A worker, wired but not running; built the same way by `main` and by the tests.
#[derive(Debug)]
pub struct Worker {
    settings: Settings,
    connector: Connector,
    /// For what needs a session.
    direct: Connector,
    schema: Schema,
    databases: Databases,
    events: Pipeline,
    redis: Redis,
    verifier: Verifier,
    effects: Effects,
}

impl Worker {
    /// Wires a worker with every effect there is. PostgreSQL and Redis may be away.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        Self::with_effects(settings, vec![Box::new(effects::Notify)])
    }

    /// Wires a worker with these effects.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn with_effects(settings: Settings, effects: Vec<Box<dyn Effect>>) -> anyhow::Result<Self> {
        let db = &settings.database;
        let connector = Connector::new("worker", db)?;
        let direct = connector.direct(db)?;
        let databases = Databases {
            read: Pipeline::start("read", &connector, db, db.read_connections),
            write: Pipeline::start("write", &connector, db, db.write_connections),
        };
        let schema = Schema::over_pipeline(databases.read.clone(), SCHEMA, &MIGRATIONS)?;
        let lanes = settings.events.concurrency as usize;
        let events = Pipeline::start("events", &events_connector(&direct), db, lanes + 1);
        let redis = Redis::new(&settings.redis, lanes)?;
        let verifier = Verifier::from_jwks_url(&settings.auth)?;
        let effects = Effects::new(effects, events.clone(), &settings.events);
        metrics::init(&effects.names());
        Ok(Self { settings, connector, direct, schema, databases, events, redis, verifier, effects })
    }

    /// What worker needs: all of it is required, though the effects of events go on without Redis, and so requests do.
    #[must_use]
    pub fn health(&self) -> Health {
        let (db, redis, verifier) = (self.databases.read.clone(), self.redis.clone(), self.verifier.clone());
        let events = self.events.clone();
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
                let (db, events) = (db.clone(), events.clone());
                async move {
                    db.ping().await?;
                    events.ping().await
                }
            })
            .with("redis", move || {
                let redis = redis.clone();
                async move { redis.ping().await }
            })
            .with("token-keys", move || {
                let verifier = verifier.clone();
                async move { verifier.ready().await }
            })
    }

    /// Looks at PostgreSQL once it can be reached; returns only if worker can't work with it.
    pub async fn unfit(&self) -> SettingsError {
        let (connector, direct) = (self.connector.clone(), self.direct.clone());
        unfit(self.settings.database.clone(), connector, direct, self.settings.connections()).await
    }

    /// Adds the API to an app.
    pub fn configure(&self) -> impl Fn(&mut ServiceConfig) + Clone + Send + use<> {
        let (databases, verifier) = (web::Data::new(self.databases.clone()), web::Data::new(self.verifier.clone()));
        move |cfg| {
            cfg.app_data(databases.clone()).app_data(verifier.clone()).configure(routes::configure);
        }
    }

    /// Starts relay, consumers, listener and gauges.
    #[must_use]
    pub fn start(&self) -> Background {
        let (settings, events) = (&self.settings.events, &self.events);
        let stream = Stream::new(self.redis.clone(), &settings.stream);
        let woken = Arc::new(Notify::new());
        let background = Background::default();

        let listener = Listener::new(self.direct.clone(), woken.clone());
        background.run("listener", move |stop| {
            let listener = listener.clone();
            async move { listener.run(&stop).await }
        });
        let relay = Relay::new(events.clone(), stream.clone(), self.effects.clone(), settings, woken);
        background.run("relay", move |stop| {
            let relay = relay.clone();
            async move { relay.run(&stop).await }
        });
        for lane in 0..settings.concurrency {
            let consumer = Consumer::new(lane, stream.clone(), self.effects.clone(), events.clone(), settings);
            background.run("consumer", move |stop| {
                let consumer = consumer.clone();
                async move { consumer.run(&stop).await }
            });
        }
        let db = self.databases.read.clone();
        background.run("gauges", move |stop| {
            let db = db.clone();
            async move { gauges::sample(&db, &stop).await }
        });
        let verifier = self.verifier.clone();
        background.run("token keys", move |stop| {
            let keep_fresh = verifier.clone().keep_fresh();
            async move {
                tokio::select! { () = keep_fresh => {} () = stop.cancelled() => {} }
            }
        });
        background
    }
}

/// Connections for events.
///
/// Their commits don't wait for the disk. What takes effect deletes its ticket in the same transaction, so a
/// crash of PostgreSQL that loses the one loses the other: the event is carried again, and takes effect once.
///
/// And their plans go by keys alone. The outbox grows from nothing to a backlog and back faster than statistics
/// follow, and a plan made for one of them must do for the other; so there is one plan, made once.
fn events_connector(connector: &Connector) -> Connector {
    connector
        .clone()
        .with_parameter("synchronous_commit", "off")
        .with_parameter("plan_cache_mode", "force_generic_plan")
        .with_parameter("enable_seqscan", "off")
        .with_parameter("enable_hashjoin", "off")
        .with_parameter("enable_mergejoin", "off")
        .with_parameter("jit", "off")
}

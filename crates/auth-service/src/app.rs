//! The app: what the handlers share, built the same way by `main` and by the tests.

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};
use platform::Verifier;
use platform::health::Health;
use platform::postgres::{Connector, Pool, Schema, unfit};
use platform::settings::{DatabaseSettings, SettingsError};

use crate::keys::KeyRing;
use crate::passwords::Passwords;
use crate::sealing::SealingKey;
use crate::settings::{Settings, TeamSettings, TokenSettings};
use crate::{MIGRATIONS, SCHEMA, housekeeping, metrics, routes};

/// What the handlers share.
#[derive(Debug)]
pub struct App {
    pub(crate) pool: Pool,
    pub(crate) passwords: Passwords,
    pub(crate) keys: KeyRing,
    pub(crate) master_key: Arc<SealingKey>,
    pub(crate) tokens: TokenSettings,
    pub(crate) teams: TeamSettings,
    connector: Connector,
    database: DatabaseSettings,
    schema: Schema,
    verifier: Verifier,
}

impl App {
    /// Wires the parts; nothing is connected yet.
    ///
    /// # Errors
    /// One line that names the setting that is wrong or missing.
    pub fn new(settings: &Settings) -> anyhow::Result<Arc<Self>> {
        let master_key = Arc::new(SealingKey::from_setting(settings.tokens.master_key.as_ref())?);
        let connector = Connector::new("auth-service", &settings.database)?;
        let pool = Pool::new(&connector, &settings.database)?;
        let keys = KeyRing::new(pool.clone(), master_key.clone(), &settings.tokens, &settings.auth);
        let verifier = Verifier::new(&settings.auth, {
            let keys = keys.clone();
            move || keys.clone().load_jwks()
        });
        metrics::init();
        Ok(Arc::new(Self {
            passwords: Passwords::new(&settings.passwords)?,
            schema: Schema::over_pool(pool.clone(), SCHEMA, &MIGRATIONS)?,
            pool,
            keys,
            master_key,
            tokens: settings.tokens.clone(),
            teams: settings.teams,
            connector,
            database: settings.database.clone(),
            verifier,
        }))
    }

    /// Adds the routes and what they need to a server's app.
    pub fn configure(self: &Arc<Self>) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
        let app = self.clone();
        move |cfg| {
            cfg.app_data(web::Data::from(app.clone()))
                .app_data(web::Data::new(app.verifier.clone()))
                .configure(routes::configure);
        }
    }

    /// What the service needs: the database and a key to sign with.
    #[must_use]
    pub fn health(&self) -> Health {
        let (pool, keys) = (self.pool.clone(), self.keys.clone());
        let (schema, first_keys) = (self.schema.clone(), self.keys.clone());
        Health::default()
            .first("schema", move || {
                let schema = schema.clone();
                async move { schema.is_there().await }
            })
            .first("signing-keys", move || {
                let keys = first_keys.clone();
                async move { keys.probe().await }
            })
            .with("database", move || {
                let pool = pool.clone();
                async move { pool.ping().await }
            })
            .with("signing-keys", move || {
                let keys = keys.clone();
                async move { keys.probe().await }
            })
    }

    /// What goes on in the background: keys are kept fresh, leftovers removed. Ends only when the service can't work:
    /// the master key isn't the one that the keys in the database were sealed with, or the database has no sessions.
    pub async fn background(self: Arc<Self>) -> SettingsError {
        let (database, connector) = (self.database.clone(), self.connector.clone());
        let direct = match connector.direct(&database) {
            Ok(direct) => direct,
            Err(error) => return SettingsError(format!("{error:#}")),
        };
        let may_open = database.pool_size.clamp(1, database.max_connections.max(1));
        tokio::select! {
            wrong = unfit(database, connector, direct, may_open) => wrong,
            wrong_key = self.keys.clone().keep_fresh() => wrong_key,
            () = self.verifier.clone().keep_fresh() => SettingsError("the verifier ended".into()),
            () = housekeeping::run(self.pool.clone()) => SettingsError("housekeeping ended".into()),
        }
    }
}

//! Redis: one shared connection for short commands, owned ones for blocking reads.
//!
//! Redis may be lost at any moment: every command has a deadline, and both kinds reconnect by themselves.

use std::time::Duration;

use deadpool_redis::{Manager, Pool, Runtime};
use redis::AsyncConnectionConfig;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use secrecy::ExposeSecret;

use crate::settings::{RedisSettings, SettingsError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// The ways to reach Redis; cheap to clone.
#[derive(Clone)]
pub struct Redis {
    /// One multiplexed connection, shared, for short commands.
    pub shared: ConnectionManager,
    /// Connections to own, without a response timeout, for blocking reads.
    pub owned: Pool,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

impl Redis {
    /// Reads the URL; connections are made when they are first needed. `owned` bounds the owned ones.
    ///
    /// # Errors
    /// When the URL can't be read.
    pub fn new(settings: &RedisSettings, owned: usize) -> anyhow::Result<Self> {
        let url = settings.url.expose_secret();
        // The parser's error may quote the URL, and with it the password.
        let bad = || SettingsError("TASKHUB__REDIS__URL is not a Redis URL".into());
        let client = redis::Client::open(url).map_err(|_| bad())?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(Duration::from_millis(settings.command_timeout_ms)))
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(20))
            .set_max_delay(Duration::from_millis(500));
        let shared = ConnectionManager::new_lazy_with_config(client, config)?;

        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT)).set_response_timeout(None);
        let manager = Manager::new_with_config(url, config).map_err(|_| bad())?;
        let owned = Pool::builder(manager)
            .max_size(owned.max(1))
            .wait_timeout(Some(CONNECT_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .recycle_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self { shared, owned })
    }

    /// Asks Redis for a sign of life.
    ///
    /// # Errors
    /// When it can't be reached.
    pub async fn ping(&self) -> anyhow::Result<()> {
        redis::cmd("PING").query_async::<()>(&mut self.shared.clone()).await?;
        Ok(())
    }
}

//! What can be set; `settings.toml` has the defaults and what each means.

use std::path::Path;
use std::time::Duration;

use platform::settings::{
    self, AuthSettings, DatabaseSettings, HttpSettings, LogSettings, RedisSettings, SettingsError,
};
use serde::Deserialize;

const DEFAULTS: &str = include_str!("settings.toml");
const SECTIONS: &[&str] = &["http", "log", "database", "redis", "auth", "events"];

/// The settings of a worker.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where HTTP is served.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// PostgreSQL, as the role `taskhub_worker`.
    pub database: DatabaseSettings,
    /// Redis.
    pub redis: RedisSettings,
    /// Which tokens are taken.
    pub auth: AuthSettings,
    /// How events are carried.
    pub events: EventsSettings,
}

/// How events are carried from the outbox to their effects.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsSettings {
    /// Key of the Redis stream.
    pub stream: String,
    /// The most events in one batch, 1 to 5000.
    pub batch: u32,
    /// The most events in the stream, at least `batch`.
    pub max_in_flight: u64,
    /// Batches worked on at a time, 1 to 32.
    pub concurrency: u32,
    /// Time for an event to take effect before it is carried again, in milliseconds, 100 to 3,600,000.
    pub lease_ms: u64,
    /// Time between two looks at the outbox when no NOTIFY comes, in milliseconds, 10 to 60,000.
    pub poll_interval_ms: u64,
    /// Pause after a batch that wasn't full, in milliseconds, at most 1000.
    pub linger_ms: u64,
    /// Attempts before an event becomes a dead letter, at least 1.
    pub max_attempts: i32,
    /// The pause before the second attempt, in milliseconds, at least 1.
    pub retry_base_ms: u64,
}

impl EventsSettings {
    /// Time for an event to take effect before it is carried again.
    #[must_use]
    pub fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// Time between two looks at the outbox.
    #[must_use]
    pub fn poll_interval(&self) -> Duration {
        Duration::from_millis(self.poll_interval_ms)
    }

    fn validate(&self) -> Result<(), SettingsError> {
        let must = |holds: bool, name: &str, what: &str| {
            if holds { Ok(()) } else { Err(SettingsError(format!("TASKHUB__EVENTS__{name} must be {what}"))) }
        };
        must(!self.stream.is_empty(), "STREAM", "the name of a Redis key")?;
        must((1..=5000).contains(&self.batch), "BATCH", "from 1 to 5000")?;
        must(self.max_in_flight >= self.batch.into(), "MAX_IN_FLIGHT", "at least TASKHUB__EVENTS__BATCH")?;
        must((1..=32).contains(&self.concurrency), "CONCURRENCY", "from 1 to 32")?;
        must((100..=3_600_000).contains(&self.lease_ms), "LEASE_MS", "from 100 to 3600000")?;
        must((10..=60_000).contains(&self.poll_interval_ms), "POLL_INTERVAL_MS", "from 10 to 60000")?;
        must(self.linger_ms <= 1000, "LINGER_MS", "at most 1000")?;
        must(self.max_attempts >= 1, "MAX_ATTEMPTS", "at least 1")?;
        must((1..=60_000).contains(&self.retry_base_ms), "RETRY_BASE_MS", "from 1 to 60000")
    }
}

impl Settings {
    /// Reads the defaults, then the file, then the environment.
    ///
    /// # Errors
    /// One line that names the setting that is wrong or missing.
    pub fn load(file: Option<&Path>, env: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        let settings: Self = settings::load(SECTIONS, DEFAULTS, file, env)?;
        settings.events.validate()?;
        if settings.connections() > settings.database.max_connections {
            let least = settings.connections();
            return Err(SettingsError(format!("TASKHUB__DATABASE__MAX_CONNECTIONS must be at least {least} here")));
        }
        Ok(settings)
    }

    /// How many connections to PostgreSQL a worker opens at most: for the API, for events, and to listen.
    #[must_use]
    pub fn connections(&self) -> usize {
        let api = self.database.read_connections.max(1) + self.database.write_connections.max(1);
        api + self.events.concurrency as usize + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let urls = [("TASKHUB__DATABASE__URL", "postgres://a:b@c/d"), ("TASKHUB__REDIS__URL", "redis://r")];
        let env = urls.iter().chain(pairs).map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Settings::load(None, env.collect::<Vec<_>>()).map_err(|e| e.to_string())
    }

    #[test]
    fn the_defaults_are_valid() {
        let settings = load(&[]).unwrap();
        assert_eq!((settings.events.stream.as_str(), settings.events.max_attempts), ("taskhub:events", 5));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (name, value) in [
            ("TASKHUB__EVENTS__BATCH", "0"),
            ("TASKHUB__EVENTS__MAX_IN_FLIGHT", "499"),
            ("TASKHUB__EVENTS__CONCURRENCY", "0"),
            ("TASKHUB__EVENTS__LEASE_MS", "0"),
            ("TASKHUB__EVENTS__POLL_INTERVAL_MS", "0"),
            ("TASKHUB__EVENTS__MAX_ATTEMPTS", "none"),
            ("TASKHUB__DATABASE__MAX_CONNECTIONS", "7"),
        ] {
            assert!(load(&[(name, value)]).unwrap_err().contains(name), "{name}");
        }
    }
}

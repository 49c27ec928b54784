//! The gateway's settings.

use std::path::PathBuf;
use std::time::Duration;

use platform::settings::{AuthSettings, HttpSettings, LogSettings, SettingsError};
use serde::Deserialize;

use crate::upstream::Address;

/// The sections that the gateway reads.
pub const SECTIONS: &[&str] = &["http", "log", "auth", "upstreams", "cors", "page"];

/// The gateway's defaults, on top of those that all services share.
pub const DEFAULTS: &str = include_str!("settings.toml");

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where it is served.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// Which tokens it takes.
    pub auth: AuthSettings,
    /// The services behind it.
    pub upstreams: UpstreamSettings,
    /// Calls from pages of other origins.
    pub cors: CorsSettings,
    /// The web page.
    pub page: PageSettings,
}

/// Calls from pages of other origins (CORS).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorsSettings {
    /// Origins, separated by commas, whose pages may call the API; empty for none.
    pub allowed_origins: String,
}

/// The web page, where nobody else serves it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSettings {
    /// The folder that it was built into; empty where something in front of the gateway serves it.
    pub dir: PathBuf,
}

/// The services behind the gateway, and how much patience it has with them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSettings {
    /// Where auth-service answers: `http://host:port`.
    pub auth_service: String,
    /// Where task-service answers.
    pub task_service: String,
    /// Where worker answers.
    pub worker: String,
    /// Limit of connecting, in milliseconds, over all addresses of the name; at least 1.
    pub connect_timeout_ms: u64,
    /// Limit from the last byte of the request to the head of the answer, in milliseconds; at least 1.
    pub deadline_ms: u64,
    /// Limit of a pause within the body of an answer, in milliseconds; at least 1.
    pub idle_timeout_ms: u64,
    /// Requests under way to one service, for each worker thread; at least 1.
    pub max_requests: usize,
    /// Whether a client's own `X-Forwarded-*` are believed.
    pub trust_forwarded: bool,
}

impl UpstreamSettings {
    /// Limit of connecting.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    /// Limit of the wait for the head of an answer.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    /// Limit of a pause within a body.
    #[must_use]
    pub fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout_ms)
    }

    /// The addresses of auth-service, task-service and worker.
    ///
    /// # Errors
    /// One line that names the setting which isn't a base URL, or is too small.
    pub fn addresses(&self) -> Result<[Address; 3], SettingsError> {
        let name = |key: &str| format!("TASKHUB__UPSTREAMS__{key}");
        let limits = [
            ("CONNECT_TIMEOUT_MS", self.connect_timeout_ms > 0),
            ("DEADLINE_MS", self.deadline_ms > 0),
            ("IDLE_TIMEOUT_MS", self.idle_timeout_ms > 0),
            ("MAX_REQUESTS", self.max_requests > 0),
        ];
        if let Some((key, _)) = limits.iter().find(|(_, fits)| !fits) {
            return Err(SettingsError(format!("{} must be at least 1", name(key))));
        }
        let address =
            |key, text: &str| text.parse::<Address>().map_err(|wrong| SettingsError(format!("{}: {wrong}", name(key))));
        Ok([
            address("AUTH_SERVICE", &self.auth_service)?,
            address("TASK_SERVICE", &self.task_service)?,
            address("WORKER", &self.worker)?,
        ])
    }
}

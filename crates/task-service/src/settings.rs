//! The settings of this service; see `settings.toml` for what each means.

use std::path::Path;

use platform::settings::{AuthSettings, DatabaseSettings, HttpSettings, LogSettings, SettingsError, load};
use serde::Deserialize;

const DEFAULTS: &str = include_str!("../settings.toml");
const SECTIONS: &[&str] = &["http", "log", "database", "auth", "lists", "quota"];

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where HTTP is served.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// Where the tasks are.
    pub database: DatabaseSettings,
    /// Whose tokens are taken.
    pub auth: AuthSettings,
    /// What is kept of lists.
    pub lists: ListSettings,
    /// How much may be changed in a team.
    pub quota: QuotaSettings,
}

/// Pages of lists that are kept in memory, to be given again while nothing has happened in their team.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSettings {
    /// For how many MiB of pages there is room in this process; 0 keeps none.
    pub cache_mib: u32,
}

/// What may be changed in each team in a minute, by way of each replica.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaSettings {
    /// Changes; 0 means any number.
    pub changes_per_minute: u32,
    /// MiB that the changes' events store; 0 means any number.
    pub mib_per_minute: u32,
}

impl Settings {
    /// Reads the built-in defaults, then the file, then `env`.
    ///
    /// # Errors
    /// One line that names the setting.
    pub fn load(file: Option<&Path>, env: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        load(SECTIONS, DEFAULTS, file, env)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_the_database_is_all_that_is_needed() {
        let env = |name: &str| vec![(name.to_owned(), "postgres://taskhub_tasks@postgres/taskhub".to_owned())];
        let settings = Settings::load(None, env("TASKHUB__DATABASE__URL")).unwrap();
        assert_eq!(settings.auth.jwks_url.as_deref(), Some("http://auth-service:8080/.well-known/jwks.json"));
        let missing = Settings::load(None, Vec::new()).unwrap_err().to_string();
        assert!(missing.contains("TASKHUB__DATABASE"), "{missing}");
    }
}

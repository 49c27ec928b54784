//! Settings: defaults in the binary, then a file, then the environment (`TASKHUB__SECTION__KEY`).
//!
//! A wrong or missing setting stops the start with one line that names it. Unknown keys are refused,
//! and so is a section that no TaskHub service knows; a section of another service is passed over, so
//! that one environment can serve all of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use config::{Config, File, FileFormat, Map, Value, ValueKind};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const SHARED_DEFAULTS: &str = include_str!("../settings.toml");
const PREFIX: &str = "TASKHUB__";

/// Every section that some TaskHub service reads.
const SECTIONS: &[&str] = &[
    "http",
    "log",
    "database",
    "redis",
    "auth",
    "tokens",
    "passwords",
    "teams",
    "upstreams",
    "cors",
    "events",
    "lists",
    "quota",
    "page",
];

/// What is wrong with the settings, in one line that names the setting.
#[derive(Debug, thiserror::Error)]
#[error("settings: {0}")]
pub struct SettingsError(pub String);

/// Where HTTP is served and within which limits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// Address to listen on.
    pub host: String,
    /// Port of the API; 0 takes a free one.
    pub port: u16,
    /// Port of `/metrics`; 0 takes a free one.
    pub management_port: u16,
    /// Threads that serve requests; 0 means one per core.
    pub workers: usize,
    /// Largest request body, in bytes.
    pub body_limit_bytes: usize,
    /// Requests that are worked on at once; the next is refused with a 503. 0 sets no bound.
    pub max_in_flight: usize,
    /// Live streams that are open at once, beside the requests; the next is refused with a 503. 0 sets no bound.
    pub max_streams: usize,
    /// The same of one user, where the service knows the user; the next is refused with a 429. 0 sets no bound.
    pub max_streams_per_user: usize,
    /// Time between "not ready" and the end of accepting, in milliseconds.
    pub drain_delay_ms: u64,
    /// Time for requests under way after that, in seconds.
    pub shutdown_timeout_s: u64,
}

impl HttpSettings {
    /// How many threads serve requests.
    #[must_use]
    pub fn threads(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            workers => workers,
        }
    }
}

/// How the service logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Filter directives of `tracing-subscriber`.
    pub level: String,
    /// The shape of a line.
    pub format: LogFormat,
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON elsewhere.
    Auto,
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
}

/// How PostgreSQL is reached and used.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `postgres://role:password@host:port/database?sslmode=…` of the service's own role; several hosts are separated by
    /// commas, and the one that takes writes is used. Or the parts, each in a setting of its own:
    #[serde(default)]
    pub url: SecretString,
    /// Host; several are separated by commas, and the one that takes writes is used.
    #[serde(default)]
    pub host: Option<String>,
    /// Port (5432 if not given); one for all hosts, or one for each, separated by commas.
    #[serde(default)]
    pub port: Option<String>,
    /// Name of the database.
    #[serde(default)]
    pub name: Option<String>,
    /// The service's own role; also beside a URL.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password, with any characters; also beside a URL.
    #[serde(default)]
    pub password: Option<SecretString>,
    /// A file with the password instead.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Parameters, written as in a URL: `sslmode=require&…`.
    #[serde(default)]
    pub parameters: Option<String>,
    /// Where a session can be had, if the address above leads through a pooler in transaction mode: for LISTEN, the
    /// events' connections and `migrate`. User, password and database are the service's own where it names none.
    #[serde(default)]
    pub direct_url: Option<SecretString>,
    /// A URL for `migrate`: a role that may create roles and schemas. Not needed to serve.
    #[serde(default)]
    pub admin_url: Option<SecretString>,
    /// That role alone, at the address above.
    #[serde(default)]
    pub admin_user: Option<String>,
    /// Its password.
    #[serde(default)]
    pub admin_password: Option<SecretString>,
    /// A file with its password instead.
    #[serde(default)]
    pub admin_password_file: Option<PathBuf>,
    /// Connections of any kind that one process may open.
    pub max_connections: usize,
    /// Greatest age of a connection, in seconds; up to a fifth less by chance. 0 sets none.
    pub max_connection_age_s: u64,
    /// Shared connections for reading, per worker thread.
    pub read_connections: usize,
    /// Shared connections for writing, per worker thread.
    pub write_connections: usize,
    /// Connections for reads that may take long, per process.
    pub slow_read_connections: usize,
    /// Connections for transactions, per process.
    pub pool_size: usize,
    /// Limit of the server's work on one statement, in milliseconds.
    pub statement_timeout_ms: u64,
    /// Limit of a request's wait for the database, in milliseconds.
    pub deadline_ms: u64,
}

impl DatabaseSettings {
    /// Limit of a request's wait for the database.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }
}

/// How Redis is reached and used.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    /// `redis://[user:password@]host:port[/db]` or `rediss://…`.
    pub url: SecretString,
    /// Limit of one command, in milliseconds.
    pub command_timeout_ms: u64,
}

/// Which bearer tokens are taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    /// Where the issuer's public keys (JWKS, RFC 7517) are fetched; auth-service itself needs none.
    #[serde(default)]
    pub jwks_url: Option<String>,
    /// `iss` that a token must have.
    pub issuer: String,
    /// `aud` that a token must have.
    pub audience: String,
    /// Seconds between two fetches of the keys.
    pub jwks_refresh_s: u64,
}

/// Reads the settings of a service that uses these `sections`.
///
/// `defaults` is the service's own TOML on top of the shared one; `file` is optional.
///
/// # Errors
/// One line that names the setting: unknown, missing, or of the wrong type.
pub fn load<S: DeserializeOwned>(
    sections: &[&str],
    defaults: &str,
    file: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<S, SettingsError> {
    let mut builder = Config::builder()
        .add_source(File::from_str(SHARED_DEFAULTS, FileFormat::Toml))
        .add_source(File::from_str(defaults, FileFormat::Toml));
    if let Some(path) = file {
        builder = builder.add_source(File::from(path).format(FileFormat::Toml));
    }
    for (name, value) in env {
        let Some(path) = setting_path(&name)? else { continue };
        builder = builder.set_override(&path, value).map_err(|e| SettingsError(format!("{name}: {e}")))?;
    }
    let all: Map<String, Value> =
        builder.build().and_then(Config::try_deserialize).map_err(|e| SettingsError(e.to_string()))?;

    let mut mine = Map::new();
    for (section, value) in all {
        if !SECTIONS.contains(&section.as_str()) {
            return Err(SettingsError(format!(
                "unknown section `{section}` (TASKHUB__{}__…); known are {}",
                section.to_uppercase(),
                SECTIONS.join(", ")
            )));
        }
        if sections.contains(&section.as_str()) {
            mine.insert(section, value);
        }
    }
    // Either of them will do, which serde can't say.
    if let Some(ValueKind::Table(database)) = mine.get("database").map(|section| &section.kind)
        && !["url", "host"].iter().any(|key| database.contains_key(*key))
    {
        return Err(SettingsError("TASKHUB__DATABASE__URL or TASKHUB__DATABASE__HOST is missing".into()));
    }
    S::deserialize(Value::new(None, ValueKind::Table(mine))).map_err(|e| SettingsError(explain(&e)))
}

/// `TASKHUB__HTTP__PORT` → `http.port`; `None` for what isn't a setting of ours.
fn setting_path(name: &str) -> Result<Option<String>, SettingsError> {
    if let Some(rest) = name.strip_prefix(PREFIX) {
        let path: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
        return match path.as_slice() {
            [section, key, ..] if !section.is_empty() && !key.is_empty() => Ok(Some(path.join("."))),
            _ => Err(SettingsError(format!("{name} is not of the form TASKHUB__SECTION__KEY"))),
        };
    }
    // A single underscore would be passed over in silence by most readers: it is always a slip.
    if let Some((section, key)) = name.strip_prefix("TASKHUB_").and_then(|rest| rest.split_once('_'))
        && SECTIONS.contains(&section.to_lowercase().as_str())
        && !key.starts_with('_')
    {
        return Err(SettingsError(format!("{name} is not a setting; write TASKHUB__{section}__{key}")));
    }
    Ok(None)
}

/// The error with the name that the setting has in the environment.
fn explain(error: &config::ConfigError) -> String {
    use config::ConfigError as E;
    let env = |key: &str| format!("TASKHUB__{}", key.replace('.', "__").to_uppercase());
    match error {
        E::At { error, key: Some(key), .. } => format!("{}: {}", env(key), explain(error)),
        E::Type { key: Some(key), .. } => format!("{}: {error}", env(key)),
        E::NotFound(key) => format!("{} is missing", env(key)),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Both {
        http: HttpSettings,
        database: DatabaseSettings,
    }

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn both(pairs: &[(&str, &str)]) -> Result<Both, String> {
        load(&["http", "database"], "", None, env(pairs)).map_err(|e| e.to_string())
    }

    const URL: (&str, &str) = ("TASKHUB__DATABASE__URL", "postgres://a:b@c/d");

    #[test]
    fn the_environment_overrides_the_defaults() {
        let settings = both(&[URL, ("TASKHUB__HTTP__PORT", "9999")]).unwrap();
        assert_eq!(settings.http.port, 9999);
        assert_eq!(settings.database.pool_size, 8);
    }

    #[test]
    fn a_section_of_another_service_is_passed_over() {
        both(&[URL, ("TASKHUB__UPSTREAMS__WORKER", "http://worker")]).unwrap();
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (pairs, names) in [
            (vec![], "TASKHUB__DATABASE__URL"),
            (vec![URL, ("TASKHUB__HTTP__PORT", "many")], "TASKHUB__HTTP__PORT"),
            (vec![URL, ("TASKHUB__HTTP__PROT", "1")], "prot"),
            (vec![URL, ("TASKHUB__HTPT__PORT", "1")], "htpt"),
            (vec![URL, ("TASKHUB_HTTP_PORT", "1")], "TASKHUB__HTTP__PORT"),
            (vec![URL, ("TASKHUB__HTTP", "1")], "TASKHUB__SECTION__KEY"),
        ] {
            let error = both(&pairs).unwrap_err();
            assert!(error.contains(names), "{error} should name {names}");
            assert!(!error.contains('\n'));
        }
    }
}

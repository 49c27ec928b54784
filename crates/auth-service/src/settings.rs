//! The settings of auth-service.

use std::path::Path;
use std::time::Duration;

use platform::settings::{self, AuthSettings, DatabaseSettings, HttpSettings, LogSettings, SettingsError};
use secrecy::SecretString;
use serde::Deserialize;

const DEFAULTS: &str = include_str!("settings.toml");
const SECTIONS: &[&str] = &["http", "log", "database", "auth", "tokens", "passwords", "teams"];

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where HTTP is served.
    pub http: HttpSettings,
    /// How it logs.
    pub log: LogSettings,
    /// How PostgreSQL is reached.
    pub database: DatabaseSettings,
    /// `iss` and `aud` of the tokens that are issued and taken.
    pub auth: AuthSettings,
    /// Access tokens, refresh tokens and signing keys.
    pub tokens: TokenSettings,
    /// How passwords are hashed.
    pub passwords: PasswordSettings,
    /// Teams and invitations.
    pub teams: TeamSettings,
}

/// Lifetimes of tokens and keys.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// Base64 of the 32 bytes that seal what is secret in the database; needed to serve, not to migrate.
    #[serde(default)]
    pub master_key: Option<SecretString>,
    /// Lifetime of an access token, in seconds.
    pub access_token_s: u32,
    /// Lifetime of a session after its last refresh, in seconds.
    pub refresh_token_s: u32,
    /// How long the refresh token before the newest is still taken, in seconds; 0 means not at all.
    pub refresh_leeway_s: u32,
    /// Age at which a signing key gets a successor, in seconds.
    pub rotate_after_s: u32,
    /// How long a new key is published before it signs, in seconds.
    pub publish_ahead_s: u32,
    /// Seconds between two looks at the keys in the database.
    pub key_reload_s: u32,
}

/// Cost of a hash and limits of hashing.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordSettings {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub iterations: u32,
    /// Lanes of one hash.
    pub parallelism: u32,
    /// Hashes at once; 0 means one per core.
    pub max_hashes: usize,
    /// How many may wait.
    pub max_waiting: usize,
    /// How long one may wait, in milliseconds.
    pub max_wait_ms: u64,
}

/// Teams and invitations.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamSettings {
    /// Lifetime of an invitation, in seconds.
    pub invitation_s: u32,
}

impl Settings {
    /// Reads defaults, file and environment.
    ///
    /// # Errors
    /// One line that names the setting that is wrong or missing.
    pub fn load(file: Option<&Path>, env: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        let settings: Self = settings::load(SECTIONS, DEFAULTS, file, env)?;
        settings.validate()?;
        Ok(settings)
    }

    /// Checks the settings against each other.
    ///
    /// # Errors
    /// One line that names the setting that is wrong.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let wrong = |name: &str, why: &str| Err(SettingsError(format!("TASKHUB__{name} {why}")));
        let (tokens, auth) = (&self.tokens, &self.auth);
        if tokens.access_token_s == 0 {
            return wrong("TOKENS__ACCESS_TOKEN_S", "must be at least 1");
        }
        if tokens.refresh_token_s <= tokens.access_token_s {
            return wrong("TOKENS__REFRESH_TOKEN_S", "must be more than TASKHUB__TOKENS__ACCESS_TOKEN_S");
        }
        if tokens.key_reload_s == 0 {
            return wrong("TOKENS__KEY_RELOAD_S", "must be at least 1");
        }
        if u64::from(tokens.publish_ahead_s) <= auth.jwks_refresh_s.max(tokens.key_reload_s.into()) {
            return wrong(
                "TOKENS__PUBLISH_AHEAD_S",
                "must be more than TASKHUB__AUTH__JWKS_REFRESH_S and TASKHUB__TOKENS__KEY_RELOAD_S",
            );
        }
        if tokens.rotate_after_s <= tokens.publish_ahead_s {
            return wrong("TOKENS__ROTATE_AFTER_S", "must be more than TASKHUB__TOKENS__PUBLISH_AHEAD_S");
        }
        if let Err(error) = self.passwords.params() {
            return Err(SettingsError(format!("TASKHUB__PASSWORDS__…: {error}")));
        }
        if self.passwords.max_wait_ms == 0 {
            return wrong("PASSWORDS__MAX_WAIT_MS", "must be at least 1");
        }
        if self.teams.invitation_s == 0 {
            return wrong("TEAMS__INVITATION_S", "must be at least 1");
        }
        Ok(())
    }
}

impl TokenSettings {
    /// Time between two looks at the keys.
    #[must_use]
    pub fn key_reload(&self) -> Duration {
        Duration::from_secs(self.key_reload_s.into())
    }
}

impl PasswordSettings {
    /// The cost as argon2 takes it.
    ///
    /// # Errors
    /// When argon2 can't work with these numbers.
    pub fn params(&self) -> Result<argon2::Params, argon2::Error> {
        argon2::Params::new(self.memory_kib, self.iterations, self.parallelism, None)
    }
}

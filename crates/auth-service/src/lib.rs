#![doc = include_str!("../README.md")]

mod access;
mod accounts;
mod app;
pub mod housekeeping;
mod idempotency;
mod invitations;
pub mod keys;
mod members;
mod metrics;
pub mod openapi;
mod paging;
mod passwords;
pub mod routes;
mod schema;
mod sealing;
mod secret_token;
mod sessions;
pub mod settings;
mod stored;
mod teams;
mod turns;

pub use app::App;
pub use sealing::{Sealed, SealingKey};
pub use settings::Settings;

use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use platform::settings::DatabaseSettings;

/// The migrations of schema `identity`.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// The schema that this service owns.
pub const SCHEMA: &str = "identity";

/// The database role that this service works as.
pub const ROLE: &str = "taskhub_auth";

/// Brings schema `identity` up to date; gives the names of the migrations that ran.
///
/// # Errors
/// As of [`platform::postgres::migrate`].
pub async fn migrate(settings: &DatabaseSettings) -> anyhow::Result<Vec<String>> {
    platform::postgres::migrate(settings, SCHEMA, ROLE, MIGRATIONS).await
}

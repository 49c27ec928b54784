//! `migrate`: roles, schema and tables of one service, brought up to date.
//!
//! Each service owns one schema and keeps its migration history in it. Replicas that start at once take
//! turns by an advisory lock that is polled: a blocking one deadlocks with `CREATE INDEX CONCURRENTLY`.

use std::time::Duration;

use anyhow::{Context, bail};
use diesel::migration::Migration;
use diesel::pg::Pg;
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use postgres_protocol::password::scram_sha_256;
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use super::check::shares_sessions;
use super::connect::{Connector, parameters};
use super::pipeline::DbError;
use crate::settings::{DatabaseSettings, SettingsError};

/// The database roles there are, one for each service that has tables.
pub const ROLES: &[&str] = &["taskhub_auth", "taskhub_tasks", "taskhub_worker"];

const LOCK: i64 = 0x7461_736b_6875_6201;
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(250);
/// Whoever comes after a migration that waits for a lock waits too, whatever they want: while a backup reads a table,
/// which may take hours, all would wait.
const LOCK_TIMEOUT: &str = "SET lock_timeout = '2s'";
const LOCK_PAUSE: Duration = Duration::from_secs(3);
const LOCK_PATIENCE: Duration = Duration::from_secs(300);

/// Runs the pending migrations of `schema`, for a service that works as `role`; gives their names.
///
/// # Errors
/// When PostgreSQL isn't there within a minute, the admin role may not do what is needed, what a migration changes is
/// locked for five minutes, or a migration fails (it is rolled back).
pub async fn migrate(
    settings: &DatabaseSettings,
    schema: &str,
    role: &str,
    migrations: EmbeddedMigrations,
) -> anyhow::Result<Vec<String>> {
    let admin = Connector::admin(settings)?;
    let own = Connector::new("migrate", settings)?;
    if own.config().get_user() != Some(role) {
        bail!(SettingsError(format!("TASKHUB__DATABASE__URL or TASKHUB__DATABASE__USER must name the role {role}")));
    }
    let password = own.config().get_password();

    let client = patiently_connect(&admin).await?;
    if shares_sessions(&admin).await? {
        bail!(SettingsError(
            "TASKHUB__DATABASE__ADMIN_URL leads through a pooler in transaction mode: migrate needs a session".into()
        ));
    }
    lock(&client).await?;
    ensure_roles(&client, settings, role, password).await.context("creating roles")?;
    client
        .batch_execute(&format!(
            "CREATE SCHEMA IF NOT EXISTS {schema}; GRANT USAGE ON SCHEMA {schema} TO {}; SET search_path TO {schema}",
            ROLES.join(", ")
        ))
        .await
        .context("creating the schema")?;

    client.batch_execute(LOCK_TIMEOUT).await.context("setting the lock timeout")?;

    let mut harness = AsyncMigrationHarness::new(AsyncPgConnection::try_from(client).await?);
    let mut done = Vec::new();
    for migration in harness.pending_migrations(migrations).map_err(|e| anyhow::anyhow!(e))? {
        done.push(run(&mut harness, &*migration).await?);
    }
    // So that a service can tell whether its schema is as new as itself; see `Schema`.
    let grant = format!("GRANT SELECT ON {schema}.__diesel_schema_migrations TO {role}");
    harness.into_inner().batch_execute(&grant).await.context("granting a look at the history")?;
    Ok(done)
    // The lock goes with the connection.
}

/// Runs a migration, again and again while others hold locks on what it changes.
async fn run(
    harness: &mut AsyncMigrationHarness<AsyncPgConnection>,
    migration: &dyn Migration<Pg>,
) -> anyhow::Result<String> {
    let until = Instant::now() + LOCK_PATIENCE;
    loop {
        match harness.run_migration(migration) {
            Ok(version) => return Ok(version.to_string()),
            // Diesel doesn't give the SQLSTATE. Where the message is in another language, the migration fails at once.
            Err(error) if error.to_string().contains("lock timeout") && Instant::now() < until => {
                tracing::warn!(migration = %migration.name(), "what the migration changes is locked; trying again");
                sleep(LOCK_PAUSE).await;
            }
            Err(error) => return Err(anyhow::anyhow!(error)),
        }
    }
}

async fn patiently_connect(connector: &Connector) -> anyhow::Result<Client> {
    let until = Instant::now() + PATIENCE;
    loop {
        match connector.connect().await {
            Ok((client, _polled)) => return Ok(client),
            // A wrong password stays wrong.
            Err(error) if Instant::now() > until || is_denied(&error) => {
                return Err(error).context("connecting as the admin role");
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

fn is_denied(error: &DbError) -> bool {
    let DbError::Unreachable(Some(error)) = error else { return false };
    error.code().is_some_and(|code| code.code().starts_with("28"))
}

async fn lock(client: &Client) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    while !client.query_one("SELECT pg_try_advisory_lock($1)", &[&LOCK]).await?.get::<_, bool>(0) {
        if Instant::now() > until {
            bail!("another migration has held the lock for a minute");
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// Creates the roles that are missing, and gives ours its password and its parameters.
async fn ensure_roles(
    client: &Client,
    settings: &DatabaseSettings,
    role: &str,
    password: Option<&[u8]>,
) -> anyhow::Result<()> {
    for name in ROLES {
        // Roles belong to the cluster: another database's migration may create one between look and act.
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        client.batch_execute(&create).await?;
    }
    // The server may log statements, so it is given what it would store of the password: a verifier, which has no quotes.
    let password = password.map_or("NULL".to_owned(), |password| format!("'{}'", scram_sha_256(password)));
    client.batch_execute(&format!("ALTER ROLE {role} LOGIN PASSWORD {password}")).await?;
    // A pooler in transaction mode hands sessions around, so nobody can set these in their own.
    let database: String = client.query_one("SELECT quote_ident(current_database())", &[]).await?.get(0);
    for (name, value) in parameters(settings) {
        client.batch_execute(&format!("ALTER ROLE {role} IN DATABASE {database} SET {name} = '{value}'")).await?;
    }
    Ok(())
}

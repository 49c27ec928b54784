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
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use super::connect::Connector;
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
    let Some(admin_url) = &settings.admin_url else {
        bail!(SettingsError(
            "TASKHUB__DATABASE__ADMIN_URL is missing: migrate needs a role that may create roles".into()
        ));
    };
    let own = Connector::new("migrate", settings)?;
    if own.config().get_user() != Some(role) {
        bail!(SettingsError(format!("TASKHUB__DATABASE__URL must name the role {role}")));
    }
    let password = own.config().get_password().map(String::from_utf8_lossy).map(String::from);
    let admin = Connector::from_url("migrate", admin_url, 0)?;

    let client = patiently_connect(&admin).await?;
    lock(&client).await?;
    ensure_roles(&client, role, password.as_deref()).await.context("creating roles")?;
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
            Err(error) if Instant::now() > until => return Err(error).context("connecting as the admin role"),
            // A wrong password stays wrong.
            Err(error) if error.code().is_some_and(|c| c.code().starts_with("28")) => {
                return Err(error).context("connecting as the admin role");
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
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

/// Creates the roles that are missing and gives ours its password.
async fn ensure_roles(client: &Client, role: &str, password: Option<&str>) -> anyhow::Result<()> {
    for name in ROLES {
        // Roles belong to the cluster: another database's migration may create one between look and act.
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        client.batch_execute(&create).await?;
    }
    let quoted = client
        .query_one("SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)", &[&role, &password])
        .await?;
    client.batch_execute(quoted.get(0)).await?;
    Ok(())
}

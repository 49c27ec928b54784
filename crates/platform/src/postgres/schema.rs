//! Whether a service's schema is as new as the service.

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel_migrations::EmbeddedMigrations;

use super::connect::Connector;
use crate::health::Missing;

/// The newest migration that a service knows, to be looked for in its schema's history.
///
/// A replica that comes before its migrations have run takes no requests until they have. Looked for over a connection of
/// its own, as that only happens at the start.
#[derive(Clone, Debug)]
pub struct Schema {
    connector: Connector,
    look: String,
    newest: String,
}

impl Schema {
    /// Nothing is connected yet.
    ///
    /// # Errors
    /// When there are no migrations, or one of them can't be read.
    pub fn new(connector: &Connector, schema: &str, migrations: &EmbeddedMigrations) -> anyhow::Result<Self> {
        let known = MigrationSource::<Pg>::migrations(migrations).map_err(|error| anyhow::anyhow!(error))?;
        let newest = known.iter().map(|migration| migration.name().version().to_string()).max();
        Ok(Self {
            connector: connector.clone(),
            look: format!("SELECT EXISTS (SELECT FROM {schema}.__diesel_schema_migrations WHERE version = $1)"),
            newest: newest.ok_or_else(|| anyhow::anyhow!("{schema} has no migrations"))?,
        })
    }

    /// # Errors
    /// When the newest migration hasn't been run, or can't be looked for.
    pub async fn is_there(&self) -> anyhow::Result<()> {
        let (client, _polled) = self.connector.connect().await?;
        if client.query_one(&self.look, &[&self.newest]).await?.get(0) {
            return Ok(());
        }
        Err(Missing(format!("migration {} hasn't been run", self.newest)).into())
    }
}

//! Whether a service's schema is as new as the service.

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{Bool, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use diesel_migrations::EmbeddedMigrations;

use super::pipeline::{Pipeline, Statement};
use super::pool::Pool;
use crate::health::Missing;

/// The newest migration that a service knows, to be looked for in its schema's history.
///
/// A replica that comes before its migrations have run takes no requests until they have.
#[derive(Clone, Debug)]
pub struct Schema {
    ask: Ask,
    look: &'static Statement,
    newest: String,
}

/// Over which of the service's connections the history is read.
#[derive(Clone, Debug)]
enum Ask {
    Pipeline(Pipeline),
    Pool(Pool),
}

impl Schema {
    /// Asks over shared connections.
    ///
    /// # Errors
    /// When there are no migrations, or one of them can't be read.
    pub fn over_pipeline(pipeline: Pipeline, schema: &str, migrations: &EmbeddedMigrations) -> anyhow::Result<Self> {
        Self::new(Ask::Pipeline(pipeline), schema, migrations)
    }

    /// Asks over a connection of a pool.
    ///
    /// # Errors
    /// Those of [`Schema::over_pipeline`].
    pub fn over_pool(pool: Pool, schema: &str, migrations: &EmbeddedMigrations) -> anyhow::Result<Self> {
        Self::new(Ask::Pool(pool), schema, migrations)
    }

    fn new(ask: Ask, schema: &str, migrations: &EmbeddedMigrations) -> anyhow::Result<Self> {
        let known = MigrationSource::<Pg>::migrations(migrations).map_err(|error| anyhow::anyhow!(error))?;
        let newest = known.iter().map(|migration| migration.name().version().to_string()).max();
        let sql =
            format!("SELECT EXISTS (SELECT FROM {schema}.__diesel_schema_migrations WHERE version = $1) AS is_there");
        // A statement is known by its address, and there is one a process.
        let look = Box::leak(Box::new(Statement::read("schema", Box::leak(sql.into_boxed_str()))));
        Ok(Self { ask, look, newest: newest.ok_or_else(|| anyhow::anyhow!("{schema} has no migrations"))? })
    }

    /// # Errors
    /// When the newest migration hasn't been run, or can't be looked for.
    pub async fn is_there(&self) -> anyhow::Result<()> {
        #[derive(QueryableByName)]
        struct Answer {
            #[diesel(sql_type = Bool)]
            is_there: bool,
        }
        let is_there = match &self.ask {
            Ask::Pipeline(pipeline) => match pipeline.query_opt(self.look, &[&self.newest]).await? {
                Some(row) => row.try_get(0)?,
                None => false,
            },
            Ask::Pool(pool) => {
                let query = sql_query(self.look.sql).bind::<Text, _>(&self.newest);
                pool.run(async |connection| Ok(query.get_result::<Answer>(connection).await?.is_there)).await?
            }
        };
        if is_there {
            return Ok(());
        }
        Err(Missing(format!("migration {} hasn't been run", self.newest)).into())
    }
}

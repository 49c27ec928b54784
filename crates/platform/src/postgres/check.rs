//! Whether the PostgreSQL that was reached can serve at all, looked at once after the start.
//!
//! A pooler in transaction mode hands one session to many clients. What needs a session of its own then seems to work and
//! doesn't: no NOTIFY is heard, and a parameter that one client sets is another's. So a service that would be given such
//! sessions for that ends, and says why.

use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::connect::{Connector, parameters};
use crate::settings::{DatabaseSettings, SettingsError};

/// How often two connections are asked which session they have.
const ROUNDS: usize = 4;
/// For an answer on a session that the pooler has yet to find.
const PATIENCE: Duration = Duration::from_secs(2);

/// Waits until PostgreSQL can be reached and looks at it; returns only if the service can't work with it. `direct` is for
/// what needs a session; `may_open` is how many connections this process opens at most.
pub async fn unfit(
    settings: DatabaseSettings,
    connector: Connector,
    direct: Connector,
    may_open: usize,
) -> SettingsError {
    let mut backoff = connector.backoff();
    loop {
        match judge(&settings, &connector, &direct, may_open).await {
            Ok(None) => std::future::pending().await,
            Ok(Some(wrong)) => return wrong,
            Err(error) => {
                tracing::debug!(error = format!("{error:#}"), "PostgreSQL can't be looked at yet");
                backoff.wait().await;
            }
        }
    }
}

async fn judge(
    settings: &DatabaseSettings,
    connector: &Connector,
    direct: &Connector,
    may_open: usize,
) -> anyhow::Result<Option<SettingsError>> {
    let wrong = |why: &str| Ok(Some(SettingsError(why.to_owned())));
    let ((one, _), (other, _)) = (direct.connect().await?, direct.connect().await?);
    if share_sessions(&one, &other).await? {
        return wrong(if connector.is_pooled() {
            "TASKHUB__DATABASE__DIRECT_URL leads through a pooler in transaction mode, where no session can be had; \
             docs/install.md says what it must lead to"
        } else {
            "the database is behind a pooler in transaction mode: set TASKHUB__DATABASE__DIRECT_URL to where a session \
             can be had; docs/install.md says how"
        });
    }
    if connector.is_pooled() {
        if !keeps_prepared_statements(connector).await? {
            return wrong(
                "the pooler loses prepared statements: PgBouncer must be 1.21 or newer with max_prepared_statements above 0",
            );
        }
        warn_of_parameters(settings, connector).await?;
    } else {
        warn_of_too_few(&one, may_open).await?;
    }
    Ok(None)
}

/// Whether connections that are open at the same time are given the same session, or one of them several.
pub(super) async fn shares_sessions(connector: &Connector) -> anyhow::Result<bool> {
    let ((one, _), (other, _)) = (connector.connect().await?, connector.connect().await?);
    share_sessions(&one, &other).await
}

async fn share_sessions(one: &Client, other: &Client) -> anyhow::Result<bool> {
    let (first, second) = (session(one).await?, session(other).await?);
    for _ in 1..ROUNDS {
        if session(one).await? != first || session(other).await? != second {
            return Ok(true);
        }
    }
    Ok(first == second)
}

async fn session(client: &Client) -> anyhow::Result<String> {
    Ok(value(client, "SELECT pg_backend_pid()").await?.unwrap_or_default())
}

/// Whether a statement that was prepared in one session can be run in another.
async fn keeps_prepared_statements(connector: &Connector) -> anyhow::Result<bool> {
    let ((one, _), (other, _)) = (connector.connect().await?, connector.connect().await?);
    let run = async {
        let statement = one.prepare("SELECT 1").await?;
        // The other now holds the session that this was prepared in, most likely.
        other.batch_execute("BEGIN; SELECT 1").await?;
        one.query(&statement, &[]).await
    };
    match timeout(PATIENCE, run).await {
        Ok(Ok(_)) => Ok(true),
        // invalid_sql_statement_name and duplicate_prepared_statement
        Ok(Err(error)) if error.code().is_some_and(|code| ["26000", "42P05"].contains(&code.code())) => Ok(false),
        Ok(Err(error)) => Err(error.into()),
        // The pooler has no other session: then nothing is lost.
        Err(_) => Ok(true),
    }
}

/// Says so if sessions don't have the parameters that `migrate` has given the role.
async fn warn_of_parameters(settings: &DatabaseSettings, connector: &Connector) -> anyhow::Result<()> {
    let (client, _polled) = connector.connect().await?;
    for (name, wanted) in parameters(settings) {
        let ask = format!("SELECT setting FROM pg_settings WHERE lower(name) = '{name}'");
        let found = value(&client, &ask).await?.unwrap_or_default();
        if found != wanted {
            tracing::warn!(
                name,
                found,
                wanted,
                "the pooler's sessions lack a parameter: run migrate, then reconnect the pooler"
            );
        }
    }
    Ok(())
}

/// Says so if the server has fewer connections left than this process may open.
async fn warn_of_too_few(client: &Client, may_open: usize) -> anyhow::Result<()> {
    let usable = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int \
                  - coalesce(current_setting('reserved_connections', true)::int, 0)";
    let used = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'";
    let number = async |ask| anyhow::Ok(value(client, ask).await?.unwrap_or_default().parse::<usize>()?);
    let (usable, used) = (number(usable).await?, number(used).await?);
    let left = usable.saturating_sub(used);
    if left < may_open {
        tracing::warn!(
            usable,
            used,
            may_open,
            "PostgreSQL has fewer connections left than this process may open: raise max_connections there or lower \
             TASKHUB__DATABASE__MAX_CONNECTIONS; docs/scaling.md counts them"
        );
    }
    Ok(())
}

/// The only value that a query gives; without preparing it, which a pooler may not allow.
async fn value(client: &Client, ask: &str) -> anyhow::Result<Option<String>> {
    let messages = timeout(PATIENCE, client.simple_query(ask)).await??;
    Ok(messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}

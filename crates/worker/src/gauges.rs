//! How much is waiting, sampled from PostgreSQL.

use std::time::Duration;

use platform::postgres::{DbError, Pipeline, Statement};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::metrics::{DEAD_LETTERS, OLDEST, PENDING};

/// The most that is counted: a longer backlog shows as this, so that looking at it stays cheap.
pub const MOST: i64 = 100_000;

const EVERY: Duration = Duration::from_secs(5);

/// The oldest ticket is the lowest but for those that were put off, which are as good as that.
static SAMPLE: Statement = Statement::read(
    "sample",
    "SELECT (SELECT count(*) FROM (SELECT FROM tasks.outbox LIMIT $1) o),
            (SELECT count(*) FROM (SELECT FROM delivery.dead_letters LIMIT $1) d),
            (SELECT extract(epoch FROM now() - e.occurred_at)::bigint
             FROM (SELECT team_id, revision FROM tasks.outbox ORDER BY seq LIMIT 1) o
             JOIN tasks.event_feed e USING (team_id, revision))",
);

/// Samples until `stop`. While the database is away the gauges stay as they were.
pub async fn sample(db: &Pipeline, stop: &CancellationToken) {
    loop {
        if let Err(error) = sample_once(db).await {
            tracing::debug!(error = format!("{error:#}"), "the backlog can't be sampled");
        }
        tokio::select! {
            () = sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn sample_once(db: &Pipeline) -> Result<(), DbError> {
    let Some(row) = db.query_opt(&SAMPLE, &[&MOST]).await? else { return Ok(()) };
    let read = |column| row.try_get::<_, Option<i64>>(column).map(|value| value.unwrap_or(0));
    let refused = |error| DbError::Refused { name: SAMPLE.name, error };
    PENDING.set(read(0).map_err(refused)?);
    DEAD_LETTERS.set(read(1).map_err(refused)?);
    OLDEST.set(read(2).map_err(refused)?.max(0));
    Ok(())
}

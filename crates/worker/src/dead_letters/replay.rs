//! `worker replay-dead-letters`: dead letters get another chance, once what made them fail is mended.

use anyhow::Context;
use platform::postgres::Connector;
use uuid::Uuid;

use super::queries;

/// What became of the letters that were to be replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Events that have a fresh ticket now.
    pub replayed: i64,
    /// Letters that aren't events, and stay where they are.
    pub not_events: i64,
}

/// Gives the events of these dead letters, or of all when `ids` is empty, a fresh ticket each. Letter and
/// ticket change places in one statement, so no two replays can do it twice.
///
/// # Errors
/// When the database is away or refuses; what was replayed until then stays so.
pub async fn replay(connector: &Connector, ids: &[Uuid]) -> anyhow::Result<Replayed> {
    let ids = if ids.is_empty() { None } else { Some(ids) };
    let (client, _polled) = connector.connect().await.context("connecting to the database")?;
    let mut replayed = 0;
    loop {
        let row = client.query_one(queries::REPLAY, &[&ids]).await.context("replaying dead letters")?;
        match row.try_get::<_, i64>(0)? {
            0 => break,
            some => replayed += some,
        }
    }
    let not_events = client.query_one(queries::LEFT, &[&ids]).await?.try_get(0)?;
    Ok(Replayed { replayed, not_events })
}

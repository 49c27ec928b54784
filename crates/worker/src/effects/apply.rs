//! One batch as one statement.

use domain::Envelope;
use platform::postgres::Pipeline;
use tokio_postgres::types::ToSql;

use super::notification::{Notifications, Resolutions};
use super::{Effect, Failure, queries};
use crate::carried::Carried;

/// What a batch of events causes, as columns.
#[derive(Debug, Default)]
pub struct Writes {
    pub(super) notifications: Notifications,
    pub(super) resolutions: Resolutions,
}

/// Makes the effects of `batch`, which is ordered by ticket; gives the tickets that were ours, in order.
pub(super) async fn apply(db: &Pipeline, effects: &[Box<dyn Effect>], batch: &[&Carried]) -> Result<Vec<i64>, Failure> {
    let mut writes = Writes::default();
    for carried in batch {
        for effect in effects {
            effect.plan(&carried.event, &mut writes);
        }
    }
    let column = |value: fn(&Envelope) -> uuid::Uuid| batch.iter().map(|c| value(&c.event)).collect::<Vec<_>>();
    let tickets: Vec<i64> = batch.iter().map(|c| c.ticket).collect();
    let teams = column(|event| event.team_id.uuid());
    let revisions: Vec<i64> = batch.iter().map(|c| c.event.revision).collect();
    let (n, r) = (&writes.notifications, &writes.resolutions);
    let params: &[&(dyn ToSql + Sync)] = &[
        &tickets,
        &teams,
        &revisions,
        &n.ids,
        &n.users,
        &n.teams,
        &n.revisions,
        &n.kinds,
        &n.tasks,
        &n.task_keys,
        &n.titles,
        &n.actors,
        &r.teams,
        &r.revisions,
        &r.tasks,
        &r.users,
        &r.kinds,
    ];
    let rows = db.query(&queries::APPLY, params).await?;
    let mut done = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>().map_err(Failure::refused)?;
    done.sort_unstable();
    Ok(done)
}

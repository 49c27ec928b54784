//! Making room where there is none: a neighbourhood is spread anew.

use domain::position::{lowest, of_number, spread};
use domain::{EventId, TaskView};
use platform::ApiResult;
use platform::postgres::Transaction;
use uuid::Uuid;

use super::{Gap, queries, statuses};
use crate::access::Param;
use crate::tasks::view::column;

/// The tasks on each side that are spread at first; four times as many when that makes no room, and so on.
const FIRST: usize = 32;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tasks) enum Room {
    /// There is room now.
    Made,
    /// Somebody is about to change one of the tasks; the transaction must be given up, and may be tried again.
    Busy,
}

/// Spreads the tasks around a gap that has no room, as `user` with one of these `roles`; `task`, which is to go there,
/// stays.
pub(in crate::tasks) async fn make_room(
    tx: &mut Transaction<'_>,
    (user, roles): (&Uuid, &[&str]),
    task: &TaskView,
    gap: &Gap,
    last_number: i64,
    trace: &str,
) -> ApiResult<Room> {
    let mut most = FIRST;
    loop {
        let around = neighbourhood(tx, task, gap, most).await?;
        let Some(keys) = keys(&around, most, last_number) else {
            most = most.saturating_mul(4);
            continue;
        };
        let tasks: Vec<Uuid> = keys.iter().map(|(id, _)| *id).collect();
        if tx.query(&queries::LOCK_THESE, &[&tasks]).await?.len() < tasks.len() {
            return Ok(Room::Busy);
        }
        let positions: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
        let events: Vec<Uuid> = tasks.iter().map(|_| EventId::new().uuid()).collect();
        let team = task.team_id.uuid();
        let params: [Param<'_>; 7] = [user, &team, &roles, &tasks, &positions, &events, &trace];
        tx.query(&queries::SPREAD, &params).await?;
        return Ok(Room::Made);
    }
}

/// What stands around a gap: those before it and those behind it, each the nearest first.
struct Around {
    before: Vec<(Uuid, String)>,
    behind: Vec<(Uuid, String)>,
}

/// At most `most` tasks on each side, and one more to lean on.
async fn neighbourhood(tx: &mut Transaction<'_>, task: &TaskView, gap: &Gap, most: usize) -> ApiResult<Around> {
    let fetch = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let (team, id, statuses) = (task.team_id.uuid(), task.id.uuid(), statuses());
    let rows = tx.query(&queries::NEIGHBOURHOOD, &[&team, &id, &gap.low, &fetch, &statuses]).await?;
    let mut all = rows
        .iter()
        .map(|row| Ok((column::<Uuid>(row, 0)?, column::<String>(row, 1)?)))
        .collect::<ApiResult<Vec<_>>>()?;
    all.sort_unstable_by(|a, b| a.1.cmp(&b.1));
    let split = all.partition_point(|(_, position)| *position <= gap.low);
    let behind = all.split_off(split);
    all.reverse();
    Ok(Around { before: all, behind })
}

/// New positions for at most `most` tasks on each side, ascending; `None` when they would be as crowded as before.
fn keys(around: &Around, most: usize, last_number: i64) -> Option<Vec<(Uuid, String)>> {
    let edge = |side: &[(Uuid, String)], end: String| side.get(most).map_or(end, |(_, position)| position.clone());
    let low = edge(&around.before, of_number(last_number.saturating_add(1)));
    let high = edge(&around.behind, lowest());
    let tasks: Vec<Uuid> =
        around.before.iter().take(most).rev().chain(around.behind.iter().take(most)).map(|(id, _)| *id).collect();
    let count = tasks.len();
    let keys = tasks.into_iter().zip(spread(&low, &high, count)?);
    let stays = |task: &(Uuid, String)| around.before.contains(task) || around.behind.contains(task);
    // What is where it should be stays there, without an event.
    Some(keys.filter(|task| !stays(task)).collect())
}

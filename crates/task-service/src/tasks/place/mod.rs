//! The place of a task in the order of its team: where a move puts it, with the team's log locked.

pub(crate) mod queries;
mod spread;

pub(super) use queries::{LOCK, MOVE};
pub(super) use spread::{Room, make_room};

use domain::position::{Lean, lowest, of_number};
use domain::problem::FieldError;
use domain::{Move, Status, TaskView};
use platform::ApiResult;
use platform::postgres::Transaction;
use uuid::Uuid;

use super::view::column;

/// The words of all statuses, so that an index that begins with the status can be walked in each.
pub(super) fn statuses() -> Vec<&'static str> {
    Status::ALL.iter().map(|status| status.as_str()).collect()
}

/// Between what a task is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) low: String,
    pub(super) high: String,
    pub(super) lean: Lean,
}

impl Gap {
    /// Whether a task at this position is there already.
    pub(super) fn has(&self, position: &str) -> bool {
        self.low.as_str() < position && position < self.high.as_str()
    }
}

/// The gap that a move names, where `task` itself counts as gone. `last_number` is the team's, below whose next the topmost
/// task stays.
///
/// # Errors
/// 422 when a neighbour isn't a task of the team, is the task itself, or they are in the wrong order.
pub(super) async fn gap(tx: &mut Transaction<'_>, task: &TaskView, wanted: &Move, last_number: i64) -> ApiResult<Gap> {
    let id = |task: Option<domain::TaskId>| task.map(|task| task.uuid());
    let (before, after): (Option<Uuid>, Option<Uuid>) = (id(wanted.before), id(wanted.after));
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&task.team_id.uuid(), &task.id.uuid(), &before, &after, &statuses()];
    let rows = tx.query(&queries::AROUND, &params).await?;
    let row = rows.first().ok_or_else(|| platform::ApiError::internal(anyhow::anyhow!("nothing around a task")))?;
    let position = |at| column::<Option<String>>(row, at);
    let (high, above, low, behind, top) = (position(0)?, position(1)?, position(2)?, position(3)?, position(4)?);

    let mut errors = Vec::new();
    for (pointer, named, found) in [("/before", before, &high), ("/after", after, &low)] {
        if named.is_some() && found.is_none() {
            errors.push(FieldError::new(pointer, "must be another task of the team"));
        }
    }
    if matches!((&low, &high), (Some(low), Some(high)) if low >= high) {
        errors.push(FieldError::new("/before", "must stand behind the task in `after`"));
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let ceiling = || of_number(last_number.saturating_add(1));
    Ok(match (low, high) {
        (Some(low), _) => match behind {
            Some(behind) => Gap { low, high: behind, lean: Lean::Middle },
            None => Gap { low, high: lowest(), lean: Lean::Low },
        },
        (None, Some(high)) => match above {
            Some(above) => Gap { low: above, high, lean: Lean::Middle },
            None => Gap { low: ceiling(), high, lean: Lean::High },
        },
        (None, None) => Gap { low: ceiling(), high: top.unwrap_or_else(lowest), lean: Lean::High },
    })
}

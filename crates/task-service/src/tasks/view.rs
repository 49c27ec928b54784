//! From a row to a task.

use chrono::{DateTime, Utc};
use domain::problem::FieldError;
use domain::validation::Invalid;
use domain::{LabelId, Labels, TaskView, UserId};
use platform::{ApiError, ApiResult};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

/// The value of a column; 500 when it isn't what the statement says it is.
pub(crate) fn column<'a, T: FromSql<'a>>(row: &'a Row, at: usize) -> ApiResult<T> {
    row.try_get(at).map_err(ApiError::internal)
}

/// A word of one of the domain's enums.
pub(crate) fn word<T: std::str::FromStr<Err = Invalid>>(row: &Row, at: usize) -> ApiResult<T> {
    column::<&str>(row, at)?.parse().map_err(|e: Invalid| ApiError::internal(e))
}

/// How many columns a task has in a row.
pub(crate) const COLUMNS: usize = 17;

/// The task in the columns from `at` on, if the row has one.
pub(crate) fn task(row: &Row, at: usize) -> ApiResult<Option<TaskView>> {
    let Some(id) = column::<Option<Uuid>>(row, at)? else { return Ok(None) };
    Ok(Some(TaskView {
        id: id.into(),
        team_id: column::<Uuid>(row, at + 1)?.into(),
        number: column(row, at + 2)?,
        key: column(row, at + 3)?,
        title: column(row, at + 4)?,
        description: column(row, at + 5)?,
        status: word(row, at + 6)?,
        priority: word(row, at + 7)?,
        assignees: column::<Vec<Uuid>>(row, at + 8)?.into_iter().map(UserId::from).collect(),
        labels: column::<Vec<Uuid>>(row, at + 15)?.into_iter().map(LabelId::from).collect(),
        position: column(row, at + 16)?,
        due_at: column::<Option<DateTime<Utc>>>(row, at + 9)?,
        created_by: column::<Uuid>(row, at + 10)?.into(),
        created_at: column(row, at + 11)?,
        updated_at: column(row, at + 12)?,
        completed_at: column(row, at + 13)?,
        version: column(row, at + 14)?,
    }))
}

/// How long a task's texts are, which its events hold.
pub(crate) fn text_bytes(task: &TaskView) -> usize {
    task.title.len() + task.description.len()
}

/// Labels as they are stored: sorted.
pub(crate) fn sorted(labels: &Labels) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = labels.as_slice().iter().map(|label| label.uuid()).collect();
    ids.sort_unstable();
    ids
}

/// What a statement found of those whom a body names: at `at` the places of assignees who aren't in the team, and behind it
/// the labels that it doesn't have, of these `labels`; null if all is well.
///
/// # Errors
/// 422 that names each.
pub(crate) fn check_references(row: &Row, at: usize, labels: &Labels) -> ApiResult<()> {
    let (strangers, unknown): (Option<Vec<i32>>, Option<Vec<Uuid>>) = (column(row, at)?, column(row, at + 1)?);
    if strangers.is_none() && unknown.is_none() {
        return Ok(());
    }
    let (strangers, unknown) = (strangers.unwrap_or_default(), unknown.unwrap_or_default());
    let assignees =
        strangers.iter().map(|n| FieldError::new(format!("/assignees/{n}"), "must be a member of the team"));
    let places = labels.as_slice().iter().enumerate().filter(|(_, label)| unknown.contains(&label.uuid()));
    let labels = places.map(|(n, _)| FieldError::new(format!("/labels/{n}"), "must be a label of the team"));
    Err(assignees.chain(labels).collect::<Vec<_>>().into())
}

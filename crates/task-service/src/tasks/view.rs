//! From a row to a task.

use chrono::{DateTime, Utc};
use domain::problem::FieldError;
use domain::validation::Invalid;
use domain::{TaskView, UserId};
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
pub(crate) const COLUMNS: usize = 15;

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
        due_at: column::<Option<DateTime<Utc>>>(row, at + 9)?,
        created_by: column::<Uuid>(row, at + 10)?.into(),
        created_at: column(row, at + 11)?,
        updated_at: column(row, at + 12)?,
        completed_at: column(row, at + 13)?,
        version: column(row, at + 14)?,
    }))
}

/// 422 that names each assignee who isn't in the team, by their place in the list.
pub(crate) fn strangers(places: &[i32]) -> ApiError {
    let field = |n: &i32| FieldError::new(format!("/assignees/{n}"), "must be a member of the team");
    places.iter().map(field).collect::<Vec<_>>().into()
}

//! From a row to a label.

use domain::LabelView;
use platform::ApiResult;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::tasks::view::column;

/// How many columns a label has in a row.
pub(super) const COLUMNS: usize = 6;

/// The label in the columns from `at` on, if the row has one.
pub(super) fn label(row: &Row, at: usize) -> ApiResult<Option<LabelView>> {
    let Some(id) = column::<Option<Uuid>>(row, at)? else { return Ok(None) };
    Ok(Some(LabelView {
        id: id.into(),
        team_id: column::<Uuid>(row, at + 1)?.into(),
        name: column(row, at + 2)?,
        color: column(row, at + 3)?,
        created_at: column(row, at + 4)?,
        updated_at: column(row, at + 5)?,
    }))
}

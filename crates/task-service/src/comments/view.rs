//! From a row to a comment.

use domain::CommentView;
use platform::ApiResult;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::tasks::view::column;

/// How many columns a comment has in a row.
pub(super) const COLUMNS: usize = 6;

/// The comment in the columns from `at` on, if the row has one.
pub(super) fn comment(row: &Row, at: usize) -> ApiResult<Option<CommentView>> {
    let Some(id) = column::<Option<Uuid>>(row, at)? else { return Ok(None) };
    Ok(Some(CommentView {
        id: id.into(),
        task_id: column::<Uuid>(row, at + 1)?.into(),
        author_id: column::<Uuid>(row, at + 2)?.into(),
        body: column(row, at + 3)?,
        created_at: column(row, at + 4)?,
        updated_at: column(row, at + 5)?,
    }))
}

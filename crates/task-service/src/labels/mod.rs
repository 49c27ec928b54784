//! Labels: what a team sorts its tasks by. One verb a file, and every statement on them in [`queries`].

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod queries;
pub(crate) mod update;
mod view;

use domain::problem::Code;
use platform::ApiError;
use platform::postgres::DbError;

/// 409 when the team has a label of that name; anything else as it is.
fn name_taken(error: DbError) -> ApiError {
    if error.constraint() == Some("labels_team_id_name_idx") {
        let detail = "The team has a label with this name already; upper and lower case make no difference.";
        return ApiError::new(Code::Conflict, detail);
    }
    error.into()
}

//! `?limit=` and `?cursor=` of a list.

use domain::problem::Problem;
use domain::{Cursor, CursorKey, Limit};
use platform::ApiResult;
use serde::Deserialize;
use utoipa::IntoParams;

/// What a list's query string may hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}

impl Paging {
    /// The position that the page begins after.
    ///
    /// # Errors
    /// 400 when the cursor isn't one of this list.
    pub(crate) fn after<K: CursorKey>(&self, list: Cursor) -> ApiResult<Option<K>> {
        let after = self.cursor.as_deref().map(|text| list.decode(text));
        Ok(after.transpose().map_err(Problem::from)?)
    }
}

//! `GET …/comments`: a page of the comments on a task, from the oldest or from the newest.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use domain::problem::Problem;
use domain::{CommentSort, CommentView, Cursor, Limit, Page};
use platform::ApiResult;
use platform::body::Query;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanViewTeam, TaskScope};
use crate::app::App;
use crate::pages;
use crate::tasks::view::column;

/// After every comment: a moment in the year 2262.
const FUTURE: DateTime<Utc> = DateTime::from_timestamp_nanos(i64::MAX);

/// The query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListComments {
    /// The order.
    #[serde(default)]
    #[param(inline)]
    sort: CommentSort,
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Lists the comments on a task.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/tasks/{task}/comments",
    tag = "comments",
    params(ListComments),
    responses((status = 200, body = Page<CommentView>)),
)]
pub(crate) async fn list(
    scope: TaskScope<CanViewTeam>,
    Query(query): Query<ListComments>,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let (name, statement, first) = match query.sort {
        CommentSort::Oldest => ("comments", &queries::OLDEST, (DateTime::UNIX_EPOCH, Uuid::nil())),
        CommentSort::Newest => ("newest comments", &queries::NEWEST, (FUTURE, Uuid::max())),
    };
    let cursor = Cursor::of(name, &scope.spelled());
    let (at, id): (DateTime<Utc>, Uuid) = match &query.cursor {
        None => first,
        Some(text) => cursor.decode(text).map_err(Problem::from)?,
    };
    let params = [scope.user(), scope.team(), &scope.roles(), scope.task(), &at, &id, &query.limit.fetch()];
    let rows = app.read.query(scope.choose(statement), &params).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let is_cut = pages::is_cut(column(first, 6)?, rows.len());
    let mut comments = Vec::with_capacity(rows.len());
    for row in &rows {
        comments.extend(view::comment(row, 0)?);
    }
    // They come in this order; SQL only doesn't promise it for a join.
    comments.sort_by_key(|comment| (comment.created_at, comment.id));
    if query.sort == CommentSort::Newest {
        comments.reverse();
    }
    let page = Page::cut(comments, query.limit, is_cut, |last| cursor.encode(&(last.created_at, last.id.uuid())));
    Ok(HttpResponse::Ok().json(page))
}

//! `GET …/comments`: a page of the comments on a task, oldest first.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use domain::problem::Problem;
use domain::{CommentView, Cursor, Limit, Page};
use platform::ApiResult;
use platform::body::Query;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanViewTeam, TaskScope};
use crate::app::App;

/// The query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListComments {
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Lists the comments on a task, oldest first.
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
    let cursor = Cursor::of("comments", &scope.spelled());
    let (at, id): (DateTime<Utc>, Uuid) = match &query.cursor {
        None => (DateTime::UNIX_EPOCH, Uuid::nil()),
        Some(text) => cursor.decode(text).map_err(Problem::from)?,
    };
    let params = [scope.user(), scope.team(), &scope.roles(), scope.task(), &at, &id, &query.limit.fetch()];
    let rows = app.read.query(scope.choose(&queries::LIST), &params).await?;
    if rows.is_empty() {
        return Err(Problem::not_found().into());
    }
    let mut comments = Vec::with_capacity(rows.len());
    for row in &rows {
        comments.extend(view::comment(row, 0)?);
    }
    // They come in this order; SQL only doesn't promise it for a join.
    comments.sort_by_key(|comment| (comment.created_at, comment.id));
    let page = Page::of(comments, query.limit, |last| cursor.encode(&(last.created_at, last.id.uuid())));
    Ok(HttpResponse::Ok().json(page))
}

//! `GET …/tasks`: a page of a team's tasks, filtered and in one of several orders.

use actix_web::http::header::{ContentType, ETAG};
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use domain::problem::Problem;
use domain::{Cursor, ListTasks, Page, TaskView};
use platform::body::Query;
use platform::conditions::IfNoneMatch;
use platform::{ApiError, ApiResult};

use super::selection::{self, Start};
use super::view;
use crate::access::{CanViewTeam, TeamScope};
use crate::app::{App, Known};
use crate::etag;
use crate::log::head::Head;
use crate::pages;

/// Lists a team's tasks: those that the filter lets in, in the order of `sort`.
///
/// 304 when nothing has happened in the team since the caller had the page.
///
/// A cursor is a place in the order, not a picture of the list. A task that is moved, or changed in what the list is ordered by,
/// while pages are read may come twice or not at all; `changes` tells of it.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/tasks",
    tag = "tasks",
    params(ListTasks, ("If-None-Match", Header)),
    responses((status = 200, body = Page<TaskView>, headers(("ETag" = String)))),
)]
pub(crate) async fn list(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<ListTasks>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let ListTasks { filter, sort, limit, cursor: text } = query;
    let filter = filter.of_caller((*scope.user()).into());
    let query = ListTasks { filter, sort, ..ListTasks::default() };
    let list = query.spelled();
    // A key is its team's for good, so the team as it is spelled binds as well as its id, and needs no look-up.
    let cursor = Cursor::of("tasks", &format!("{} {list}", scope.spelled()));
    let start = Start::of(sort, cursor, text.as_deref()).map_err(Problem::from)?;
    let spelled = format!("{list}&limit={}&before={start}", limit.get());
    match app.known(&scope, &if_none_match, &spelled).await? {
        Known::Unchanged(tag) => return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish()),
        Known::Kept(tag, body) => return Ok(answer(tag, body)),
        Known::Nothing => {}
    }
    let rows = selection::page(&app, &scope, &query.filter, &start, limit.fetch()).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let (head, team) = (Head::of(first, 0)?, view::column(first, 2)?);
    let mut tasks = Vec::with_capacity(rows.len());
    for row in &rows {
        tasks.extend(view::task(row, 3)?);
    }
    start.sort(&mut tasks);
    let is_cut = pages::is_cut(view::column(first, view::COLUMNS + 3)?, rows.len());
    let page = Page::cut(tasks, limit, is_cut, |last| start.behind(last, cursor));
    let body = Bytes::from(serde_json::to_vec(&page).map_err(ApiError::internal)?);
    app.keep(&scope, &spelled, pages::Page { team, head, body: body.clone() });
    Ok(answer(etag::of_list(head, &spelled), body))
}

/// The answer with a page's JSON.
pub(crate) fn answer(tag: String, body: Bytes) -> HttpResponse {
    HttpResponse::Ok().insert_header((ETAG, tag)).content_type(ContentType::json()).body(body)
}

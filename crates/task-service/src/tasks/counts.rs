//! `GET …/tasks/counts`: how many tasks of a list are in each status.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use domain::problem::Problem;
use domain::{CountTasks, TaskCounts};
use platform::body::Query;
use platform::conditions::IfNoneMatch;
use platform::{ApiError, ApiResult};

use super::list::answer;
use super::{selection, view};
use crate::access::{CanViewTeam, TeamScope};
use crate::app::{App, Known};
use crate::etag;
use crate::log::head::Head;
use crate::pages;

/// Counts a team's tasks by their status, under the filter of a list.
///
/// 304 when nothing has happened in the team since the caller had the counts.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/tasks/counts",
    tag = "tasks",
    params(CountTasks, ("If-None-Match", Header)),
    responses((status = 200, body = TaskCounts, headers(("ETag" = String)))),
)]
pub(crate) async fn counts(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<CountTasks>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let filter = query.filter.of_caller((*scope.user()).into());
    let spelled = format!("counts&{}", filter.spelled());
    match app.known(&scope, &if_none_match, &spelled).await? {
        Known::Unchanged(tag) => return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish()),
        Known::Kept(tag, body) => return Ok(answer(tag, body)),
        Known::Nothing => {}
    }
    let rows = selection::counts(&app, &scope, &filter).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let (head, team) = (Head::of(first, 0)?, view::column(first, 2)?);
    let mut counts = TaskCounts::default();
    for row in &rows {
        if let Some(tasks) = view::column::<Option<i64>>(row, 4)? {
            *counts.by_status.of(view::word(row, 3)?) = tasks;
        }
    }
    let body = Bytes::from(serde_json::to_vec(&counts).map_err(ApiError::internal)?);
    app.keep(&scope, &spelled, pages::Page { team, head, body: body.clone() });
    Ok(answer(etag::of_list(head, &spelled), body))
}

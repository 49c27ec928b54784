//! `GET …/tasks/{task}`: one task.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use domain::TaskView;
use domain::problem::Problem;
use platform::ApiResult;
use platform::conditions::IfNoneMatch;
use serde::Serialize;

use super::view;
use crate::access::{CanViewTeam, TaskScope};
use crate::app::App;
use crate::etag;

/// Shows a task.
///
/// 304 when the caller has this version.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/tasks/{task}",
    tag = "tasks",
    params(("If-None-Match", Header)),
    responses((status = 200, body = TaskView, headers(("ETag" = String)))),
)]
pub(crate) async fn get(
    scope: TaskScope<CanViewTeam>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    answer(&app, &scope, &if_none_match, |task| task).await
}

/// The answer with a task as `show` shows it, or 304 when the caller has this version.
pub(crate) async fn answer<T: Serialize>(
    app: &App,
    scope: &TaskScope<CanViewTeam>,
    if_none_match: &IfNoneMatch,
    show: impl FnOnce(TaskView) -> T,
) -> ApiResult<HttpResponse> {
    let row = app.task(scope).await?.ok_or_else(Problem::not_found)?;
    let task = view::task(&row, 0)?.ok_or_else(Problem::not_found)?;
    let tag = etag::of_version(task.version);
    Ok(if if_none_match.has(&tag) {
        HttpResponse::NotModified().insert_header((ETAG, tag)).finish()
    } else {
        HttpResponse::Ok().insert_header((ETAG, tag)).json(show(task))
    })
}

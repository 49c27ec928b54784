//! `GET /api/tasks/{id}`: a task of any of the caller's teams.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::simple::SimpleTask;
use platform::ApiResult;
use platform::conditions::IfNoneMatch;

use crate::access::{AnywhereScope, CanViewTeam};
use crate::app::App;
use crate::etag;
use crate::tasks::view;

/// Shows a task of any of the caller's teams.
///
/// 304 when the caller has this version.
#[utoipa::path(
    get,
    path = "/api/tasks/{id}",
    tag = "simple",
    params(("If-None-Match", Header)),
    responses((status = 200, body = SimpleTask, headers(("ETag" = String)))),
)]
pub(crate) async fn get(
    AnywhereScope(scope): AnywhereScope<CanViewTeam>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let row = app.task(&scope).await?.ok_or_else(Problem::not_found)?;
    let task = view::task(&row, 0)?.ok_or_else(Problem::not_found)?;
    let tag = etag::of_version(task.version);
    Ok(if if_none_match.has(&tag) {
        HttpResponse::NotModified().insert_header((ETAG, tag)).finish()
    } else {
        HttpResponse::Ok().insert_header((ETAG, tag)).json(SimpleTask::from(task))
    })
}

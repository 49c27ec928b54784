//! `GET /api/tasks/{id}`: a task of any of the caller's teams.

use actix_web::{HttpResponse, web};
use domain::simple::SimpleTask;
use platform::ApiResult;
use platform::conditions::IfNoneMatch;

use crate::access::{AnywhereScope, CanViewTeam};
use crate::app::App;
use crate::tasks::get::answer;

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
    answer(&app, &scope, &if_none_match, SimpleTask::from).await
}

//! `DELETE /api/tasks/{id}`: takes away a task of any of the caller's teams.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::simple::Message;
use platform::ApiResult;
use platform::conditions::IfMatch;

use crate::access::{AnywhereScope, CanDeleteTask};
use crate::app::App;
use crate::tasks::delete::remove;

/// Deletes a task of any of the caller's teams.
///
/// From then on it is 404.
#[utoipa::path(
    delete,
    path = "/api/tasks/{id}",
    tag = "simple",
    params(("If-Match", Header)),
    responses((status = 200, body = Message), (status = 403)),
)]
pub(crate) async fn delete(
    AnywhereScope(scope): AnywhereScope<CanDeleteTask>,
    if_match: IfMatch,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    Ok(match remove(&app, &scope, &if_match, &req).await? {
        Ok(()) => HttpResponse::Ok().json(Message::deleted()),
        Err(moved_on) => moved_on.response(),
    })
}

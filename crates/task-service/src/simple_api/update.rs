//! `PUT /api/tasks/{id}`: changes title, description or status of a task of any of the caller's teams.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::simple::{Message, SimpleUpdate};
use platform::ApiResult;
use platform::body::Body;
use platform::conditions::IfMatch;

use crate::access::{AnywhereScope, CanEditTask};
use crate::app::App;
use crate::tasks::update::change;

/// Changes title, description or status of a task of any of the caller's teams.
#[utoipa::path(
    put,
    path = "/api/tasks/{id}",
    tag = "simple",
    params(("If-Match", Header)),
    request_body = SimpleUpdate,
    responses((status = 200, body = Message), (status = 403)),
)]
pub(crate) async fn update(
    AnywhereScope(scope): AnywhereScope<CanEditTask>,
    if_match: IfMatch,
    app: web::Data<App>,
    req: HttpRequest,
    Body(patch): Body<SimpleUpdate>,
) -> ApiResult<HttpResponse> {
    Ok(match change(&app, &scope, &patch, &if_match, &req).await? {
        Ok(_) => HttpResponse::Ok().json(Message::updated()),
        Err(moved_on) => moved_on.response(),
    })
}

//! `PATCH /me`.

use actix_web::{HttpResponse, web};
use domain::{PatchMe, UserView};
use platform::body::Body;
use platform::{ApiResult, Caller};

use super::queries;
use crate::App;

/// Changes the caller's own account.
///
/// A merge patch (RFC 7396); an empty one changes nothing.
#[utoipa::path(
    patch,
    path = "/api/v1/me",
    tag = "accounts",
    request_body = PatchMe,
    responses((status = 200, body = UserView)),
)]
pub(crate) async fn update_me(caller: Caller, app: web::Data<App>, body: Body<PatchMe>) -> ApiResult<HttpResponse> {
    let changed = app.pool.transaction(async |connection| match &body.0.name {
        Some(name) => queries::rename(connection, &caller, name).await,
        None => queries::get(connection, caller.user).await,
    });
    Ok(HttpResponse::Ok().json(changed.await?))
}

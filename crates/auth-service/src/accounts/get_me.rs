//! `GET /me`.

use actix_web::{HttpResponse, web};
use domain::UserView;
use platform::{ApiResult, Caller};

use super::queries;
use crate::App;

/// Shows the caller's own account.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "accounts",
    responses((status = 200, body = UserView)),
)]
pub(crate) async fn get_me(caller: Caller, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let me = app.pool.run(async |connection| queries::get(connection, caller.user).await).await?;
    Ok(HttpResponse::Ok().json(me))
}

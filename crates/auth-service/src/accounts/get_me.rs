//! `GET /me`.

use actix_web::{HttpResponse, web};
use platform::{ApiResult, Caller};

use super::queries;
use crate::App;

/// The caller's own account.
pub(crate) async fn get_me(caller: Caller, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let me = app.pool.run(async |connection| queries::get(connection, caller.user).await).await?;
    Ok(HttpResponse::Ok().json(me))
}

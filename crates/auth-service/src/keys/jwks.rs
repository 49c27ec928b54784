//! `GET /.well-known/jwks.json`.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use platform::ApiResult;

use crate::App;

/// Shows every public key that a token in use may name (RFC 7517).
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    tag = "keys",
    responses((status = 200, body = serde_json::Value)),
)]
pub(crate) async fn jwks(app: web::Data<App>) -> ApiResult<HttpResponse> {
    let ring = app.keys.ring().await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "max-age=60")).json(ring.jwks()))
}

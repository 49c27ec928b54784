//! `GET /.well-known/jwks.json`.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use platform::ApiResult;

use crate::App;

/// Every public key that a token in use may name (RFC 7517).
pub async fn jwks(app: web::Data<App>) -> ApiResult<HttpResponse> {
    let ring = app.keys.ring().await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "max-age=60")).json(ring.jwks()))
}

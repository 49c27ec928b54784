//! `POST /auth/logout`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Logout;
use platform::ApiResult;
use platform::body::Body;

use super::{cookie, queries};
use crate::App;
use crate::secret_token::Kind;

/// Ends the session of a refresh token.
///
/// A token that isn't known has no session either, which is what was asked for.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    tag = "sessions",
    params(("X-TaskHub-Session" = Option<String>, Header, description = "`cookie` where the session is kept in one: proves that no other site sends this.")),
    request_body = Logout,
    responses((status = 204, headers(("Set-Cookie" = String))), (status = 403, description = "The cookie came without the header `X-TaskHub-Session: cookie`.")),
)]
pub(crate) async fn logout(req: HttpRequest, app: web::Data<App>, body: Body<Logout>) -> ApiResult<HttpResponse> {
    let (token, delivery) = cookie::shown(&req, body.0)?;
    if let Some(hash) = token.and_then(|token| Kind::Refresh.hash(&token)) {
        let ended = app.pool.transaction(async |connection| queries::end_by_token(connection, &hash).await).await?;
        if let Some(session) = ended {
            tracing::info!(target: "security", %session, "signed out");
        }
    }
    let mut response = HttpResponse::NoContent();
    if let Some(removal) = delivery.removal() {
        response.cookie(removal);
    }
    Ok(response.finish())
}

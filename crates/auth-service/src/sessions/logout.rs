//! `POST /auth/logout`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::Logout;
use platform::ApiResult;
use platform::body::Body;

use super::{cookie, queries};
use crate::App;
use crate::secret_token::Kind;

/// Ends the session of a refresh token, and takes its cookie away if it was in one. A token that isn't known has no session
/// either, which is what was asked for.
pub(crate) async fn logout(req: HttpRequest, app: web::Data<App>, body: Body<Logout>) -> ApiResult<HttpResponse> {
    let (token, delivery) = cookie::shown(&req, body.0)?;
    if let Some(hash) = token.and_then(|token| Kind::Refresh.hash(&token)) {
        let ended = app.pool.run(async |connection| queries::end_by_token(connection, &hash).await).await?;
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

//! `POST /auth/logout`.

use actix_web::{HttpResponse, web};
use domain::Logout;
use platform::ApiResult;
use platform::body::Body;

use super::queries;
use crate::App;
use crate::secret_token::Kind;

/// Ends the session of a refresh token. A token that isn't known has no session either, which is what was asked for.
pub(crate) async fn logout(app: web::Data<App>, body: Body<Logout>) -> ApiResult<HttpResponse> {
    if let Some(hash) = Kind::Refresh.hash(&body.0) {
        let ended = app.pool.run(async |connection| queries::end_by_token(connection, &hash).await).await?;
        if let Some(session) = ended {
            tracing::info!(target: "security", %session, "signed out");
        }
    }
    Ok(HttpResponse::NoContent().finish())
}

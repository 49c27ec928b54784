//! `DELETE /auth/sessions/{session}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::SessionId;
use domain::problem::Problem;
use platform::body::segment;
use platform::{ApiResult, Caller};

use super::queries;
use crate::App;

/// Signs the caller out somewhere.
///
/// The session gets no further access token; one that it has is good until it expires.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/sessions/{session}",
    tag = "sessions",
    responses((status = 204)),
)]
pub(crate) async fn end(caller: Caller, req: HttpRequest, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let session: SessionId = segment(&req, "session")?;
    if !app.pool.transaction(async |tx| queries::end_own(tx, &caller, session).await).await? {
        return Err(Problem::not_found().into());
    }
    tracing::info!(target: "security", user = %caller.user, %session, "a session was ended");
    Ok(HttpResponse::NoContent().finish())
}

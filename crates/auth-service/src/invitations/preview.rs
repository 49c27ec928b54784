//! `POST /invitations/preview`.

use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::{AcceptInvitation, InvitationPreview};
use platform::ApiResult;
use platform::body::Body;

use super::queries;
use crate::App;
use crate::secret_token::Kind;

/// Shows what an invitation says, to anyone who has its token.
///
/// It is a POST so that no log holds the token. An invitation that isn't open any more is 404.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/preview",
    tag = "invitations",
    request_body = AcceptInvitation,
    responses((status = 200, body = InvitationPreview), (status = 404)),
)]
pub(crate) async fn preview(app: web::Data<App>, body: Body<AcceptInvitation>) -> ApiResult<HttpResponse> {
    let hash = Kind::Invitation.hash(&body.0).ok_or_else(Problem::not_found)?;
    let found = app.pool.run(async |connection| queries::preview(connection, &hash).await).await?;
    Ok(HttpResponse::Ok().json(found.ok_or_else(Problem::not_found)?))
}

//! `GET /teams/{team}/invitations/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{Action, InvitationId, InvitationView};
use platform::ApiResult;
use platform::body::segment;

use super::queries;
use crate::App;
use crate::access::{Access, InTeam};

/// Shows an open invitation, without its token, to those who may invite.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/invitations/{id}",
    tag = "invitations",
    responses((status = 200, body = InvitationView), (status = 403)),
)]
pub(crate) async fn get(scope: InTeam, req: HttpRequest, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let id: InvitationId = segment(&req, "id")?;
    let found = app.pool.run(async |connection| {
        let access = Access::to(connection, &scope, Action::InviteMember).await?;
        queries::get(connection, &access, id).await
    });
    Ok(HttpResponse::Ok().json(found.await?.ok_or_else(Problem::not_found)?))
}

//! `DELETE /teams/{team}/invitations/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{Action, InvitationId};
use platform::ApiResult;
use platform::body::segment;

use super::queries;
use crate::App;
use crate::access::{Access, InTeam, forbidden};

/// Takes an open invitation back.
///
/// One that isn't open any more is 404.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{team}/invitations/{id}",
    tag = "invitations",
    responses((status = 204)),
)]
pub(crate) async fn revoke(scope: InTeam, req: HttpRequest, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let id: InvitationId = segment(&req, "id")?;
    let revoked = app
        .pool
        .transaction(async |tx| {
            let access = Access::to_change(tx, &scope).await?.with(Action::InviteMember)?;
            let role = queries::role_of_open(tx, &access, id).await?.ok_or_else(Problem::not_found)?;
            if !access.role.may_grant(role) {
                return Err(forbidden(format!("As {} you can't take back the invitation of an {role}.", access.role)));
            }
            if queries::revoke(tx, &access, id).await? { Ok(access) } else { Err(Problem::not_found().into()) }
        })
        .await;
    let access = revoked?;
    tracing::info!(target: "security", by = %access.user, team = %access.team, invitation = %id, "an invitation was taken back");
    Ok(HttpResponse::NoContent().finish())
}

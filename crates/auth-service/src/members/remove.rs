//! `DELETE /teams/{team}/members/{user}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::UserId;
use platform::ApiResult;
use platform::body::segment;

use super::{keep_an_owner, keep_the_person, locked, queries};
use crate::access::{Access, InTeam, forbidden};
use crate::{App, invitations};

/// Takes a member out of the team.
///
/// Anyone may take out themselves.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{team}/members/{user}",
    tag = "members",
    responses((status = 204), (status = 409, description = "The team would be left without an owner, or a personal team without its person.")),
)]
pub(crate) async fn remove(scope: InTeam, req: HttpRequest, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let user: UserId = segment(&req, "user")?;
    let removed = app
        .pool
        .transaction(async |tx| {
            let access = Access::to_change(tx, &scope).await?;
            let (mine, member, person) = locked(tx, &access, user).await?;
            if user != access.user && !mine.may_remove(member.role) {
                return Err(forbidden(format!("As {mine} you can't remove an {}.", member.role)));
            }
            keep_an_owner(tx, &access, &member).await?;
            keep_the_person(person, user, false)?;
            queries::delete(tx, &access, user).await?;
            invitations::revoke_beyond(tx, &access, user, None).await?;
            Ok(access)
        })
        .await;
    let access = removed?;
    tracing::info!(target: "security", by = %access.user, team = %access.team, %user, "a member was removed");
    Ok(HttpResponse::NoContent().finish())
}

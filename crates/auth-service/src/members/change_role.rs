//! `PATCH /teams/{team}/members/{user}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::{ChangeRole, MemberView, Role, UserId};
use platform::ApiResult;
use platform::body::{Body, segment};

use super::{keep_an_owner, keep_the_person, locked, queries};
use crate::access::{Access, InTeam, forbidden};
use crate::{App, invitations};

/// Gives a member another role.
#[utoipa::path(
    patch,
    path = "/api/v1/teams/{team}/members/{user}",
    tag = "members",
    request_body = ChangeRole,
    responses((status = 200, body = MemberView), (status = 409, description = "The team would be left without an owner, or a personal team with another than its person.")),
)]
pub(crate) async fn change_role(
    scope: InTeam,
    req: HttpRequest,
    app: web::Data<App>,
    body: Body<ChangeRole>,
) -> ApiResult<HttpResponse> {
    let user: UserId = segment(&req, "user")?;
    let role = body.0;
    let changed = app
        .pool
        .transaction(async |tx| {
            let access = Access::to_change(tx, &scope).await?;
            let (mine, member, person) = locked(tx, &access, user).await?;
            may_change(mine, member.role, role)?;
            if member.role != role {
                keep_an_owner(tx, &access, &member).await?;
                keep_the_person(person, user, role == Role::Owner)?;
                queries::set_role(tx, &access, user, role).await?;
                invitations::revoke_beyond(tx, &access, user, Some(role)).await?;
            }
            Ok((access, member))
        })
        .await;
    let (access, before) = changed?;
    let (by, team, from) = (access.user, access.team, before.role);
    tracing::info!(target: "security", %by, %team, %user, %from, to = %role, "a role was changed");
    Ok(HttpResponse::Ok().json(MemberView { role, ..before }))
}

fn may_change(mine: Role, current: Role, new: Role) -> ApiResult<()> {
    if mine.may_change(current, new) {
        return Ok(());
    }
    Err(forbidden(format!(
        "As {mine} you can't turn {current} into {new}: admins manage up to admin, owners everyone."
    )))
}

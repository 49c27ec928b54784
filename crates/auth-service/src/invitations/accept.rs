//! `POST /invitations/accept`.

use actix_web::{HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::{AcceptInvitation, Role, TeamView};
use platform::body::Body;
use platform::{ApiError, ApiResult, Caller};

use super::queries;
use crate::access::forbidden;
use crate::secret_token::Kind;
use crate::{App, members, sessions};

/// Makes the caller a member of the team that they were invited to.
///
/// Accepting again succeeds as long as they are a member.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/accept",
    tag = "invitations",
    request_body = AcceptInvitation,
    responses((status = 200, body = TeamView), (status = 403, description = "The invitation is for another address."), (status = 404), (status = 409, description = "The caller is a member already."), (status = 410, description = "The invitation was used or taken back, or has expired, or whoever invited may no longer do so.")),
)]
pub(crate) async fn accept(
    caller: Caller,
    app: web::Data<App>,
    body: Body<AcceptInvitation>,
) -> ApiResult<HttpResponse> {
    let hash = Kind::Invitation.hash(&body.0).ok_or_else(Problem::not_found)?;
    let joined = app.pool.transaction(async |tx| {
        sessions::hold(tx, &caller).await?;
        let found = queries::find(tx, &hash, caller.user).await?.ok_or_else(Problem::not_found)?;
        if !found.is_theirs {
            return Err(forbidden(
                "This invitation is for another email address. Sign in with the account that has the address it was sent to.",
            ));
        }
        // Holds the inviter's role until the transaction ends.
        let person = members::queries::lock(tx, found.team).await?;
        if (person.is_some() && found.role == Role::Owner) || !queries::take(tx, found.id).await? {
            // The answer to the first try may have got lost.
            let now = queries::find(tx, &hash, caller.user).await?;
            if now.is_some_and(|now| now.was_accepted)
                && let Some(team) = queries::team_of(tx, caller.user, found.team).await?
            {
                return Ok((found.id, team));
            }
            return Err(ApiError::new(Code::Gone, "This invitation was used or taken back, or has expired. Ask for a new one."));
        }
        let team = queries::join(tx, caller.user, &found).await?;
        team.map(|team| (found.id, team))
            .ok_or_else(|| ApiError::new(Code::Conflict, "You are a member of this team already."))
    });
    let (invitation, team) = joined.await?;
    let (user, role) = (caller.user, team.role);
    tracing::info!(target: "security", %user, team = %team.id, %invitation, %role, "an invitation was accepted");
    Ok(HttpResponse::Ok().json(team))
}

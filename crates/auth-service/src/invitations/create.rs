//! `POST /teams/{team}/invitations`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{TimeDelta, Utc};
use diesel_async::AsyncPgConnection;
use domain::problem::Code;
use domain::{Action, CreateInvitation, InvitationView, NewInvitation, Role};
use platform::body::{JsonBytes, parse};
use platform::{ApiError, ApiResult};

use super::queries;
use crate::App;
use crate::access::{Access, InTeam, forbidden};
use crate::idempotency::{Answer, IdempotentRequest};
use crate::members;
use crate::secret_token::Kind;

/// Invites somebody.
///
/// The answer alone shows the token. A new invitation for the same address takes the place of the one before.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{team}/invitations",
    tag = "invitations",
    params(("Idempotency-Key", Header)),
    request_body = CreateInvitation,
    responses((status = 201, body = InvitationView, headers(("Location" = String))), (status = 409, description = "They are a member already, the team is a personal one and has its owner, or the Idempotency-Key was used for something else.")),
)]
pub(crate) async fn create(
    scope: InTeam,
    req: HttpRequest,
    app: web::Data<App>,
    body: JsonBytes,
) -> ApiResult<HttpResponse> {
    let request = IdempotentRequest::of(&req, scope.caller.user, &body.0)?;
    let new = parse::<CreateInvitation>(&body.0)?;
    let answer = app
        .pool
        .transaction(async |tx| {
            let access = Access::to_change(tx, &scope).await?.with(Action::InviteMember)?;
            if let Some(first) = request.begin(tx, &app.master_key).await? {
                return Ok(first);
            }
            let invitation = invite(&app, tx, &scope, access, &new).await?;
            request.finish(tx, &app.master_key, Answer::json(StatusCode::CREATED, &invitation)?).await
        })
        .await?;
    answer.into_response(&req)
}

async fn invite(
    app: &App,
    tx: &mut AsyncPgConnection,
    scope: &InTeam,
    access: Access,
    new: &NewInvitation,
) -> ApiResult<InvitationView> {
    let person = members::queries::lock(tx, access.team).await?;
    // What the caller was before the lock they may be no more.
    let access = Access::to(tx, scope, Action::InviteMember).await?;
    if !access.role.may_grant(new.role) {
        return Err(forbidden(format!("As {} you can't invite an {}.", access.role, new.role)));
    }
    if person.is_some() && new.role == Role::Owner {
        return Err(members::personal());
    }
    if members::queries::has_email(tx, &access, &new.email).await? {
        return Err(ApiError::new(Code::Conflict, "Somebody with this email address is a member already."));
    }
    if let Some(role) = queries::open_role(tx, &access, &new.email).await?
        && !access.role.may_grant(role)
    {
        return Err(forbidden(format!("As {} you can't replace the invitation of an {role}.", access.role)));
    }
    queries::replace(tx, &access, &new.email).await?;
    let token = Kind::Invitation.generate()?;
    let hash = Kind::Invitation.hash(&token).ok_or_else(|| ApiError::internal(anyhow::anyhow!("a malformed token")))?;
    let expires_at = Utc::now() + TimeDelta::seconds(app.teams.invitation_s.into());
    let invitation = queries::insert(tx, &access, new, (&token, &hash), expires_at).await?;
    let (by, team, id, role) = (access.user, access.team, invitation.id, invitation.role);
    tracing::info!(target: "security", %by, %team, invitation = %id, %role, "somebody was invited");
    Ok(invitation)
}

//! `POST /teams`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::{CreateTeam, TeamKey, TeamView};
use platform::body::{JsonBytes, parse};
use platform::{ApiResult, Caller};

use super::queries::{self, Key, NewTeamRow};
use crate::idempotency::{Answer, IdempotentRequest};
use crate::{App, sessions};

/// Makes a team with the caller as its owner.
#[utoipa::path(
    post,
    path = "/api/v1/teams",
    tag = "teams",
    params(("Idempotency-Key", Header)),
    request_body = CreateTeam,
    responses((status = 201, body = TeamView, headers(("Location" = String))), (status = 409, description = "The key is taken, or the Idempotency-Key was used for something else.")),
)]
pub(crate) async fn create(
    caller: Caller,
    req: HttpRequest,
    app: web::Data<App>,
    body: JsonBytes,
) -> ApiResult<HttpResponse> {
    let request = IdempotentRequest::of(&req, caller.user, &body.0)?;
    let new = parse::<CreateTeam>(&body.0)?;
    let key = new.key.map_or_else(|| Key::Suggested(TeamKey::suggest(new.name.as_str())), Key::Chosen);
    let new = NewTeamRow { name: new.name, key, personal_owner: None };
    let answer = app
        .pool
        .transaction(async |tx| {
            sessions::hold(tx, &caller).await?;
            if let Some(first) = request.begin(tx, &app.master_key).await? {
                return Ok(first);
            }
            let team = queries::insert(tx, &new, caller.user).await?;
            tracing::info!(target: "security", user = %caller.user, team = %team.id, "a team was made");
            request.finish(tx, &app.master_key, Answer::json(StatusCode::CREATED, &team)?).await
        })
        .await?;
    answer.into_response(&req)
}

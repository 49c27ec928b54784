//! `POST /auth/register`.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Code;
use domain::{NewUser, Register, SecretText, SessionAnswer, TeamKey, TeamName, UserId, UserView};
use platform::body::Body;
use platform::{ApiError, ApiResult};

use super::queries;
use crate::App;
use crate::sessions::{self, Delivery, NewSession};
use crate::teams;
use crate::turns::Client;
use platform::client::Address;

/// Makes an account, the personal team that comes with it, and a session.
#[utoipa::path(
    post,
    path = "/api/v1/auth/register",
    tag = "accounts",
    request_body = Register,
    responses((status = 201, body = SessionAnswer, headers(("Location" = String), ("Set-Cookie" = String))), (status = 409, description = "There is an account with this address.")),
)]
pub(crate) async fn register(req: HttpRequest, app: web::Data<App>, body: Body<Register>) -> ApiResult<HttpResponse> {
    let new = body.0;
    let client = Client { address: Address::of_request(&req), account: new.email.to_string() };
    let password_hash = app.passwords.hash(&client, SecretText::new(new.password.expose())).await?;
    // All that can fail outside of the database comes first: nobody gets an account without an answer.
    let (user, session) = (UserId::new(), NewSession::new(&app, &req)?);
    let access = app.keys.sign(user, session.id).await?;
    let view = make(&app, user, &new, &password_hash, &session).await?;
    tracing::info!(target: "security", %user, session = %session.id, "registered");
    let delivery = Delivery::of(&req, new.session);
    let mut answer = sessions::answer(&app, StatusCode::CREATED, view, access, (session.refresh_token, delivery));
    answer.headers_mut().insert(LOCATION, HeaderValue::from_static("/api/v1/me"));
    Ok(answer)
}

async fn make(app: &App, id: UserId, new: &NewUser, password_hash: &str, session: &NewSession) -> ApiResult<UserView> {
    app.pool
        .transaction(async |tx| {
            let view = queries::insert(tx, id, new, password_hash).await?.ok_or_else(taken)?;
            let team = teams::NewTeamRow {
                name: TeamName::stored(new.name.as_str().to_owned()),
                key: teams::Key::Suggested(TeamKey::suggest(new.email.local_part())),
                personal_owner: Some(id),
            };
            teams::insert(tx, &team, id).await?;
            sessions::insert(tx, id, session).await?;
            Ok(view)
        })
        .await
}

fn taken() -> ApiError {
    ApiError::new(Code::Conflict, "There is an account with this email address already. Sign in instead.")
}

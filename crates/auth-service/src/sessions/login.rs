//! `POST /auth/login`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Code;
use domain::{Credentials, Login, SessionAnswer, UserView};
use platform::body::Body;
use platform::{ApiError, ApiResult};

use super::{Delivery, NewSession, answer, queries};
use crate::turns::Client;
use crate::{App, metrics};
use platform::client::Address;

/// Signs in.
///
/// Takes as long, and answers the same, when there is no such account.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    tag = "sessions",
    request_body = Login,
    responses((status = 200, body = SessionAnswer, headers(("Set-Cookie" = String))), (status = 401, description = "There is no account with this address and password.")),
)]
pub(crate) async fn login(req: HttpRequest, app: web::Data<App>, body: Body<Login>) -> ApiResult<HttpResponse> {
    let signed_in = sign_in(&req, &app, body.0).await;
    let outcome = match &signed_in {
        Ok(_) => metrics::Login::Success,
        Err(error) if error.problem().code == Code::BadCredentials => metrics::Login::BadCredentials,
        Err(_) => metrics::Login::Error,
    };
    outcome.count();
    signed_in
}

async fn sign_in(req: &HttpRequest, app: &App, credentials: Credentials) -> ApiResult<HttpResponse> {
    let delivery = Delivery::of(req, credentials.session);
    let (user, hash) = verify(app, Address::of_request(req), credentials).await?;
    let session = NewSession::new(app, req)?;
    let access = app.keys.sign(user.id, session.id).await?;
    app.pool
        .transaction(async |tx| {
            // Whoever knew a password that is changed at this moment must not have a session after that.
            if !queries::has_password(tx, user.id, &hash).await? {
                return Err(refused());
            }
            queries::insert(tx, user.id, &session).await
        })
        .await?;
    tracing::info!(target: "security", user = %user.id, session = %session.id, "signed in");
    Ok(answer(app, StatusCode::OK, user, access, (session.refresh_token, delivery)))
}

fn refused() -> ApiError {
    ApiError::new(Code::BadCredentials, "There is no account with this email address and password.")
}

/// Whose password it is, and its hash.
async fn verify(app: &App, address: Address, credentials: Credentials) -> ApiResult<(UserView, String)> {
    let account = match &credentials.email {
        Some(email) => app.pool.run(async |connection| queries::find_account(connection, email).await).await?,
        None => None,
    };
    let hash = account.as_ref().map(|(_, hash)| hash.clone());
    let client = Client { address, account: credentials.email.map_or_else(String::new, String::from) };
    let good = app.passwords.verify(&client, credentials.password, hash).await?;
    match account {
        Some(account) if good => return Ok(account),
        Some((user, _)) => tracing::warn!(target: "security", user = %user.id, "a sign-in failed: wrong password"),
        None => tracing::warn!(target: "security", "a sign-in failed: no such account"),
    }
    Err(refused())
}

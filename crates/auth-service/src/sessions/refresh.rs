//! `POST /auth/refresh`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use diesel_async::AsyncPgConnection;
use domain::problem::Code;
use domain::{Refresh, SecretText, SessionAnswer, SessionId, UserView};
use platform::body::Body;
use platform::{ApiError, ApiResult};

use super::queries::TokenRow;
use super::{Delivery, answer, cookie, expiry, queries, successor};
use crate::App;
use crate::metrics;
use crate::secret_token::Kind;

/// What a refresh token turned out to be.
enum Outcome {
    /// Good: this is its successor.
    Good { user: UserView, session: SessionId, successor: SecretText, repeated: bool },
    /// Used before: its session has been ended.
    Reused { session: SessionId },
    /// Nothing that is known.
    Invalid,
}

/// Exchanges a refresh token for the next one and an access token.
///
/// A refresh token is good once.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    tag = "sessions",
    params(("X-TaskHub-Session" = Option<String>, Header, description = "`cookie` where the session is kept in one: proves that no other site sends this.")),
    request_body = Refresh,
    responses((status = 200, body = SessionAnswer, headers(("Set-Cookie" = String))), (status = 401, description = "The refresh token is not valid: used before, expired, or its session has ended."), (status = 403, description = "The cookie came without the header `X-TaskHub-Session: cookie`.")),
)]
pub(crate) async fn refresh(req: HttpRequest, app: web::Data<App>, body: Body<Refresh>) -> ApiResult<HttpResponse> {
    let (token, delivery) = cookie::shown(&req, body.0)?;
    let exchanged = match &token {
        Some(token) => exchange(&app, token).await,
        None => Ok(Outcome::Invalid),
    };
    let count = match &exchanged {
        Ok(Outcome::Good { repeated: false, .. }) => metrics::Refresh::Rotated,
        Ok(Outcome::Good { repeated: true, .. }) => metrics::Refresh::Repeated,
        Ok(Outcome::Reused { .. }) => metrics::Refresh::Reused,
        Ok(Outcome::Invalid) => metrics::Refresh::Invalid,
        Err(_) => metrics::Refresh::Error,
    };
    count.count();
    match exchanged? {
        Outcome::Good { user, session, successor, .. } => {
            let access = app.keys.sign(user.id, session).await?;
            Ok(answer(&app, StatusCode::OK, user, access, (successor, delivery)))
        }
        Outcome::Reused { session } => {
            tracing::warn!(target: "security", %session, "a refresh token was used twice: the session has been ended");
            Ok(refused(delivery))
        }
        Outcome::Invalid => Ok(refused(delivery)),
    }
}

/// 401; a cookie that is good for nothing is taken away.
fn refused(delivery: Delivery) -> HttpResponse {
    let mut response = invalid().error_response();
    if let Some(removal) = delivery.removal()
        && let Err(error) = response.add_cookie(&removal)
    {
        tracing::warn!(%error, "a cookie could not be taken away");
    }
    response
}

fn invalid() -> ApiError {
    let detail =
        "The refresh token is not valid: it was used before, has expired, or its session has ended. Sign in again.";
    ApiError::new(Code::Unauthenticated, detail)
}

async fn exchange(app: &App, token: &SecretText) -> ApiResult<Outcome> {
    let Some(hash) = Kind::Refresh.hash(token) else { return Ok(Outcome::Invalid) };
    // Without a key there would be no answer, and the token would be used up for nothing.
    app.keys.ready().await?;
    app.pool
        .transaction(async |tx| {
            let Some(session) = queries::lock(tx, &hash).await? else { return Ok(Outcome::Invalid) };
            let leeway_s = app.tokens.refresh_leeway_s.try_into().unwrap_or(i32::MAX);
            let Some((row, user)) = queries::find_token(tx, &hash, leeway_s).await? else {
                return Ok(Outcome::Invalid);
            };
            match row {
                TokenRow::Newest => {
                    let successor = rotate(app, tx, session, token, &hash).await?;
                    return Ok(Outcome::Good { user, session, successor, repeated: false });
                }
                TokenRow::Rotated { just_now: true, successor } => {
                    let successor = successor::open(token, &successor)?;
                    if is_newest(tx, &successor).await? {
                        return Ok(Outcome::Good { user, session, successor, repeated: true });
                    }
                }
                TokenRow::Rotated { just_now: false, .. } => {}
            }
            queries::end(tx, session).await?;
            Ok(Outcome::Reused { session })
        })
        .await
}

async fn is_newest(tx: &mut AsyncPgConnection, token: &SecretText) -> ApiResult<bool> {
    match Kind::Refresh.hash(token) {
        Some(hash) => queries::is_newest(tx, &hash).await,
        None => Ok(false),
    }
}

/// Puts a new token in the place of this one, whose session is locked.
async fn rotate(
    app: &App,
    tx: &mut AsyncPgConnection,
    session: SessionId,
    token: &SecretText,
    hash: &[u8],
) -> ApiResult<SecretText> {
    let next = Kind::Refresh.generate()?;
    queries::retire_token(tx, hash, &successor::seal(token, &next)?).await?;
    queries::insert_token(tx, session, &next).await?;
    queries::touch(tx, session, expiry(app)).await?;
    Ok(next)
}

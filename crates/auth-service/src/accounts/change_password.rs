//! `POST /auth/password`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Code;
use domain::{ChangePassword, SecretText};
use platform::body::Body;
use platform::{ApiError, ApiResult, Caller};

use super::queries;
use crate::turns::Client;
use crate::{App, sessions};
use platform::client::Address;

/// Changes the caller's password.
///
/// Every other session of theirs ends: whoever knew the old password is out as soon as their access token is.
#[utoipa::path(
    post,
    path = "/api/v1/auth/password",
    tag = "accounts",
    request_body = ChangePassword,
    responses((status = 204), (status = 409, description = "The password was changed by somebody else meanwhile.")),
)]
pub(crate) async fn change_password(
    caller: Caller,
    req: HttpRequest,
    app: web::Data<App>,
    body: Body<ChangePassword>,
) -> ApiResult<HttpResponse> {
    let change = body.0;
    let client = Client { address: Address::of_request(&req), account: caller.user.to_string() };
    let now = app.pool.run(async |connection| queries::password_hash(connection, &caller).await).await?;
    if !app.passwords.verify(&client, change.current, Some(now.clone())).await? {
        tracing::warn!(target: "security", user = %caller.user, "a change of the password failed: wrong password");
        return Err(ApiError::field("/current_password", "is not your password"));
    }
    let next = app.passwords.hash(&client, SecretText::new(change.new.expose())).await?;
    let ended = app
        .pool
        .transaction(async |tx| {
            sessions::lock_all(tx, &caller).await?;
            if !queries::replace_password(tx, caller.user, &now, &next).await? {
                return Err(ApiError::new(Code::Conflict, "The password was changed meanwhile. Sign in again."));
            }
            sessions::end_others(tx, &caller).await
        })
        .await?;
    tracing::info!(target: "security", user = %caller.user, sessions_ended = ended, "the password was changed");
    Ok(HttpResponse::NoContent().finish())
}

//! Sessions: a sign-in, and the refresh tokens that descend from it.
//!
//! A refresh token is good once. Exchanging it gives its successor, and seals that under the token itself: who shows
//! the same token again within the leeway, because the answer got lost or two tabs asked at once, gets the same
//! successor. There is never a second branch, so a token that comes again later than that, or after its successor was
//! used, was copied: the session ends (RFC 9700, section 4.14.2).

mod cookie;
pub(crate) mod end;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod logout;
mod queries;
pub(crate) mod refresh;
mod successor;

pub(crate) use cookie::Delivery;
pub(crate) use queries::{end_others, hold, insert, is_alive, lock_all};

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{TimeDelta, Utc};
use domain::{SecretText, SessionAnswer, SessionId, UserView};
use platform::{ApiError, ApiResult};

use crate::App;
use crate::keys::AccessToken;
use crate::secret_token::Kind;
use crate::stored::Moment;

/// Longest `User-Agent` that is kept, in characters.
const USER_AGENT_CHARACTERS: usize = 200;

/// A session to be made.
#[derive(Debug)]
pub(crate) struct NewSession {
    pub(crate) id: SessionId,
    pub(crate) refresh_token: SecretText,
    pub(crate) user_agent: String,
    pub(crate) expires_at: Moment,
}

impl NewSession {
    /// A session with its first refresh token.
    pub(crate) fn new(app: &App, req: &HttpRequest) -> ApiResult<Self> {
        let user_agent = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self {
            id: SessionId::new(),
            refresh_token: Kind::Refresh.generate()?,
            user_agent: user_agent.chars().take(USER_AGENT_CHARACTERS).collect(),
            expires_at: expiry(app),
        })
    }
}

/// 401: a token outlives its session by minutes, and changes nothing in them.
pub(crate) fn has_ended() -> ApiError {
    ApiError::invalid_token("The session of this access token has ended.")
}

/// When a session ends that was used now.
fn expiry(app: &App) -> Moment {
    Utc::now() + TimeDelta::seconds(app.tokens.refresh_token_s.into())
}

/// The answer to whoever has a session now; nobody on the way may keep it (RFC 6749, section 5.1).
pub(crate) fn answer(
    app: &App,
    status: StatusCode,
    user: UserView,
    access: AccessToken,
    (refresh_token, delivery): (SecretText, Delivery),
) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store"));
    let in_body = match delivery.cookie(&refresh_token, app.tokens.refresh_token_s) {
        Some(cookie) => {
            response.cookie(cookie);
            None
        }
        None => Some(refresh_token),
    };
    response.json(SessionAnswer::new(user, access.token, access.expires_in_s, in_body))
}

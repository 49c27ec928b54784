//! Refresh tokens of pages: in a cookie that no script can read and no other site can send.
//!
//! Who signs in with `"session": "cookie"` gets the token as a cookie for `/api/v1/auth` alone, `HttpOnly` and
//! `SameSite=Strict`, instead of in the body. What uses the cookie needs the header `X-TaskHub-Session: cookie` too: another
//! site's form can't set it, and a script there would first have to ask (CORS), which is answered with no.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use domain::problem::Code;
use domain::{SecretText, SessionMode};
use platform::{ApiError, ApiResult};

const NAME: &str = "taskhub_refresh";
const PATH: &str = "/api/v1/auth";
const HEADER: &str = "x-taskhub-session";
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// How a refresh token gets to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// In the body of the answer.
    Body,
    /// As a cookie; `secure` if it came over HTTPS, so that it never goes over anything else.
    Cookie {
        /// Whether it came over HTTPS.
        secure: bool,
    },
}

impl Delivery {
    /// As a request asks for it.
    pub(crate) fn of(req: &HttpRequest, mode: SessionMode) -> Self {
        match mode {
            SessionMode::Token => Self::Body,
            SessionMode::Cookie => {
                let proto = req.headers().get(FORWARDED_PROTO).and_then(|value| value.to_str().ok());
                // Each proxy appends its own connection's; the first is the browser's.
                let browser = proto.and_then(|proto| proto.split(',').next());
                Self::Cookie { secure: browser.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https")) }
            }
        }
    }

    /// The cookie with a token, for so many seconds; none where tokens go in the body.
    pub(crate) fn cookie(self, token: &SecretText, max_age_s: u32) -> Option<Cookie<'static>> {
        self.build(token.expose().to_owned(), Duration::seconds(max_age_s.into()))
    }

    /// The cookie that takes the one that is there away.
    pub(crate) fn removal(self) -> Option<Cookie<'static>> {
        self.build(String::new(), Duration::ZERO)
    }

    fn build(self, value: String, max_age: Duration) -> Option<Cookie<'static>> {
        let Self::Cookie { secure } = self else { return None };
        let cookie = Cookie::build(NAME, value).path(PATH).http_only(true).same_site(SameSite::Strict).max_age(max_age);
        Some(if secure { cookie.secure(true) } else { cookie }.finish())
    }
}

/// The refresh token of a request, and how the next one is to be delivered: from the body, or, if there is none in it, from
/// the cookie. `None` when the request is a page's but has no cookie.
///
/// # Errors
/// 403 when there is a cookie but not the header; 422 when there is nothing at all.
pub(super) fn shown(req: &HttpRequest, body: Option<SecretText>) -> ApiResult<(Option<SecretText>, Delivery)> {
    if let Some(token) = body {
        return Ok((Some(token), Delivery::Body));
    }
    let cookie = req.cookie(NAME).map(|cookie| SecretText::new(cookie.value()));
    let is_page = req.headers().get(HEADER).is_some_and(|value| value.as_bytes() == b"cookie");
    match (is_page, cookie) {
        (true, cookie) => Ok((cookie, Delivery::of(req, SessionMode::Cookie))),
        (false, Some(_)) => {
            Err(ApiError::new(Code::Forbidden, "With the cookie, send the header `X-TaskHub-Session: cookie`."))
        }
        (false, None) => Err(ApiError::field("/refresh_token", "must be there, unless the session is in a cookie")),
    }
}

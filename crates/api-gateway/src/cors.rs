//! Cross-origin requests (CORS, WHATWG Fetch §3.2): which other web pages may call the API with tokens of their own.
//!
//! Credentials aren't allowed: the API is called with bearer tokens, and the cookie of a session is for its own site.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderValue, ORIGIN,
    VARY,
};
use actix_web::middleware::Next;
use platform::settings::SettingsError;
use url::Url;

/// What a page may send; what it may always send need not be named.
const SENT: &str = "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, traceparent, \
                    x-request-id";
/// What a page may read.
const READ: &str = "accept-patch, allow, etag, location, retry-after, traceparent, www-authenticate, x-request-id";
/// For how long a browser need not ask again; the most that Chromium takes.
const MAX_AGE_S: &str = "7200";

/// The origins of pages that may call the API.
#[derive(Clone, Debug)]
pub(crate) struct Origins(Arc<[String]>);

impl Origins {
    /// Origins separated by commas, such as `https://tools.example.org`; none where the text is empty.
    ///
    /// # Errors
    /// One line that names the setting and the origin that isn't one.
    pub(crate) fn parse(text: &str) -> Result<Self, SettingsError> {
        let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
        let checked = origins.map(|text| match Url::parse(text).map(|url| url.origin()) {
            Ok(origin) if origin.is_tuple() && origin.ascii_serialization() == text => Ok(text.to_owned()),
            _ => Err(SettingsError(format!(
                "TASKHUB__CORS__ALLOWED_ORIGINS: `{text}` is not an origin such as https://tools.example.org"
            ))),
        });
        checked.collect::<Result<_, _>>().map(Self)
    }
}

/// Middleware: tells browsers what pages of the allowed origins may do.
pub(crate) async fn cors(
    Origins(allowed): Origins,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if allowed.is_empty() {
        return next.call(request).await;
    }
    let asks = request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let origin = request.headers().get(ORIGIN).filter(|origin| allowed.iter().any(|it| it == *origin)).cloned();
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin else { return Ok(response) };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ));
    if asks && let Some(methods) = headers.get(ALLOW).cloned() {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_S));
    }
    Ok(response)
}

//! The URL table of a service, as data: one line a route.
//!
//! The same table configures the server and is read by tests, so that a test over "every route there
//! is" can't forget a new one. It also refuses what the table doesn't know: another method (405), a
//! query parameter that the route doesn't take or a precondition on what has no version (400). `HEAD` is answered wherever
//! `GET` is, and `OPTIONS` everywhere.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::guard;
use actix_web::http::header::{ALLOW, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use bytes::Bytes;
use domain::problem::{Code, Problem};

use crate::conditions::{IfMatch, title};
use crate::observe::RouteLabel;
use crate::problem::{ApiError, ApiResult, respond, shortened};

/// Who may call a route at all; what they may do there is the handler's to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Anyone who is signed in.
    User,
    /// Members of the `{team}` in the path; to anyone else it doesn't exist.
    Team,
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path template, such as `/api/v1/teams/{team}/tasks`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Query parameters that it takes.
    pub query: &'static [&'static str],
    /// Whether what it shows or changes has an `ETag`. A handler that shows it evaluates `If-None-Match`, one that
    /// changes it `If-Match`; other preconditions are refused.
    pub versioned: bool,
}

/// Declares `ROUTES`, `configure`, and what the handlers say of themselves (`Described`), from lines
/// `"path" Access { METHOD handler(query, …) [versioned]; … }`.
///
/// ```
/// # use actix_web::HttpResponse;
/// # #[utoipa::path(get, path = "/things")]
/// # async fn list() -> HttpResponse { HttpResponse::Ok().finish() }
/// # #[utoipa::path(post, path = "/things")]
/// # async fn create() -> HttpResponse { HttpResponse::Ok().finish() }
/// platform::routes! {
///     "/things" User { GET list(limit, cursor) versioned; POST create(); }
/// }
/// assert_eq!(ROUTES[0].query, ["limit", "cursor"]);
/// assert!(ROUTES[0].versioned && !ROUTES[1].versioned);
/// ```
#[macro_export]
macro_rules! routes {
    (@versioned) => { false };
    (@versioned versioned) => { true };
    (@route $path:literal $access:ident $method:ident [$($query:ident),*] [$($versioned:ident)?]) => {
        $crate::routes::Route {
            method: stringify!($method),
            path: $path,
            access: $crate::routes::Access::$access,
            query: &[$(stringify!($query)),*],
            versioned: $crate::routes!(@versioned $($versioned)?),
        }
    };
    ($($path:literal $access:ident {
        $($method:ident $($handler:ident)::+ ($($query:ident),* $(,)?) $($versioned:ident)?;)+
    })+) => {
        /// Every route of this service.
        pub const ROUTES: &[$crate::routes::Route] = &[$($(
            $crate::routes!(@route $path $access $method [$($query),*] [$($versioned)?]),
        )+)+];

        /// What the handlers say of themselves, for the OpenAPI document.
        #[derive(Clone, Copy, Debug, utoipa::OpenApi)]
        #[openapi(paths($($($($handler)::+),+),+))]
        pub struct Described;

        /// Adds every route of this service to an app.
        pub fn configure(cfg: &mut actix_web::web::ServiceConfig) {
            $(cfg.service(
                actix_web::web::resource($path)
                    $(.route(
                        $crate::routes::on(actix_web::http::Method::$method)
                            .to($($handler)::+)
                            .wrap(actix_web::middleware::from_fn(|req, next| {
                                const ROUTE: $crate::routes::Route =
                                    $crate::routes!(@route $path $access $method [$($query),*] [$($versioned)?]);
                                $crate::routes::checked(&ROUTE, req, next)
                            }))
                    ))+
                    .default_service(actix_web::web::to(|req: actix_web::HttpRequest| async move {
                        $crate::routes::other_method(&req, &[$(stringify!($method)),+])
                    })),
            );)+
        }
    };
}

/// What a `PATCH` takes (RFC 5789, section 3.1).
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const PATCHES: HeaderValue = HeaderValue::from_static("application/merge-patch+json, application/json");

/// A route for a method, and for `HEAD` where it is `GET`.
#[must_use]
pub fn on(method: Method) -> actix_web::Route {
    if method == Method::GET {
        web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
    } else {
        web::method(method)
    }
}

/// Refuses a query parameter or a precondition that the route doesn't take, by name. It also says which route this is, so
/// that the log and the metrics needn't ask the router again, and answers `HEAD` with what `GET` is answered with, without
/// the body.
///
/// # Errors
/// Passes on what the route returns.
pub async fn checked<B: MessageBody + 'static>(
    route: &'static Route,
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    req.extensions_mut().insert(RouteLabel(route.path));
    let is_head = req.method() == Method::HEAD;
    let if_match = match known_query(route, req.query_string()).and_then(|()| preconditions(route, req.headers())) {
        Ok(if_match) => if_match,
        Err(refused) => return Ok(req.into_response(refused.error_response()).map_into_right_body()),
    };
    let mut response = next.call(req).await?;
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE && route.method == "PATCH" {
        response.headers_mut().insert(ACCEPT_PATCH, PATCHES);
    }
    if let Some(if_match) = if_match
        && let Some(refused) = mismatch(&if_match, &response)
    {
        return Ok(response.into_response(refused).map_into_right_body());
    }
    if is_head {
        let size = match response.response().body().size() {
            BodySize::Stream => BodySize::None,
            size => size,
        };
        return Ok(response.map_body(|_, _| EitherBody::right(BoxBody::new(NoBytes(size)))));
    }
    Ok(response.map_into_left_body())
}

fn known_query(route: &Route, query: &str) -> ApiResult<()> {
    let mut names = query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split('=').next());
    let wrong = |detail| Err(ApiError::new(Code::BadRequest, detail));
    if let Some(name) = names.find(|name| !route.query.contains(name)) {
        let takes = if route.query.is_empty() { "none".to_owned() } else { route.query.join(", ") };
        return wrong(format!("Unknown query parameter `{}`; known here: {takes}.", shortened(name)));
    }
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    match pairs.find(|(_, value)| !is_utf8(value)) {
        Some((name, _)) => wrong(format!("The value of `{name}` in the query isn't UTF-8.")),
        None => Ok(()),
    }
}

/// Whether the bytes that `%XX` stand for are UTF-8, together with the rest.
fn is_utf8(value: &str) -> bool {
    if !value.contains('%') {
        return true;
    }
    let mut pieces = value.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.split_at_checked(2).map(|(digits, rest)| (u8::from_str_radix(digits, 16), rest)) {
            Some((Ok(byte), rest)) => {
                bytes.push(byte);
                bytes.extend_from_slice(rest.as_bytes());
            }
            _ => bytes.extend_from_slice(piece.as_bytes()),
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// Refuses a precondition that the handler doesn't evaluate. Gives the one that is evaluated on its answer.
fn preconditions(route: &Route, headers: &HeaderMap) -> ApiResult<Option<IfMatch>> {
    let shows = route.method == "GET";
    for name in [IF_MATCH, IF_NONE_MATCH] {
        if headers.contains_key(&name) && !(route.versioned && (shows || name == IF_MATCH)) {
            let detail = format!("{} isn't evaluated here; send the request without it.", title(&name));
            return Err(ApiError::new(Code::BadRequest, detail));
        }
    }
    (shows && headers.contains_key(IF_MATCH)).then(|| IfMatch::of(headers)).transpose()
}

/// 412, if what the answer shows isn't what the condition names.
fn mismatch<B>(if_match: &IfMatch, response: &ServiceResponse<B>) -> Option<HttpResponse> {
    let tag = response
        .headers()
        .get(ETAG)
        .filter(|_| matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED))?;
    if if_match.allows(tag.to_str().ok()?) {
        return None;
    }
    let detail = "What is here now has another tag, which `ETag` says.";
    let mut refused = respond(Problem::new(Code::PreconditionFailed, detail));
    refused.headers_mut().insert(ETAG, tag.clone());
    Some(refused)
}

/// No bytes, though the head says how many there would be: the answer to `HEAD`.
struct NoBytes(BodySize);

impl MessageBody for NoBytes {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

/// The answer to a method that no route of the path has: 204 to `OPTIONS`, else 405, both with `Allow` (RFC 9110, sections
/// 9.3.7 and 15.5.6).
#[must_use]
pub fn other_method(req: &HttpRequest, methods: &[&str]) -> HttpResponse {
    let mut allowed = methods.to_vec();
    if let Some(get) = allowed.iter().position(|method| *method == "GET") {
        allowed.insert(get + 1, "HEAD");
    }
    allowed.push("OPTIONS");
    let allowed = allowed.join(", ");
    let mut response = match *req.method() {
        Method::OPTIONS => HttpResponse::NoContent().finish(),
        _ => respond(Problem::new(Code::MethodNotAllowed, format!("Allowed here: {allowed}."))),
    };
    if methods.contains(&"PATCH") {
        response.headers_mut().insert(ACCEPT_PATCH, PATCHES);
    }
    if let Ok(value) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

/// The methods that any route has.
pub const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// The answer for a path that no route has.
pub async fn no_such_route(req: HttpRequest) -> HttpResponse {
    // About the server itself (RFC 9110, section 9.3.7).
    if req.method() == Method::OPTIONS && req.path() == "*" {
        return HttpResponse::NoContent().insert_header((ALLOW, METHODS)).finish();
    }
    let problem = Problem::new(Code::NotFound, format!("There is no route for {}.", shortened(req.path())));
    ApiError::from(problem).error_response()
}

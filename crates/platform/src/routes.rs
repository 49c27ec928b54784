//! The URL table of a service, as data: one line a route.
//!
//! The same table configures the server and is read by tests, so that a test over "every route there
//! is" can't forget a new one. It also refuses what the table doesn't know: another method (405), a
//! query parameter that the route doesn't take (400).

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::ALLOW;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use domain::problem::{Code, Problem};

use crate::observe::RouteLabel;
use crate::problem::{ApiError, respond};

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
}

/// Declares `ROUTES`, `configure`, and what the handlers say of themselves (`Described`), from lines `"path" Access { METHOD handler(query, …); … }`.
///
/// ```
/// # use actix_web::HttpResponse;
/// # #[utoipa::path(get, path = "/things")]
/// # async fn list() -> HttpResponse { HttpResponse::Ok().finish() }
/// # #[utoipa::path(post, path = "/things")]
/// # async fn create() -> HttpResponse { HttpResponse::Ok().finish() }
/// platform::routes! {
///     "/things" User { GET list(limit, cursor); POST create(); }
/// }
/// assert_eq!(ROUTES[0].query, ["limit", "cursor"]);
/// ```
#[macro_export]
macro_rules! routes {
    ($($path:literal $access:ident { $($method:ident $($handler:ident)::+ ($($query:ident),* $(,)?);)+ })+) => {
        /// Every route of this service.
        pub const ROUTES: &[$crate::routes::Route] = &[$($(
            $crate::routes::Route {
                method: stringify!($method),
                path: $path,
                access: $crate::routes::Access::$access,
                query: &[$(stringify!($query)),*],
            },
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
                        actix_web::web::method(actix_web::http::Method::$method)
                            .to($($handler)::+)
                            .wrap(actix_web::middleware::from_fn(|req, next| {
                                $crate::routes::known_query($path, &[$(stringify!($query)),*], req, next)
                            }))
                    ))+
                    .default_service(actix_web::web::to(|| async {
                        $crate::routes::method_not_allowed(&[$(stringify!($method)),+])
                    })),
            );)+
        }
    };
}

/// Refuses a query parameter that the route doesn't take, by name. It also says which route this is, so that the log and
/// the metrics needn't ask the router again.
///
/// # Errors
/// Passes on what the route returns.
pub async fn known_query<B: MessageBody + 'static>(
    path: &'static str,
    known: &'static [&'static str],
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    req.extensions_mut().insert(RouteLabel(path));
    let unknown = {
        let query = req.query_string();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let mut names = pairs.map(|pair| pair.split('=').next().unwrap_or_default());
        names.find(|name| !known.contains(name)).map(str::to_owned)
    };
    let Some(name) = unknown else {
        return next.call(req).await.map(ServiceResponse::map_into_left_body);
    };
    let takes = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let problem = Problem::new(Code::BadRequest, format!("Unknown query parameter `{name}`; known here: {takes}."));
    Ok(req.into_response(respond(problem)).map_into_right_body())
}

/// 405 with `Allow`, as RFC 9110 wants it.
#[must_use]
pub fn method_not_allowed(allowed: &[&str]) -> HttpResponse {
    let allow = allowed.join(", ");
    let mut response = respond(Problem::new(Code::MethodNotAllowed, format!("Allowed here: {allow}.")));
    if let Ok(value) = allow.parse() {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}

/// The answer for a path that no route has.
pub async fn no_such_route(req: HttpRequest) -> HttpResponse {
    let problem = Problem::new(Code::NotFound, format!("There is no route for {}.", req.path()));
    ApiError::from(problem).error_response()
}

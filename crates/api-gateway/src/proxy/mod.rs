//! The way of a request through the gateway: is its path one, whose is it, who calls, how long is it;
//! only then does a byte go to a service.

mod headers;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING, UPGRADE};
use actix_web::http::{ConnectionType, Method};
use actix_web::web::Payload;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use domain::problem::{Code, Problem};
use platform::bearer::token_of;
use platform::observe::{RequestContext, RouteLabel};
use platform::problem::shortened;
use platform::{ApiError, ApiResult, Verifier, streams};

use self::headers::{Forward, clean_answer};
use crate::page::Page;
use crate::routes::{Door, Owner, Rule, find};
use crate::uploads::{Uploads, too_large};
use crate::upstream::{Failure, Outgoing, Upstream};

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Label of everything that no rule knows.
pub(crate) const NO_ROUTE: RouteLabel = RouteLabel("unmatched");

/// Label of the page's files.
const PAGE: RouteLabel = RouteLabel("page");

/// The largest page that is sent twice when its answer is late; also how many a list gives if nobody says.
const CHEAP_LIMIT: u16 = 50;

/// What is the API's, whether there is such a route or not; all other paths are the page's, where there is one.
fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path.starts_with("/health")
}

/// What one worker thread needs to pass requests on.
pub(crate) struct Proxy {
    pub(crate) verifier: Verifier,
    pub(crate) auth: Upstream,
    pub(crate) task: Upstream,
    pub(crate) worker: Upstream,
    pub(crate) uploads: Uploads,
    pub(crate) body_limit: usize,
    pub(crate) trust_forwarded: bool,
    pub(crate) page: Option<Arc<Page>>,
}

impl Proxy {
    fn upstream(&self, owner: Owner) -> &Upstream {
        match owner {
            Owner::Auth => &self.auth,
            Owner::Task => &self.task,
            Owner::Worker => &self.worker,
        }
    }

    /// Answers a request with what its service says, or with a problem.
    pub(crate) async fn answer(self: Rc<Self>, request: HttpRequest, payload: Payload) -> HttpResponse {
        if let Some(page) = self.page.as_ref().filter(|_| !is_api(request.path())) {
            request.extensions_mut().insert(PAGE);
            return page.answer(&request);
        }
        let (start, upstream) = (Instant::now(), Cell::new(None));
        let mut answer = match self.pass(&request, payload, &upstream).await {
            Ok(answer) => answer,
            Err(problem) => {
                let mut answer = problem.error_response();
                // After an upgrade that we don't make, nothing tells where the next request begins.
                if speaks_of_websocket(&request) {
                    answer.head_mut().set_connection_type(ConnectionType::Close);
                }
                answer
            }
        };
        if let Ok(timing) = HeaderValue::from_str(&server_timing(start.elapsed(), upstream.get())) {
            answer.headers_mut().insert(SERVER_TIMING, timing);
        }
        answer
    }

    /// `took` gets how long the service took.
    async fn pass(
        &self,
        request: &HttpRequest,
        payload: Payload,
        took: &Cell<Option<Duration>>,
    ) -> ApiResult<HttpResponse> {
        let rule = admitted(request)?;
        // A browser asks whether it may send a token before it sends one.
        if rule.door == Door::Token && request.method() != Method::OPTIONS {
            self.verifier.verify(token_of(request)?).await?;
        }
        let stream = rule.stream && request.method() == Method::GET;
        if stream {
            streams::begin(request, None)?;
        }
        let body = match has_body(request, self.body_limit)? {
            true => Some(self.uploads.take(request, payload, self.body_limit).await?),
            false => None,
        };
        let upstream = self.upstream(rule.owner);
        let context = RequestContext::of(request);
        let deadline = upstream.deadline;
        let head = Forward {
            request,
            context: &context,
            target: request.uri().path_and_query().map_or("/", |target| target.as_str()),
            authority: &upstream.authority,
            length: body.as_ref().map(|body| body.bytes.len()),
            deadline,
            trusted: self.trust_forwarded,
        }
        .head();
        let outgoing = Outgoing {
            method: request.method(),
            head: &head,
            body: body.as_ref().map_or(&[], |body| &body.bytes),
            deadline,
            stream,
            costly: is_costly(request.path(), request.query_string()),
            sent: Cell::new(false),
        };
        let asked = Instant::now();
        let sent = upstream.send(outgoing).await;
        took.set(Some(asked.elapsed()));
        let failed = |failure: Failure| failure.answer(rule.owner.name(), request.method().is_safe());
        let mut answer = sent.map_err(failed)?;
        clean_answer(answer.headers_mut());
        Ok(answer)
    }
}

/// The rule that a request goes by, after everything that needs neither a token nor a service.
fn admitted(request: &HttpRequest) -> ApiResult<&'static Rule> {
    request.extensions_mut().insert(NO_ROUTE);
    let path = request.path();
    let unknown = || Problem::new(Code::NotFound, format!("There is no route for {}.", shortened(path)));
    let rule = find(path).ok_or_else(unknown)?;
    request.extensions_mut().insert(RouteLabel(rule.pattern));
    if speaks_of_websocket(request) {
        return Err(ApiError::new(Code::BadRequest, "There are no WebSockets here; leave out `Upgrade`."));
    }
    Ok(rule)
}

/// Whether a read may take its time also where all is well: it looks through many rows or gives many. Lists by number, by
/// position and by status are cheap, page by page.
fn is_costly(path: &str, query: &str) -> bool {
    const MANY: [&str; 7] = ["/stats", "/search", "/counts", "/changes", "/activity", "/history", "/export"];
    let is_list = path.ends_with("/tasks");
    let mut pairs =
        query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    path == "/api/tasks"
        || MANY.iter().any(|end| path.ends_with(end))
        || pairs.any(|(name, value)| match name {
            "limit" => value.parse::<u16>().map_or(true, |limit| limit > CHEAP_LIMIT),
            "sort" => !matches!(value, "number" | "position"),
            "status" | "cursor" => false,
            _ => is_list,
        })
}

/// How long it took until the head of the answer was there, and how much of it the service took (W3C Server Timing).
fn server_timing(total: Duration, upstream: Option<Duration>) -> String {
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    match upstream {
        None => format!("total;dur={:.1}", ms(total)),
        Some(upstream) => format!("total;dur={:.1}, upstream;dur={:.1}", ms(total), ms(upstream)),
    }
}

fn speaks_of_websocket(request: &HttpRequest) -> bool {
    let mut offers = request.headers().get_all(UPGRADE).filter_map(|value| value.to_str().ok());
    offers.any(|offer| offer.split(',').any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket")))
}

/// Whether there is a body that may be taken. actix-http has refused what is contradictory.
fn has_body(request: &HttpRequest, limit: usize) -> ApiResult<bool> {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return Ok(true);
    }
    let Some(announced) = headers.get(CONTENT_LENGTH) else { return Ok(false) };
    let length = announced.to_str().ok().and_then(|value| value.trim().parse::<u64>().ok());
    match length {
        Some(length) if length > limit as u64 => Err(too_large(limit)),
        Some(length) => Ok(length > 0),
        None => Err(ApiError::new(Code::BadRequest, "Content-Length must be a number of bytes.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_cheap_is_cheap() {
        let list = "/api/v1/teams/ops/tasks";
        for (path, query) in [
            (list, ""),
            (list, "status=pending,in_progress&sort=position&limit=50&cursor=x"),
            ("/api/v1/teams/ops/tasks/OPS-1", ""),
            ("/api/v1/teams/ops/tasks/1/comments", "limit=20"),
            ("/api/v1/me", ""),
            ("/api/v1/notifications", "unread=true&limit=20"),
        ] {
            assert!(!is_costly(path, query), "{path}?{query}");
        }
        for query in [
            "q=x",
            "assignee=me",
            "not_assignee=x",
            "label=x",
            "not_label=x",
            "priority=high",
            "due_before=x",
            "limit=51",
            "limit=x",
            "limit",
            "sort=due",
            "sort=updated",
            "sort",
            "status=pending&q=x",
        ] {
            assert!(is_costly(list, query), "{query}");
        }
        for below in ["tasks/counts", "stats", "changes", "activity", "tasks/1/history", "export"] {
            assert!(is_costly(&format!("/api/v1/teams/ops/{below}"), ""), "{below}");
        }
        assert!(is_costly("/api/tasks", "") && is_costly("/api/v1/search", ""));
    }

    #[test]
    fn timings_are_in_milliseconds() {
        let ms = Duration::from_micros;
        assert_eq!(server_timing(ms(1_234), None), "total;dur=1.2");
        assert_eq!(server_timing(ms(12_340), Some(ms(11_000))), "total;dur=12.3, upstream;dur=11.0");
    }
}

//! The way of a request through the gateway: is its path one, whose is it, who calls, how long is it;
//! only then does a byte go to a service.

mod headers;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE};
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
use crate::path;
use crate::routes::{Door, Owner, Rule, find};
use crate::upstream::{Failure, Length, Outgoing, Progress, Upload, Upstream, too_large};

/// Label of everything that no rule knows.
const NO_ROUTE: RouteLabel = RouteLabel("unmatched");

/// Label of the page's files.
const PAGE: RouteLabel = RouteLabel("page");

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
    pub(crate) body_limit: u64,
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
        match self.pass(&request, payload).await {
            Ok(answer) => answer,
            Err(problem) => {
                let mut answer = problem.error_response();
                // After an upgrade that we don't make, nothing tells where the next request begins.
                if speaks_of_websocket(&request) {
                    answer.head_mut().set_connection_type(ConnectionType::Close);
                }
                answer
            }
        }
    }

    async fn pass(&self, request: &HttpRequest, payload: Payload) -> ApiResult<HttpResponse> {
        let rule = admitted(request)?;
        // A browser asks whether it may send a token before it sends one.
        if rule.door == Door::Token && request.method() != Method::OPTIONS {
            self.verifier.verify(token_of(request)?).await?;
        }
        let stream = rule.stream && request.method() == Method::GET;
        if stream {
            streams::begin(request)?;
        }
        let length = length_of(request, self.body_limit)?;
        let upstream = self.upstream(rule.owner);
        let context = RequestContext::of(request);
        let deadline = upstream.deadline;
        let head = Forward {
            request,
            context: &context,
            target: request.uri().path_and_query().map_or("/", |target| target.as_str()),
            authority: &upstream.authority,
            length,
            deadline,
            trusted: self.trust_forwarded,
        }
        .head();
        let outgoing = Outgoing {
            method: request.method(),
            head: &head,
            deadline,
            stream,
            costly: is_costly(request.path(), request.query_string()),
            sent: Cell::new(false),
        };
        let sent = match length {
            None => upstream.send(outgoing, None).await,
            Some(length) => {
                let progress = Progress::new();
                let upload = Upload::new(payload.into_inner(), length, self.body_limit, &progress);
                upstream.send(outgoing, Some((upload, &progress))).await
            }
        };
        let failed = |failure: Failure| failure.answer(rule.owner.name(), request.method().is_safe());
        let mut answer = sent.map_err(failed)?;
        clean_answer(answer.headers_mut());
        Ok(answer)
    }
}

/// The rule that a request goes by, after everything that needs neither a token nor a service.
fn admitted(request: &HttpRequest) -> ApiResult<&'static Rule> {
    request.extensions_mut().insert(NO_ROUTE);
    let uri = request.uri();
    path::check(uri.path(), uri.path_and_query().map_or("", |whole| whole.as_str()))?;
    let unknown = || Problem::new(Code::NotFound, format!("There is no route for {}.", shortened(uri.path())));
    let rule = find(uri.path()).ok_or_else(unknown)?;
    request.extensions_mut().insert(RouteLabel(rule.pattern));
    if speaks_of_websocket(request) {
        return Err(ApiError::new(Code::BadRequest, "There are no WebSockets here; leave out `Upgrade`."));
    }
    Ok(rule)
}

/// Whether a read looks through many rows: a search, a list by assignee or label, figures. It takes its time also where
/// all is well.
fn is_costly(path: &str, query: &str) -> bool {
    let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
    path.ends_with("/stats")
        || path.ends_with("/search")
        || names.any(|name| matches!(name, "q" | "assignee" | "label"))
}

fn speaks_of_websocket(request: &HttpRequest) -> bool {
    let mut offers = request.headers().get_all(UPGRADE).filter_map(|value| value.to_str().ok());
    offers.any(|offer| offer.split(',').any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket")))
}

/// How the body is delimited; none for a request without one. actix-http has refused what is contradictory.
fn length_of(request: &HttpRequest, limit: u64) -> ApiResult<Option<Length>> {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return Ok(Some(Length::Chunked));
    }
    let Some(announced) = headers.get(CONTENT_LENGTH) else { return Ok(None) };
    let length = announced.to_str().ok().and_then(|value| value.trim().parse::<u64>().ok());
    match length {
        Some(0) => Ok(None),
        Some(length) if length > limit => Err(too_large(limit)),
        Some(length) => Ok(Some(Length::Known(length))),
        None => Err(ApiError::new(Code::BadRequest, "Content-Length must be a number of bytes.")),
    }
}

//! What is seen of every request: its id and trace, one log line, and the RED metrics.

use std::borrow::Cow;
use std::cell::RefCell;
use std::net::IpAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, StatusCode, Version};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use bytes::Bytes;
use domain::problem::{Code, Problem};
use tracing::{Instrument, Span};
use uuid::Uuid;

use crate::health::{Health, UnderWay};
use crate::metrics::{HTTP_DURATION, HTTP_REQUESTS, SHED};
use crate::problem::ApiError;
use crate::streams::OpenStream;
use crate::telemetry;
use crate::trace::TraceContext;
use crate::turns::{Turn, Turns};

/// Carries the caller's name for a request; made up when it has none.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// W3C Trace Context.
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// For how many more milliseconds the caller waits: it travels with the request, so that nobody works for a caller
/// who has gone.
pub const X_DEADLINE_MS: HeaderName = HeaderName::from_static("x-deadline-ms");

/// Where the client is, as the gateway knows it; the gateway lets nobody else say it.
pub const X_CLIENT_ADDRESS: HeaderName = HeaderName::from_static("x-client-address");

/// Where the client of a request is, set by whoever knows it better than the connection does.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What was set, what the gateway says, or the other end of the connection. What a caller other than the gateway says is
    /// believed too, so only the gateway may reach a service that counts on it.
    #[must_use]
    pub fn of(req: &HttpRequest) -> Option<IpAddr> {
        let told = || req.headers().get(&X_CLIENT_ADDRESS)?.to_str().ok()?.parse().ok();
        let set = req.extensions().get::<Self>().map(|client| client.0);
        set.or_else(told).or_else(|| req.peer_addr().map(|peer| peer.ip()))
    }
}

/// Longest `X-Request-Id` that is taken over, in bytes.
const MAX_REQUEST_ID: usize = 128;

/// Names a request in logs, problems, events and calls to other services.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// `X-Request-Id` of the caller, or a new UUIDv7.
    pub request_id: HeaderValue,
    /// This request's own span in the trace.
    pub trace: TraceContext,
    /// When the caller stops waiting, if it said so.
    pub deadline: Option<Instant>,
    /// Whether sending it twice does no more than sending it once.
    pub repeatable: bool,
}

impl RequestContext {
    /// The context of a request; a new one outside of [`observe`].
    #[must_use]
    pub fn of(req: &HttpRequest) -> Self {
        req.extensions().get::<Self>().cloned().unwrap_or_else(|| Self::from_headers(req))
    }

    fn from_headers(req: &HttpRequest) -> Self {
        let request_id = req
            .headers()
            .get(&X_REQUEST_ID)
            .filter(|v| (1..=MAX_REQUEST_ID).contains(&v.len()) && v.as_bytes().iter().all(u8::is_ascii_graphic))
            .cloned()
            .or_else(|| HeaderValue::from_str(&Uuid::now_v7().to_string()).ok())
            .unwrap_or_else(|| HeaderValue::from_static("-"));
        let trace = req
            .headers()
            .get(&TRACEPARENT)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.parse::<TraceContext>().ok())
            .map_or_else(TraceContext::root, TraceContext::child);
        let waits = req.headers().get(&X_DEADLINE_MS).and_then(|v| v.to_str().ok()?.parse::<u32>().ok());
        let deadline = waits.and_then(|ms| Instant::now().checked_add(Duration::from_millis(ms.into())));
        Self { request_id, trace, deadline, repeatable: is_repeatable(req.method(), req.headers()) }
    }

    /// `limit`, or what the caller still waits if that is less.
    #[must_use]
    pub fn time_left(&self, limit: Duration) -> Duration {
        self.deadline.map_or(limit, |at| limit.min(at.saturating_duration_since(Instant::now())))
    }
}

/// Whether sending a request twice does no more than sending it once: it reads, or has a key or a version that the second
/// no longer finds.
fn is_repeatable(method: &Method, headers: &HeaderMap) -> bool {
    let names_version = || headers.get(IF_MATCH).is_some_and(|tags| tags.as_bytes().contains(&b'"'));
    method.is_safe()
        || match *method {
            Method::POST => headers.contains_key("idempotency-key") || names_version(),
            _ => names_version(),
        }
}

thread_local! {
    /// The request whose future is being polled on this thread.
    static CURRENT: RefCell<Option<RequestContext>> = const { RefCell::new(None) };
}

/// Looks at the request that is being answered, if this is code below a handler.
pub(crate) fn with_current<T>(look: impl FnOnce(Option<&RequestContext>) -> T) -> T {
    CURRENT.with(|current| match current.try_borrow() {
        Ok(current) => look(current.as_ref()),
        Err(_) => look(None),
    })
}

/// The trace id of the request that is being answered, as 32 hex digits.
#[must_use]
pub fn current_trace_id() -> Option<String> {
    with_current(|request| request.map(|request| request.trace.trace_id_hex()))
}

/// Whether the request that is being answered may be sent again without asking what the first did.
#[must_use]
pub fn is_safe_to_repeat() -> bool {
    with_current(|request| request.is_some_and(|request| request.repeatable))
}

/// When to give up on what may take `limit` from now: then, or when the caller of the current request does.
#[must_use]
pub fn deadline_within(limit: Duration) -> Instant {
    let own = Instant::now() + limit;
    with_current(|request| request.and_then(|request| request.deadline)).map_or(own, |callers| own.min(callers))
}

/// Sets the current request while the inner future is polled, and only then.
struct Traced<F> {
    inner: Pin<Box<F>>,
    context: Option<RequestContext>,
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self { inner, context } = &mut *self;
        // One request's future may be polled within another's only by mistake; then the inner one is the current.
        CURRENT.with_borrow_mut(|current| std::mem::swap(current, context));
        let poll = inner.as_mut().poll(cx);
        CURRENT.with_borrow_mut(|current| std::mem::swap(current, context));
        poll
    }
}

/// The template of the route for logs and metrics, set by whoever knows it better than the router does.
#[derive(Clone, Copy, Debug)]
pub struct RouteLabel(pub &'static str);

/// Asks the client for the body of a request, if it waits for that (RFC 9110, section 10.1.1). To be called by what reads the
/// body: who is refused by the head is spared the rest.
pub fn want_body(req: &HttpRequest) {
    if let Some(turns) = req.conn_data::<Rc<Turns>>() {
        turns.want_body();
    }
}

/// Middleware: request id, trace, metrics and one log line.
///
/// # Errors
/// Passes on what the inner service returns.
pub async fn observe<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Counted<EitherBody<B>>>, actix_web::Error> {
    let start = Instant::now();
    let turns = req.conn_data::<Rc<Turns>>().cloned();
    let refused = turns.as_ref().is_some_and(|turns| turns.unknown_coding());
    let turn = turns.map(Turn);
    let health = req.app_data::<web::Data<Health>>().cloned();
    if !refused && health.as_ref().is_some_and(|health| health.is_full()) && !req.path().starts_with("/health") {
        return Ok(shed(req, turn));
    }
    let mut context = RequestContext::from_headers(req.request());
    let mut span = None;
    // A probe every few seconds would drown the rest.
    if !req.path().starts_with("/health")
        && let Some((own, trace)) = telemetry::span_of(req.headers(), context.request_id.to_str().unwrap_or_default())
    {
        context.trace = trace;
        span = Some(own);
    }
    req.extensions_mut().insert(context.clone());
    let method = req.method().clone();

    let under_way = health.as_ref().map(|health| health.begin());
    let mut response = if refused {
        let problem = Problem::new(Code::NotImplemented, "Of the transfer codings, only `chunked` is known here.");
        req.into_response(ApiError::from(problem).error_response()).map_into_right_body()
    } else {
        let inner = Traced { inner: Box::pin(next.call(req)), context: Some(context.clone()) };
        inner.instrument(span.clone().unwrap_or_else(Span::none)).await?.map_into_left_body()
    };

    response.headers_mut().insert(X_REQUEST_ID, context.request_id.clone());
    if let Ok(value) = HeaderValue::from_bytes(&context.trace.header()) {
        response.headers_mut().insert(TRACEPARENT, value);
    }
    let status = response.status();
    guard(status, response.headers_mut());
    let request = response.request();
    let label = request.extensions().get::<RouteLabel>().map(|label| Cow::Borrowed(label.0));
    let matched = || Cow::Owned(request.match_pattern().unwrap_or_else(|| "unmatched".to_owned()));
    let seen = Seen { method: &method, route: &label.unwrap_or_else(matched), status: response.status(), start };
    seen.count();
    seen.log(&context, ClientAddress::of(request));
    if let Some(span) = span {
        telemetry::answered(&span, seen.method(), seen.route, seen.status.as_u16());
    }
    // Nothing is upgraded here; an answer that doesn't close the connection would agree to it (RFC 9110, section 7.8).
    let upgrade = response.request().head().connection_type() == ConnectionType::Upgrade;
    let is_last = turn.as_ref().is_some_and(|turn| turn.0.is_last());
    if upgrade || refused || is_last || health.is_some_and(|health| health.is_draining()) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    // RFC 9112, section 6.1: an older client doesn't know chunks. What has no length ends with the connection.
    if response.request().version() < Version::HTTP_11 && response.response().body().size() == BodySize::Stream {
        let head = response.response_mut().head_mut();
        head.no_chunking(true);
        head.set_connection_type(ConnectionType::Close);
    }
    // An error, or the word that there is nothing to follow, is an answer like any other.
    let endless = response.response().body().size() == BodySize::Stream;
    let stream = response.request().extensions_mut().remove::<OpenStream>().filter(|_| endless);
    let under_way = under_way.filter(|_| stream.is_none());
    Ok(response.map_body(|_, body| Counted { body, under_way, stream, turn }))
}

/// What is told of an answered request.
struct Seen<'a> {
    method: &'a Method,
    route: &'a str,
    status: StatusCode,
    start: Instant,
}

impl Seen<'_> {
    /// A caller can send any method; only those of RFC 9110 and PATCH become label values.
    fn method(&self) -> &str {
        if KNOWN_METHODS.contains(&self.method.as_str()) { self.method.as_str() } else { "other" }
    }

    fn count(&self) {
        HTTP_REQUESTS.with_label_values(&[self.method(), self.route, self.status.as_str()]).inc();
        HTTP_DURATION.with_label_values(&[self.method(), self.route]).observe(self.start.elapsed().as_secs_f64());
    }

    fn log(&self, context: &RequestContext, client: Option<IpAddr>) {
        let (method, route, status) = (self.method(), self.route, self.status.as_u16());
        let duration_ms = (self.start.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        let trace_id = context.trace.trace_id_hex();
        let request_id = context.request_id.to_str().unwrap_or_default();
        let client = client.map(tracing::field::display);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(target: "access", method, route, status, duration_ms, client, trace_id, request_id, "answered")
            };
        }
        if self.status.is_server_error() {
            line!(warn);
        } else if route.starts_with("/health") {
            // A probe every few seconds from every side would drown the rest.
            line!(debug);
        } else {
            line!(info);
        }
    }
}

/// Refuses a request before any work is spent on it: no span, no log line, one counter, and a body that is made once.
/// Under a flood this is what happens most, and what it costs is taken from the requests that are served.
fn shed<B: MessageBody>(req: ServiceRequest, turn: Option<Turn>) -> ServiceResponse<Counted<EitherBody<B>>> {
    static BODY: LazyLock<Bytes> = LazyLock::new(|| {
        let problem = Problem::new(Code::Overloaded, "More requests are under way than can be served in time.");
        serde_json::to_vec(&problem.document(None)).unwrap_or_default().into()
    });
    SHED.inc();
    let response = HttpResponse::ServiceUnavailable()
        .insert_header((CONTENT_TYPE, HeaderValue::from_static("application/problem+json")))
        .insert_header((RETRY_AFTER, HeaderValue::from_static("1")))
        .insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .body(BODY.clone());
    let mut response = req.into_response(response).map_into_right_body();
    let is_last = turn.as_ref().is_some_and(|turn| turn.0.is_last());
    if is_last || response.request().head().connection_type() == ConnectionType::Upgrade {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    response.map_body(|_, body| Counted { body, under_way: None, stream: None, turn })
}

/// An answer is what it says it is, and nobody keeps it unless it says that it may be kept.
fn guard(status: StatusCode, headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(CACHE_CONTROL) {
        let tagged = headers.contains_key(ETAG) && (status.is_success() || status == StatusCode::NOT_MODIFIED);
        // What has a tag may be kept by its reader, who asks each time whether it is still right.
        let keep = if tagged { "private, no-cache" } else { "no-store" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    }
}

pin_project_lite::pin_project! {
    /// A body that counts as under way until it is sent or dropped; or as a stream, which then ends when the process stops.
    #[derive(Debug)]
    pub struct Counted<B> {
        #[pin]
        body: B,
        under_way: Option<UnderWay>,
        stream: Option<OpenStream>,
        turn: Option<Turn>,
    }
}

impl<B: MessageBody> MessageBody for Counted<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        let this = self.project();
        if let Some(stream) = this.stream
            && (stream.poll_ended(cx).is_ready() || this.turn.as_ref().is_some_and(|turn| turn.0.gone()))
        {
            return Poll::Ready(None);
        }
        this.body.poll_next(cx)
    }
}

const KNOWN_METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

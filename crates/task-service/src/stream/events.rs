//! `GET …/events`: what happens in a team, as it happens (Server-Sent Events, WHATWG HTML §9.2).
//!
//! A stream first reads from the log what comes after the revision that the client has, then lets the hub hand it what is
//! new, and leaves out what it has sent. A client that was cut off comes back with `Last-Event-ID`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use bytes::{Bytes, BytesMut};
use domain::problem::Code;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, Stream};
use platform::body::Query;
use platform::{ApiError, ApiResult, Caller, streams};
use serde::Deserialize;
use utoipa::IntoParams;

use super::batch::After;
use super::hub::{Message, Reason, Subscription};
use crate::access::{CanViewTeam, TeamScope};
use crate::app::App;
use crate::log::changes::{self, Changes, Since};
use crate::log::head::Head;

/// Events that are read from the log at once.
const PAGE: i64 = 100;

/// The query of a stream.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Watch {
    /// What the client has; without it, only what happens from now on comes.
    #[param(inline)]
    #[serde(default)]
    since: Option<Since>,
}

/// Streams what happens in a team, as it happens.
///
/// Server-Sent Events (WHATWG HTML, section 9.2). First `event: ready`, with the revision that the stream begins after; then
/// `event: change` for each event, as the activity list shows it; and a comment line now and then. Both have an `id`,
/// `<revision>-<moment>`: a client that was cut off comes back with the last one in `Last-Event-ID` and misses nothing.
/// `event: members` says that the team's members, their roles or names have changed. `event: end` says why the stream ends:
/// `token_expired`, `session_ended`, `not_a_member`, or `log_reset` when the team's log isn't the one that the client has followed, as after
/// the database was restored; it reads everything anew then.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/events",
    tag = "activity",
    params(Watch, ("Last-Event-ID" = inline(Option<Since>), Header, description = "The last `id` that the client has; counts more than `since`.")),
    responses((status = 200, content_type = "text/event-stream", body = String)),
)]
pub(crate) async fn events(
    caller: Caller,
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<Watch>,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    let since = last_event_id(&req)?.or(query.since);
    if req.method() != Method::HEAD {
        streams::begin(&req, Some(caller.user.uuid()))?;
    }
    let first = match changes::read(&app, &scope, since.map(Since::place), PAGE).await {
        Err(error) if error.problem().code == Code::LogReset => return Ok(answer().body(Reason::LogReset.farewell())),
        first => first?,
    };
    if req.method() == Method::HEAD {
        return Ok(answer().finish());
    }
    let from = first.since;
    let ready = Bytes::from(format!("event: ready\nid: {from}\ndata: {{\"revision\": {}}}\n\n", from.revision));
    let source = Source { caller, scope, app, subscription: None };
    let stream = EventStream::after(ready, from, source, &first)?;
    Ok(answer().streaming(stream))
}

fn answer() -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    // nginx, as an ingress, would keep it back.
    answer.content_type("text/event-stream").insert_header(("x-accel-buffering", "no"));
    answer
}

fn last_event_id(req: &HttpRequest) -> ApiResult<Option<Since>> {
    let Some(value) = req.headers().get("last-event-id") else { return Ok(None) };
    let parsed = value.to_str().ok().and_then(|text| Since::try_from(text.to_owned()).ok());
    let wrong = || ApiError::new(Code::BadRequest, "Last-Event-ID must be the id of an event of the stream.");
    parsed.map(Some).ok_or_else(wrong)
}

/// Where a stream gets what it hasn't seen, until it lives from its subscription alone.
struct Source {
    caller: Caller,
    scope: TeamScope<CanViewTeam>,
    app: web::Data<App>,
    subscription: Option<Subscription>,
}

enum State {
    /// A page of the log is being read.
    CatchingUp(LocalBoxFuture<'static, (Source, ApiResult<Changes>)>),
    Live(Subscription),
    Ended,
}

/// The body of the answer. Small while it waits: what it needs to catch up is gone by then.
struct EventStream {
    /// What is to be sent next.
    next: Option<Bytes>,
    /// The place up to which everything is sent.
    seen: Head,
    state: State,
}

impl EventStream {
    /// A stream that sends `ready`, then this page, and goes on from there.
    fn after(ready: Bytes, seen: Head, source: Source, page: &Changes) -> ApiResult<Self> {
        let mut stream = Self { next: None, seen, state: State::Ended };
        stream.go_on(source, page)?;
        stream.next = Some(match stream.next.take() {
            None => ready,
            Some(bytes) => {
                let mut both = BytesMut::with_capacity(ready.len() + bytes.len());
                both.extend_from_slice(&ready);
                both.extend_from_slice(&bytes);
                both.freeze()
            }
        });
        Ok(stream)
    }

    /// Takes a page of the log, and from there reads on or lives from the hub.
    fn go_on(&mut self, mut source: Source, page: &Changes) -> ApiResult<()> {
        match page.batch()?.after(self.seen) {
            After::Nothing => {}
            After::Bytes(bytes, last) => (self.next, self.seen) = (Some(bytes), last),
            After::Reset => {
                self.end(Reason::LogReset);
                return Ok(());
            }
        }
        if page.more() {
            self.state = source.read(self.seen);
            return Ok(());
        }
        let caller = source.caller;
        let earlier = source.subscription.take();
        let was_read_since = earlier.is_some();
        let subscription = earlier.unwrap_or_else(|| source.app.hub.subscribe(page.team, caller.into(), self.seen));
        // What was handed out before we came is in the log by now, unless that was set back.
        let handed_out = subscription.from;
        if !handed_out.agrees(self.seen) || was_read_since && handed_out.revision > page.now {
            source.app.hub.end_reset(page.team.uuid(), handed_out);
            self.end(Reason::LogReset);
        } else if handed_out.revision > self.seen.revision {
            source.subscription = Some(subscription);
            self.state = source.read(self.seen);
        } else {
            self.state = State::Live(subscription);
        }
        Ok(())
    }

    /// Says why, and ends.
    fn end(&mut self, reason: Reason) {
        self.next = Some(Bytes::from_static(reason.farewell()));
        self.state = State::Ended;
    }
}

impl Source {
    fn read(self, seen: Head) -> State {
        State::CatchingUp(
            async move {
                let page = changes::read(&self.app, &self.scope, Some(seen), PAGE).await;
                (self, page)
            }
            .boxed_local(),
        )
    }
}

impl Stream for EventStream {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(bytes) = self.next.take() {
                return Poll::Ready(Some(Ok(bytes)));
            }
            match &mut self.state {
                State::Ended => return Poll::Ready(None),
                State::CatchingUp(reading) => {
                    let (source, page) = ready!(reading.as_mut().poll(cx));
                    self.state = State::Ended;
                    match page.and_then(|page| self.go_on(source, &page)) {
                        Ok(()) => {}
                        Err(error) if error.problem().code == Code::LogReset => self.end(Reason::LogReset),
                        // The client comes back, and hears then what is wrong.
                        Err(error) => tracing::debug!(%error, "a stream ended while it caught up"),
                    }
                }
                State::Live(subscription) => match ready!(subscription.queue.poll_recv(cx)) {
                    None => self.state = State::Ended,
                    Some(Message::Members) => self.next = Some(Bytes::from_static(b"event: members\ndata: {}\n\n")),
                    Some(Message::Beat) => self.next = Some(Bytes::from_static(b": beat\n\n")),
                    Some(Message::End(reason)) => self.end(reason),
                    Some(Message::Batch(batch)) => match batch.after(self.seen) {
                        After::Nothing => {}
                        After::Bytes(bytes, last) => (self.next, self.seen) = (Some(bytes), last),
                        After::Reset => self.end(Reason::LogReset),
                    },
                },
            }
        }
    }
}

impl Reason {
    fn farewell(self) -> &'static [u8] {
        match self {
            Self::TokenExpired => b"event: end\ndata: {\"reason\": \"token_expired\"}\n\n",
            Self::LogReset => b"event: end\ndata: {\"reason\": \"log_reset\"}\n\n",
            Self::SessionEnded => b"event: end\ndata: {\"reason\": \"session_ended\"}\n\n",
            Self::NotAMember => b"event: end\ndata: {\"reason\": \"not_a_member\"}\n\n",
        }
    }
}

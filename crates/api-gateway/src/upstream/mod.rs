//! The services behind the gateway, and the way there.
//!
//! A small HTTP/1.1 client on actix-http's parser rather than awc, because a proxy must know what awc doesn't
//! tell: whether any byte of an answer had come when a connection broke (only then may a GET be sent
//! again), and whether a chunked body ended or broke off (awc ends both alike, and a torn answer would
//! look whole). It also spares what awc does for each request: a task, a formatted date, four boxes.

mod address;
mod answer_body;
mod exchange;
mod failure;
mod pool;

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_http::ServiceConfig;
use actix_web::HttpResponse;
use actix_web::body::{self, BoxBody, MessageBody};
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::http::{Method, StatusCode};
use futures_util::StreamExt;
use futures_util::future::Either;
use futures_util::stream::FuturesUnordered;
use uuid::Uuid;

pub use address::{Address, NotAnAddress};
pub(crate) use failure::Failure;

use crate::metrics::{Timings, UPSTREAM_DURATION};
use crate::routes::Owner;
use crate::settings::UpstreamSettings;
use answer_body::{AnswerBody, Framing, NoBytes};
use exchange::{Head, exchange};
use pool::{Connection, Place, Pool};

/// How long an answer may take to begin until what may be repeated is sent again: longer than nearly every answer takes ...
const SOON: Duration = Duration::from_millis(300);
/// ... and then how long until it is sent once more: what is silent is likely to stay so.
const SOONER: Duration = Duration::from_millis(150);
/// How often it is sent again, at most: half of the new connections may lead to the very replica that is silent.
const MORE_TRIES: usize = 4;

/// The head of an answer, and the connection that its body comes over.
type Exchanged = (Head, Connection);

/// How a request to a service ended: a label of the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It answered, with a status below 500.
    Ok,
    /// It answered with 500 or more.
    Error,
    /// It took no connection, or there were too many requests.
    Refused,
    /// It didn't answer in time.
    Timeout,
    /// It broke off, or what it said isn't HTTP.
    Broken,
}

/// One service as one worker thread sees it.
pub(crate) struct Upstream {
    pub(crate) owner: Owner,
    /// The value of `Host`.
    pub(crate) authority: String,
    pool: Rc<Pool>,
    codec: ServiceConfig,
    /// The longest that an answer is waited for.
    pub(crate) deadline: Duration,
    patience: Duration,
    timings: Timings,
}

/// A request that is ready to be sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: &'a Method,
    /// Request line and header, with the empty line.
    pub(crate) head: &'a [u8],
    pub(crate) body: &'a [u8],
    /// For how long its answer is waited for.
    pub(crate) deadline: Duration,
    /// Whether the answer is a live stream: once it has begun it is no request under way any more.
    pub(crate) stream: bool,
    /// Whether answering it may be slow for its own sake: then a second try would only double the work.
    pub(crate) costly: bool,
    /// Whether a service may have got the whole of it.
    pub(crate) sent: Cell<bool>,
}

impl Outgoing<'_> {
    /// Whether sending it twice is as good as once (RFC 9110 §9.2.2), and costs nothing.
    fn is_repeatable(&self) -> bool {
        matches!(*self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

impl Upstream {
    /// For the thread that calls it.
    pub(crate) fn new(owner: Owner, address: &Address, settings: &UpstreamSettings) -> Self {
        Self {
            owner,
            authority: address.authority().to_owned(),
            pool: Pool::new(address.clone(), settings.connect_timeout(), settings.max_requests),
            codec: ServiceConfig::default(),
            deadline: settings.deadline(),
            patience: settings.idle_timeout(),
            timings: Timings::of(owner, &UPSTREAM_DURATION),
        }
    }

    /// Sends a request and gives the service's answer, whose body streams.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn send(&self, request: Outgoing<'_>) -> Result<HttpResponse, Failure> {
        let start = Instant::now();
        let result = match tokio::time::timeout(request.deadline, self.answered(&request)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::Late { sent: request.sent.get() }),
        };
        let outcome = match &result {
            Ok(answer) if answer.status() < StatusCode::INTERNAL_SERVER_ERROR => Outcome::Ok,
            Ok(_) => Outcome::Error,
            Err(failure) => failure.outcome(),
        };
        self.timings.observe(outcome, start.elapsed());
        result
    }

    /// The answer to a request. One that may be repeated is sent again when its answer doesn't begin soon, without
    /// giving up the first: a connection may have fallen silent because its other end is cut off or stands still.
    async fn answered(&self, request: &Outgoing<'_>) -> Result<HttpResponse, Failure> {
        let place = self.pool.enter().ok_or(Failure::Overloaded)?;
        let first = self.exchanged(request);
        if !request.is_repeatable() || request.costly {
            let (head, connection) = first.await?;
            return Ok(self.answer(head, connection, place, request));
        }
        tokio::pin!(first);
        let won = match tokio::time::timeout(SOON, &mut first).await {
            Ok(result) => result?,
            Err(_) => {
                let tries = FuturesUnordered::new();
                tries.push(Either::Left(first));
                self.race(tries, || Either::Right(self.exchanged(request))).await?
            }
        };
        Ok(self.answer(won.0, won.1, place, request))
    }

    /// The first good answer of several tries, of which there is one already.
    async fn race<F>(&self, mut tries: FuturesUnordered<F>, another: impl Fn() -> F) -> Result<Exchanged, Failure>
    where
        F: Future<Output = Result<Exchanged, Failure>>,
    {
        let mut more = MORE_TRIES;
        loop {
            if more > 0 && self.pool.may_send_again() {
                more -= 1;
                tries.push(another());
            }
            let next = async {
                loop {
                    match tries.next().await {
                        Some(Err(_)) if !tries.is_empty() => {}
                        Some(result) => return result,
                        None => std::future::pending().await,
                    }
                }
            };
            if let Ok(result) = tokio::time::timeout(SOONER, next).await {
                return result;
            }
        }
    }

    /// Sends a request and reads the head of its answer; once more on a new connection when the first try left no doubt.
    async fn exchanged(&self, request: &Outgoing<'_>) -> Result<Exchanged, Failure> {
        let (mut connection, mut tried_again) = self.connection().await?;
        loop {
            match exchange(&mut connection, &self.codec, request).await {
                Ok(head) => return Ok((head, connection)),
                Err(Failure::Broken { began: false, .. }) if request.is_repeatable() && !tried_again => {
                    tried_again = true;
                    jitter().await;
                    connection = self.pool.connect().await.map_err(Failure::Refused)?;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// A connection, and whether it took a second try. Nothing has been sent yet, so any request may wait for it.
    async fn connection(&self) -> Result<(Connection, bool), Failure> {
        if let Some(connection) = self.pool.take() {
            return Ok((connection, false));
        }
        match self.pool.connect().await {
            Ok(connection) => Ok((connection, false)),
            Err(error) if error.kind() == std::io::ErrorKind::TimedOut => Err(Failure::Refused(error)),
            Err(_) => {
                jitter().await;
                self.pool.connect().await.map(|connection| (connection, true)).map_err(Failure::Refused)
            }
        }
    }

    /// The answer to pass on; its body streams unless it came with its head.
    fn answer(
        &self,
        answer: Head,
        mut connection: Connection,
        mut place: Place,
        request: &Outgoing<'_>,
    ) -> HttpResponse {
        let Head { mut head, framing, keep } = answer;
        let headers = std::mem::take(&mut head.headers);
        let there = connection.buffer.len() as u64;
        let body = match framing {
            // What came with the head needs no stream, and its connection is free at once.
            Framing::Length(length) if length <= there => {
                let bytes = connection.buffer.split_to(usize::try_from(length).unwrap_or_default()).freeze();
                if keep {
                    place.pool().give_back(connection);
                }
                let named = || headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.trim().parse().ok());
                match *request.method {
                    Method::HEAD => named().map_or_else(|| BoxBody::new(body::None::new()), |n| NoBytes(n).boxed()),
                    _ => BoxBody::new(bytes),
                }
            }
            framing => {
                let service = self.owner.name();
                if request.stream {
                    place.leave();
                }
                AnswerBody::new(service, framing, connection, keep, place, self.patience).boxed()
            }
        };
        let mut response = HttpResponse::with_body(head.status, body);
        *response.headers_mut() = headers;
        response
    }
}

/// Waits 5 to 25 ms, so that those who met the same trouble don't come back all at once.
async fn jitter() {
    let random = Uuid::new_v4().as_u128() % 20;
    tokio::time::sleep(Duration::from_millis(5 + u64::try_from(random).unwrap_or_default())).await;
}

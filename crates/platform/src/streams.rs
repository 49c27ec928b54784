//! Answers that don't end: live streams.
//!
//! They wait more than they work, so they don't count among the requests that are worked on at once but have a bound of
//! their own, and nobody waits for their end when the process stops: then they end at once.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use actix_web::{HttpMessage, HttpRequest, web};
use domain::problem::{Code, Problem};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::health::Health;
use crate::metrics::STREAMS;
use crate::problem::{ApiError, ApiResult};

/// The streams of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams {
    open: Arc<AtomicUsize>,
    ended: CancellationToken,
}

impl Streams {
    /// One more, if there are fewer than `limit`; 0 sets none.
    fn open(&self, limit: usize) -> Option<OpenStream> {
        let room = |open| (limit == 0 || open < limit).then_some(open + 1);
        self.open.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).ok()?;
        STREAMS.inc();
        Some(OpenStream { open: self.open.clone(), ended: Box::pin(self.ended.clone().cancelled_owned()) })
    }

    /// Ends all of them, now and from now on.
    pub(crate) fn end(&self) {
        self.ended.cancel();
    }
}

/// A stream that is open, until this is dropped.
pub(crate) struct OpenStream {
    open: Arc<AtomicUsize>,
    ended: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl std::fmt::Debug for OpenStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenStream")
    }
}

impl OpenStream {
    /// Ready when the process is about to stop.
    pub(crate) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.ended.as_mut().poll(cx)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        STREAMS.dec();
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Says that the answer to this request will be a stream; to be called before the answer is made.
///
/// # Errors
/// 503 when as many are open as may be (`http.max_streams`).
pub fn begin(req: &HttpRequest) -> ApiResult<()> {
    let Some(health) = req.app_data::<web::Data<Health>>() else { return Ok(()) };
    let open = health.streams.open(health.max_streams).ok_or_else(|| {
        let problem = Problem::new(Code::Overloaded, "More live streams are open than can be served.");
        ApiError::from(problem.retry_after(5))
    })?;
    req.extensions_mut().insert(open);
    Ok(())
}

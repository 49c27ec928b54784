//! The body of a request on its way through: counted, never collected.

use std::cell::Cell;
use std::io;
use std::task::Poll;
use std::time::Duration;

use actix_web::dev::Payload;
use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::fmt::Write as _;
use std::future::poll_fn;
use std::pin::Pin;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep_until};

use super::Failure;

/// However slowly a client sends: by then its body must be there.
const MAX_UPLOAD: Duration = Duration::from_secs(60);

/// How the body of a request is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// `Content-Length`; more than 0.
    Known(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked,
}

/// How far an upload has come, for whoever watches the clock.
#[derive(Debug)]
pub(crate) struct Progress {
    last: Cell<Instant>,
    waits_for_client: Cell<bool>,
    /// Whether the service may have the whole of it.
    whole: Cell<bool>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { last: Cell::new(Instant::now()), waits_for_client: Cell::new(false), whole: Cell::new(false) }
    }

    /// Ready when nothing has moved for `deadline`, or the body takes longer than any body may.
    pub(crate) async fn too_late(&self, deadline: Duration) -> Failure {
        let end = Instant::now() + MAX_UPLOAD.max(deadline);
        loop {
            let until = end.min(self.last.get() + deadline);
            if Instant::now() >= until {
                let late = Failure::Late { sent: self.whole.get() };
                return if self.waits_for_client.get() { Failure::BodyTooSlow } else { late };
            }
            sleep_until(until).await;
        }
    }
}

/// The body of one request.
pub(crate) struct Upload<'a> {
    payload: Payload,
    length: Length,
    limit: u64,
    taken: u64,
    /// Whether all of it has been sent on.
    pub(crate) sent: bool,
    progress: &'a Progress,
}

impl<'a> Upload<'a> {
    pub(crate) fn new(payload: Payload, length: Length, limit: u64, progress: &'a Progress) -> Self {
        Self { payload, length, limit, taken: 0, sent: false, progress }
    }

    /// Whether the service may have the whole of it.
    pub(crate) fn is_whole(&self) -> bool {
        self.progress.whole.get()
    }

    /// Sends the head of the request, then its body; the first part of the body goes with the head.
    pub(crate) async fn send(&mut self, head: &[u8], to: &mut (impl AsyncWrite + Unpin)) -> Result<(), Failure> {
        let mut out = BytesMut::with_capacity(head.len() + 4096);
        out.put_slice(head);
        let mut next = poll_fn(|cx| match Pin::new(&mut self.payload).poll_next(cx) {
            Poll::Ready(next) => Poll::Ready(Some(next)),
            Poll::Pending => Poll::Ready(None),
        })
        .await;
        loop {
            let chunk = match next.take() {
                Some(chunk) => chunk,
                None => {
                    if !out.is_empty() {
                        write(to, &mut out).await?;
                    }
                    self.progress.waits_for_client.set(true);
                    let chunk = self.payload.next().await;
                    self.progress.waits_for_client.set(false);
                    chunk
                }
            };
            self.progress.last.set(Instant::now());
            let Some(chunk) = chunk else { break };
            let chunk = chunk.map_err(Failure::BodyIncomplete)?;
            self.taken += chunk.len() as u64;
            if self.taken > self.limit {
                return Err(Failure::BodyTooLarge(self.limit));
            }
            self.put(&chunk, &mut out);
            self.progress.whole.set(matches!(self.length, Length::Known(length) if self.taken >= length));
            write(to, &mut out).await?;
        }
        if self.length == Length::Chunked {
            out.put_slice(b"0\r\n\r\n");
            self.progress.whole.set(true);
            write(to, &mut out).await?;
        }
        self.sent = true;
        Ok(())
    }

    fn put(&self, chunk: &Bytes, out: &mut BytesMut) {
        if self.length != Length::Chunked {
            return out.put_slice(chunk);
        }
        // An empty chunk would end the body.
        if !chunk.is_empty() {
            let _ = write!(out, "{:x}\r\n", chunk.len());
            out.put_slice(chunk);
            out.put_slice(b"\r\n");
        }
    }
}

async fn write(to: &mut (impl AsyncWrite + Unpin), out: &mut BytesMut) -> Result<(), Failure> {
    let written: io::Result<()> = to.write_all(out).await;
    out.clear();
    written.map_err(|cause| Failure::Broken { began: false, sent: false, cause })
}

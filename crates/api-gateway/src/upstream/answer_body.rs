//! The body of an answer on its way through, piece by piece as it comes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_http::h1::ClientPayloadCodec;
use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use tokio::time::{Sleep, sleep};
use tokio_util::codec::Decoder;

use super::pool::{Connection, Place};

/// How the body of an answer is delimited.
pub(crate) enum Framing {
    /// Bytes that are still to come.
    Length(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked(Box<ClientPayloadCodec>),
    /// Everything until the service closes the connection.
    UntilClose,
}

impl Framing {
    /// How many bytes, where that is known beforehand.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Length(length) => Some(*length),
            Self::Chunked(_) | Self::UntilClose => None,
        }
    }
}

impl std::fmt::Debug for Framing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Length(_) => "Length",
            Self::Chunked(_) => "Chunked",
            Self::UntilClose => "UntilClose",
        })
    }
}

/// Why a body ended before its end; the client sees its own connection break off, never a whole answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("{service} broke off within a body: {cause}")]
    Broken { service: &'static str, cause: io::Error },
    #[error("{service} paused too long within a body")]
    Idle { service: &'static str },
}

pin_project_lite::pin_project! {
    /// The rest of an answer that didn't come in one piece with its head.
    pub(crate) struct AnswerBody {
        service: &'static str,
        size: BodySize,
        framing: Framing,
        // Gone once the body has ended.
        connection: Option<Connection>,
        keep: bool,
        place: Place,
        patience: Duration,
        // Runs only while nothing comes.
        #[pin]
        pause: Option<Sleep>,
    }
}

impl AnswerBody {
    pub(crate) fn new(
        service: &'static str,
        framing: Framing,
        connection: Connection,
        keep: bool,
        place: Place,
        patience: Duration,
    ) -> Self {
        let size = match framing {
            Framing::Length(length) => BodySize::Sized(length),
            Framing::Chunked(_) | Framing::UntilClose => BodySize::Stream,
        };
        Self { service, size, framing, connection: Some(connection), keep, place, patience, pause: None }
    }
}

/// What can be told from the bytes that are there.
enum Next {
    Chunk(Bytes),
    NeedMore,
    End,
}

impl Framing {
    fn next(&mut self, connection: &mut Connection) -> io::Result<Next> {
        let buffer = &mut connection.buffer;
        Ok(match self {
            Self::Length(0) => Next::End,
            _ if buffer.is_empty() => Next::NeedMore,
            Self::Length(left) => {
                let there = usize::try_from(*left).map_or(buffer.len(), |left| left.min(buffer.len()));
                *left -= there as u64;
                Next::Chunk(buffer.split_to(there).freeze())
            }
            Self::Chunked(codec) => match codec.decode(buffer).map_err(io::Error::other)? {
                Some(Some(chunk)) => Next::Chunk(chunk),
                Some(None) => Next::End,
                None => Next::NeedMore,
            },
            Self::UntilClose => Next::Chunk(buffer.split().freeze()),
        })
    }
}

impl MessageBody for AnswerBody {
    type Error = BodyError;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        let mut this = self.project();
        let service = *this.service;
        loop {
            let Some(connection) = this.connection else { return Poll::Ready(None) };
            let cause = match this.framing.next(connection) {
                Ok(Next::Chunk(chunk)) => return Poll::Ready(Some(Ok(chunk))),
                Ok(Next::End) => {
                    if let Some(connection) = this.connection.take().filter(|_| *this.keep) {
                        this.place.pool().give_back(connection);
                    }
                    return Poll::Ready(None);
                }
                Ok(Next::NeedMore) => {
                    match connection.poll_read(cx) {
                        Poll::Ready(Ok(0)) if matches!(this.framing, Framing::UntilClose) => {
                            *this.connection = None;
                            return Poll::Ready(None);
                        }
                        // The end of the connection isn't the end of the body.
                        Poll::Ready(Ok(0)) => io::ErrorKind::UnexpectedEof.into(),
                        Poll::Ready(Ok(_)) => {
                            this.pause.set(None);
                            continue;
                        }
                        Poll::Ready(Err(cause)) => cause,
                        Poll::Pending => {
                            if this.pause.is_none() {
                                this.pause.set(Some(sleep(*this.patience)));
                            }
                            if let Some(pause) = this.pause.as_mut().as_pin_mut() {
                                ready!(pause.poll(cx));
                            }
                            *this.connection = None;
                            tracing::warn!(service, "a service paused too long within a body");
                            return Poll::Ready(Some(Err(BodyError::Idle { service })));
                        }
                    }
                }
                Err(cause) => cause,
            };
            *this.connection = None;
            tracing::warn!(service, error = %cause, "a service broke off within a body");
            return Poll::Ready(Some(Err(BodyError::Broken { service, cause })));
        }
    }
}

/// No bytes, though the head names a length: the answer to `HEAD`.
pub(crate) struct NoBytes(pub(crate) u64);

impl MessageBody for NoBytes {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

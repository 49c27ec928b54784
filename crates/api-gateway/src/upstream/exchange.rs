//! One request and the head of its answer over one connection.

use std::io;
use std::time::Duration;

use actix_http::error::ParseError;
use actix_http::h1::{ClientCodec, MessageType};
use actix_http::{ResponseHead, ServiceConfig};
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::http::{Method, StatusCode, Version};
use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::Decoder;

use super::answer_body::Framing;
use super::pool::Connection;
use super::{Failure, Outgoing};

const READ_BYTES: usize = 8 * 1024;
const MAX_INTERIM_ANSWERS: usize = 8;
/// A body up to this length is read with the head, and then it is sent on in one piece, ...
const WHOLE_BYTES: u64 = 64 * 1024;
/// ... unless nothing comes of it for so long.
const PAUSE: Duration = Duration::from_millis(20);

/// The head of an answer, and how its body goes on.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) head: ResponseHead,
    pub(crate) framing: Framing,
    /// Whether the connection is good for another request after the body.
    pub(crate) keep: bool,
}

/// Sends a request and reads the head of its answer.
pub(crate) async fn exchange(
    connection: &mut Connection,
    config: &ServiceConfig,
    request: &Outgoing<'_>,
) -> Result<Head, Failure> {
    let Connection { stream, buffer, .. } = connection;
    let broken = |cause| Failure::Broken { began: false, sent: false, cause };
    if request.body.is_empty() {
        request.sent.set(true);
        stream.write_all(request.head).await.map_err(broken)?;
        let head = read_head(stream, buffer, config, request.method).await?;
        take_small_body(stream, buffer, &head.framing).await?;
        return Ok(head);
    }
    let (mut from, mut to) = stream.split();
    let mut answer = {
        let receive = read_head(&mut from, buffer, config, request.method);
        let send = async {
            to.write_all_buf(&mut Buf::chain(request.head, request.body)).await.map_err(broken)?;
            request.sent.set(true);
            Ok(())
        };
        tokio::pin!(receive, send);
        tokio::select! {
            biased;
            // It may answer before it has read everything.
            head = &mut receive => head,
            sent = &mut send => match sent {
                Ok(()) => receive.await,
                // It closed its side; perhaps it had said why.
                Err(broken @ Failure::Broken { .. }) => receive.await.map_err(|_| broken),
                Err(failure) => Err(failure),
            },
        }
    };
    match &mut answer {
        Ok(head) => {
            head.keep &= request.sent.get();
            take_small_body(&mut from, buffer, &head.framing).await?;
        }
        // A service acts only on a body that came whole.
        Err(Failure::Broken { sent, .. }) => *sent = request.sent.get(),
        Err(_) => {}
    }
    answer
}

/// Reads a small body whole before the answer begins, so that a body that breaks off can still become a 502. What
/// comes slowly is left to be passed on piece by piece.
async fn take_small_body(
    from: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    framing: &Framing,
) -> Result<(), Failure> {
    let Some(length) = framing.length().filter(|length| *length <= WHOLE_BYTES) else { return Ok(()) };
    let length = usize::try_from(length).unwrap_or_default();
    while buffer.len() < length {
        buffer.reserve(length - buffer.len());
        let cause = match tokio::time::timeout(PAUSE, from.read_buf(buffer)).await {
            Ok(Ok(1..)) => continue,
            Ok(Ok(0)) => io::ErrorKind::UnexpectedEof.into(),
            Ok(Err(cause)) => cause,
            Err(_) => return Ok(()),
        };
        return Err(Failure::Broken { began: true, sent: true, cause });
    }
    Ok(())
}

async fn read_head(
    from: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
    config: &ServiceConfig,
    method: &Method,
) -> Result<Head, Failure> {
    let mut interim = 0;
    let mut codec = ClientCodec::new(config.clone());
    loop {
        let decoded = if buffer.is_empty() { None } else { codec.decode(buffer).map_err(Failure::NotHttp)? };
        match decoded {
            Some(head) if head.status == StatusCode::SWITCHING_PROTOCOLS || interim > MAX_INTERIM_ANSWERS => {
                return Err(Failure::NotHttp(ParseError::Status));
            }
            // 100 and 103 come before the answer.
            Some(head) if head.status.is_informational() => {
                interim += 1;
                // They have no body, and a codec that was told of one by their header fields reads no other head.
                codec = ClientCodec::new(config.clone());
            }
            Some(head) => return framed(head, codec, method),
            None => {
                buffer.reserve(READ_BYTES);
                let cause = match from.read_buf(buffer).await {
                    Ok(1..) => continue,
                    Ok(0) => io::ErrorKind::UnexpectedEof.into(),
                    Err(cause) => cause,
                };
                return Err(Failure::Broken { began: interim > 0 || !buffer.is_empty(), sent: true, cause });
            }
        }
    }
}

/// How the body is delimited (RFC 9112 §6.3).
fn framed(head: ResponseHead, codec: ClientCodec, method: &Method) -> Result<Head, Failure> {
    let without_body =
        method == Method::HEAD || matches!(head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let encoded = head.headers.contains_key(TRANSFER_ENCODING);
    let length = head.headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.trim().parse().ok());
    let old = head.version < Version::HTTP_11;
    // RFC 9110, section 15: there are five classes. Above them a client doesn't know what it means.
    if head.status.as_u16() > 599 {
        return Err(Failure::NotHttp(ParseError::Status));
    }
    let framing = match (codec.message_type(), length) {
        _ if old && encoded => return Err(Failure::NotHttp(ParseError::Header)),
        _ if without_body => Framing::Length(0),
        (MessageType::Stream, _) => return Err(Failure::NotHttp(ParseError::Status)),
        (_, Some(length)) if !encoded => Framing::Length(length),
        (MessageType::Payload, _) if encoded => Framing::Chunked(Box::new(codec.into_payload_codec())),
        _ => Framing::UntilClose,
    };
    let keep = head.keep_alive() && !matches!(framing, Framing::UntilClose);
    Ok(Head { head, framing, keep })
}

//! Compresses JSON answers for clients that take brotli or gzip.
//!
//! Not actix-web's `Compress`: it would compress event streams and the smallest answers too, keeps strong tags, and hands
//! every kilobyte to another thread.

mod coding;
mod encoder;

use actix_web::body::{self, BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, VARY};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;

pub(crate) use self::coding::{Coding, accepts};
pub(crate) use self::encoder::whole;
use self::encoder::{Compressed, PIECE_BYTES};

/// Shorter answers fit into one packet as they are.
const SMALLEST_BYTES: u64 = 1024;

/// Middleware: compresses what a `GET` is answered with, as `Accept-Encoding` allows.
///
/// Answers to other methods stay as they are: the few that hold a secret (tokens of sessions and invitations) hold what
/// the caller sent too, and the length of a compressed answer would tell how much of the secret was guessed (BREACH).
pub(crate) async fn compress(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let is_head = request.method() == Method::HEAD;
    if !is_head && request.method() != Method::GET {
        return next.call(request).await;
    }
    let coding = Coding::accepted(request.headers());
    let mut response = next.call(request).await?;
    if !varies(&response) {
        return Ok(response);
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Encoding"));
    let Some(coding) = coding.filter(|_| is_worth_it(&response)) else { return Ok(response) };
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    weaken_tag(response.headers_mut());
    Ok(response.map_body(|_, body| if is_head { BoxBody::new(body::None::new()) } else { compressed(coding, body) }))
}

/// Whether such an answer is compressed for some clients, or says that a copy of one is still good.
fn varies(response: &ServiceResponse<BoxBody>) -> bool {
    let headers = response.headers();
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    match response.status() {
        StatusCode::NOT_MODIFIED => !headers.contains_key(VARY),
        StatusCode::OK => {
            text(CONTENT_TYPE).split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case("application/json"))
                && !headers.contains_key(CONTENT_ENCODING)
                && !text(CACHE_CONTROL).contains("no-transform")
        }
        _ => false,
    }
}

fn is_worth_it(response: &ServiceResponse<BoxBody>) -> bool {
    response.status() == StatusCode::OK
        && match response.response().body().size() {
            BodySize::None => false,
            BodySize::Sized(length) => length >= SMALLEST_BYTES,
            BodySize::Stream => true,
        }
}

/// The bytes aren't those that a strong tag would promise (RFC 9110, section 8.8.3.3).
fn weaken_tag(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(ETAG).map(HeaderValue::as_bytes).filter(|tag| !tag.starts_with(b"W/")) else { return };
    if let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag].concat()) {
        headers.insert(ETAG, weak);
    }
}

/// In one piece, with its length, where it is there as a whole and takes less than a millisecond.
fn compressed(coding: Coding, body: BoxBody) -> BoxBody {
    match body.try_into_bytes() {
        Ok(bytes) if bytes.len() <= PIECE_BYTES => BoxBody::new(whole(coding, &bytes)),
        Ok(bytes) => BoxBody::new(Compressed::new(coding, BoxBody::new(bytes))),
        Err(body) => BoxBody::new(Compressed::new(coding, body)),
    }
}

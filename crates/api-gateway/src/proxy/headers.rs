//! Which headers pass, and which the gateway writes itself.

use std::fmt::Write;
use std::time::Duration;

use actix_web::http::header::{CONNECTION, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest};
use bytes::{BufMut, BytesMut};
use platform::observe::{ClientAddress, RequestContext, X_CLIENT_ADDRESS};

const TYPICAL_HEAD_BYTES: usize = 1024;

/// For one connection only (RFC 9110 §7.6.1), so never passed on.
fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authentication-info"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// What a client may not say for itself, because the gateway says it.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "host"
            | "content-length"
            | "expect"
            | "forwarded"
            | "x-forwarded-for"
            | "x-forwarded-host"
            | "x-forwarded-proto"
            | "x-forwarded-port"
            | "x-forwarded-prefix"
            | "x-real-ip"
            | "x-request-id"
            | "traceparent"
            | "x-deadline-ms"
            | "x-client-address"
    )
}

/// Whether `Connection` names this header as one for this connection only.
fn is_named(connection: Option<&HeaderValue>, name: &HeaderName) -> bool {
    let named = connection.and_then(|value| value.to_str().ok()).unwrap_or_default();
    named.split(',').any(|option| option.trim().eq_ignore_ascii_case(name.as_str()))
}

/// Takes from an answer what was meant for the connection it came on.
pub(crate) fn clean_answer(headers: &mut HeaderMap) {
    let named: Vec<HeaderValue> = headers.get_all(CONNECTION).cloned().collect();
    headers.retain(|name, _| {
        let text = name.as_str();
        !is_hop_by_hop(text)
            && !matches!(text, "server" | "server-timing" | "x-request-id" | "traceparent")
            && !named.iter().any(|value| is_named(Some(value), name))
    });
}

/// The request as it goes to the service: request line, headers, empty line.
pub(crate) struct Forward<'a> {
    pub(crate) request: &'a HttpRequest,
    pub(crate) context: &'a RequestContext,
    /// Path and query, byte for byte.
    pub(crate) target: &'a str,
    /// The service's own name for `Host`.
    pub(crate) authority: &'a str,
    /// Of the body; none for a request without one.
    pub(crate) length: Option<usize>,
    /// For how long the answer is waited for.
    pub(crate) deadline: Duration,
    /// Whether the client's `X-Forwarded-*` are believed.
    pub(crate) trusted: bool,
}

impl Forward<'_> {
    /// Its bytes.
    pub(crate) fn head(&self) -> BytesMut {
        let mut out = BytesMut::with_capacity(TYPICAL_HEAD_BYTES);
        for part in [self.request.method().as_str(), " ", self.target, " HTTP/1.1\r\nhost: ", self.authority, "\r\n"] {
            out.put_slice(part.as_bytes());
        }
        let headers = self.request.headers();
        let several = headers.contains_key(CONNECTION);
        for (name, value) in headers {
            let text = name.as_str();
            if is_hop_by_hop(text) || is_ours(text) {
                continue;
            }
            if several && headers.get_all(CONNECTION).any(|value| is_named(Some(value), name)) {
                continue;
            }
            line(&mut out, text, value.as_bytes());
        }
        self.forwarded(&mut out);
        line(&mut out, "x-request-id", self.context.request_id.as_bytes());
        line(&mut out, "traceparent", &self.context.trace.header());
        let _ = write!(out, "x-deadline-ms: {}\r\n", self.deadline.as_millis());
        if let Some(ClientAddress(client)) = self.request.extensions().get::<ClientAddress>() {
            let _ = write!(out, "{X_CLIENT_ADDRESS}: {client}\r\n");
        }
        if let Some(length) = self.length {
            let _ = write!(out, "content-length: {length}\r\n");
        }
        out.put_slice(b"\r\n");
        out
    }

    /// Who called, under which name, and how.
    fn forwarded(&self, out: &mut BytesMut) {
        let headers = self.request.headers();
        let theirs = |name| self.trusted.then(|| headers.get(name)).flatten().map(HeaderValue::as_bytes);
        out.put_slice(b"x-forwarded-for: ");
        if self.trusted {
            for earlier in headers.get_all("x-forwarded-for") {
                out.put_slice(earlier.as_bytes());
                out.put_slice(b", ");
            }
        }
        match self.request.peer_addr() {
            Some(peer) => {
                let _ = write!(out, "{}", peer.ip());
            }
            None => out.put_slice(b"unknown"),
        }
        out.put_slice(b"\r\n");
        line(out, "x-forwarded-proto", theirs("x-forwarded-proto").unwrap_or(b"http"));
        let asked = self.request.uri().authority().map(|authority| authority.as_str().as_bytes());
        let host = asked.or_else(|| headers.get("host").map(HeaderValue::as_bytes));
        if let Some(host) = theirs("x-forwarded-host").or(host) {
            line(out, "x-forwarded-host", host);
        }
    }
}

fn line(out: &mut BytesMut, name: &str, value: &[u8]) {
    out.reserve(name.len() + value.len() + 4);
    out.put_slice(name.as_bytes());
    out.put_slice(b": ");
    out.put_slice(value);
    out.put_slice(b"\r\n");
}

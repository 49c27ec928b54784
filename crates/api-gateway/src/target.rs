//! What is looked at in every request before anything else: does it name one resource, in a way that every reader reads
//! alike (RFC 9112, section 3.2)?

use std::net::{IpAddr, Ipv6Addr};

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{ALLOW, HOST, HeaderMap};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use domain::problem::{Code, Problem};
use platform::ApiError;
use platform::observe::ClientAddress;
use platform::routes::METHODS;

use crate::path;
use crate::proxy::NO_ROUTE;

/// Middleware: refuses what can't be asked for, and answers what asks for nothing in particular.
pub(crate) async fn look(
    trust_forwarded: bool,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if let Some(client) = client_of(request.request(), trust_forwarded) {
        request.extensions_mut().insert(ClientAddress(client));
    }
    if let Err(problem) = check(request.uri(), request.headers()) {
        request.extensions_mut().insert(NO_ROUTE);
        return Ok(request.into_response(ApiError::from(problem).error_response()));
    }
    // As good as `*` (RFC 9110, section 9.3.7), which some clients can't send.
    if request.method() == Method::OPTIONS && request.path() == "/" {
        request.extensions_mut().insert(NO_ROUTE);
        return Ok(request.into_response(HttpResponse::NoContent().insert_header((ALLOW, METHODS)).finish()));
    }
    next.call(request).await
}

/// Where a request comes from: the peer, or who the proxy in front of us says that it serves. Of several names the last
/// is the proxy's own word.
fn client_of(request: &HttpRequest, trust_forwarded: bool) -> Option<IpAddr> {
    let said = trust_forwarded.then(|| said_by_proxy(request.headers())).flatten();
    said.or_else(|| request.peer_addr().map(|peer| peer.ip()))
}

fn said_by_proxy(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").last()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

fn check(uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
    let refused = |detail: &str| Err(Problem::new(Code::BadRequest, detail));
    if uri.scheme_str().is_some_and(|scheme| !matches!(scheme, "http" | "https")) {
        return refused("The scheme must be http or https.");
    }
    if uri.authority().is_some_and(|authority| !is_host(authority.as_str())) {
        return refused("The address must name a host, without user or password.");
    }
    if headers.get(HOST).is_some_and(|host| !host.to_str().is_ok_and(is_host)) {
        return refused("`Host` must be the name or the address of a host, and a port if there is one.");
    }
    path::check(uri.path(), uri.path_and_query().map_or("", |whole| whole.as_str()))
}

/// Whether this is `host [":" port]` (RFC 3986, section 3.2) with a host that isn't empty.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if address.parse::<Ipv6Addr>().is_ok() => match rest.strip_prefix(':') {
            Some(port) => ("v6", port),
            None if rest.is_empty() => ("v6", ""),
            None => return false,
        },
        Some(_) => return false,
        None => text.split_once(':').unwrap_or((text, "")),
    };
    let is_port = port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    is_port && !host.is_empty() && is_registered_name(host)
}

/// `reg-name`, in which addresses of version 4 are too.
fn is_registered_name(host: &str) -> bool {
    let mut bytes = host.bytes();
    while let Some(byte) = bytes.next() {
        let taken = match byte {
            b'%' => [bytes.next(), bytes.next()].iter().all(|digit| digit.is_some_and(|it| it.is_ascii_hexdigit())),
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte),
        };
        if !taken {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_and_perhaps_a_port() {
        for host in ["a", "taskhub.test", "x_y.test:8080", "127.0.0.1", "[::1]", "[2001:db8::1]:443", "caf%C3%A9", "a:"]
        {
            assert!(is_host(host), "{host}");
        }
        for not in [
            "", ":80", "a:b", "a:99999", "a:-1", "a:+1", "a b", "a/b", "user@a", "a:80:80", "::1", "[::1", "[::1]x",
            "[x]", "a%", "a%2", "a%zz", "a\\b", "a#b", "a?b", "<a>", "\"a\"", "a\u{e9}",
        ] {
            assert!(!is_host(not), "{not}");
        }
    }
}

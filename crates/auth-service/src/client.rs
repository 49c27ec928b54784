//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;

/// The address of a client, as far as it tells one from another: of IPv6 the network, of which a client has as many
/// addresses as it likes. `None` if it isn't known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address(Option<IpAddr>);

impl Address {
    /// The address of this peer.
    pub(crate) fn of(ip: IpAddr) -> Self {
        Self(Some(match ip.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
            ip @ IpAddr::V4(_) => ip,
        }))
    }

    /// The address that the gateway has seen, or the proxy before it: the gateway adds who called it to
    /// `X-Forwarded-For`, and leaves there what was in it only if its settings trust the caller
    /// (`TASKHUB__UPSTREAMS__TRUST_FORWARDED`). So the last is the proxy where there is one before it.
    pub(crate) fn of_request(req: &HttpRequest) -> Self {
        let forwarded = req.headers().get_all("x-forwarded-for").next_back().and_then(|value| value.to_str().ok());
        forwarded.map_or_else(|| req.peer_addr().map_or(Self(None), |peer| Self::of(peer.ip())), Self::forwarded)
    }

    fn forwarded(list: &str) -> Self {
        let mut from_last = list.rsplit(',').map(str::trim);
        let last = from_last.next().unwrap_or_default();
        let client = from_last.next().unwrap_or(last);
        client.parse().map_or(Self(None), Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_who_called_the_gateway_or_the_proxy_that_it_trusts() {
        let ip = |text: &str| Address::of(text.parse().unwrap());
        assert_eq!(Address::forwarded("192.0.2.1"), ip("192.0.2.1"));
        // What the client itself has sent stands before.
        assert_eq!(Address::forwarded("203.0.113.9, 192.0.2.1, 10.0.0.1"), ip("192.0.2.1"));
        assert_eq!(Address::forwarded("2001:db8:0:1::7, 10.0.0.1"), ip("2001:db8:0:1:ffff::1"));
        assert_ne!(ip("2001:db8:0:1::7"), ip("2001:db8:0:2::7"));
        assert_eq!(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
        assert_eq!(Address::forwarded("unknown"), Address(None));
    }
}

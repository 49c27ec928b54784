//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr};

use crate::observe::ClientAddress;
use actix_web::HttpRequest;

/// The address of a client, as far as it tells one from another: of IPv6 the network, of which a client has as many
/// addresses as it likes. `None` if it isn't known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(Option<IpAddr>);

impl Address {
    /// The address of this peer.
    #[must_use]
    pub fn of(ip: IpAddr) -> Self {
        Self(Some(match ip.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
            ip @ IpAddr::V4(_) => ip,
        }))
    }

    /// Where a request comes from, as the gateway knows it.
    #[must_use]
    pub fn of_request(req: &HttpRequest) -> Self {
        ClientAddress::of(req).map_or(Self(None), Self::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_network_are_one_client() {
        let ip = |text: &str| Address::of(text.parse().unwrap());
        assert_eq!(ip("2001:db8:0:1::7"), ip("2001:db8:0:1:ffff::1"));
        assert_ne!(ip("2001:db8:0:1::7"), ip("2001:db8:0:2::7"));
        assert_eq!(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
    }
}

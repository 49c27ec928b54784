//! Where a service answers, and how a connection to it is made.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

/// A service's host and port, from a base URL such as `http://task-service:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// For the resolver: a name, or an IP address without brackets.
    host: String,
    port: u16,
    /// As it goes into `Host`.
    authority: String,
}

/// The text isn't a base URL; says what would be one.
#[derive(Debug, thiserror::Error)]
#[error("must be http://host:port, without user, path or query")]
pub struct NotAnAddress;

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let url = Url::parse(text).map_err(|_| NotAnAddress)?;
        let bare = url.scheme() == "http"
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let (true, Some(host), Some(port)) = (bare, url.host(), url.port_or_known_default()) else {
            return Err(NotAnAddress);
        };
        let authority = if url.port().is_some() { format!("{host}:{port}") } else { host.to_string() };
        let host = match host {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        Ok(Self { host, port, authority })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.authority)
    }
}

impl Address {
    /// The value of `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Connects to one of the addresses that the name has now, `turn` saying which is tried first: the
    /// next one is tried when one refuses or takes more than its share of the time.
    ///
    /// # Errors
    /// What the last address said; [`io::ErrorKind::TimedOut`] when `limit` is over.
    pub async fn connect(&self, turn: usize, limit: Duration) -> io::Result<TcpStream> {
        let until = Instant::now() + limit;
        let late = || io::Error::from(io::ErrorKind::TimedOut);
        let found = timeout_at(until, lookup_host((self.host.as_str(), self.port))).await.map_err(|_| late())??;
        connect_any(found.collect(), turn, until).await
    }
}

/// Connects to the first of these that lets us, beginning with the one whose turn it is.
async fn connect_any(mut addresses: Vec<SocketAddr>, turn: usize, until: Instant) -> io::Result<TcpStream> {
    let count = addresses.len();
    addresses.rotate_left(turn.checked_rem(count).unwrap_or(0));
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for (tried, address) in addresses.into_iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let share = u32::try_from(count - tried).map_or(left, |n| left / n);
        match timeout_at(Instant::now() + share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[test]
    fn a_base_url_is_an_address() {
        for (text, host, port, authority) in [
            ("http://task-service:8080", "task-service", 8080, "task-service:8080"),
            ("http://task-service:8080/", "task-service", 8080, "task-service:8080"),
            ("http://worker", "worker", 80, "worker"),
            ("http://127.0.0.1:8082", "127.0.0.1", 8082, "127.0.0.1:8082"),
            ("http://[::1]:8082", "::1", 8082, "[::1]:8082"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!((address.host.as_str(), address.port, address.authority.as_str()), (host, port, authority));
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "",
            "task-service:8080",
            "https://task-service",
            "http://task-service/api",
            "http://task-service?x",
            "http://task-service#x",
            "http://me@task-service",
            "http://me:secret@task-service",
            "http://:8080",
            "http://task service",
            "http://task-service:99999",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn another_address_is_tried_when_one_refuses() {
        let there = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (there, away) = (there.local_addr().map(|at| (there, at)).unwrap(), gone.local_addr().unwrap());
        drop(gone);
        let until = Instant::now() + Duration::from_secs(5);
        for turn in 0..4 {
            let stream = connect_any(vec![away, there.1], turn, until).await.unwrap();
            assert_eq!(stream.peer_addr().unwrap(), there.1);
        }
        let refused = connect_any(vec![away, away], 0, until).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(connect_any(vec![], 3, until).await.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}

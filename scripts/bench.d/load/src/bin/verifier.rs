//! What nginx's `auth_request` asks in scripts/bench: verifies the bearer token and answers 204 or 401, no more.
//!
//!     verifier 127.0.0.1:PORT < jwks.json
//!
//! It verifies as TaskHub's services do (EdDSA, `exp`; a token found good is remembered), and is otherwise as small as a
//! server can be, in nginx's favour: one thread, no framework, no log. It trusts that nginx's requests are well-formed.

#![allow(clippy::indexing_slicing, reason = "a tool that may stop at what it can't do")]

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use rustix::event::epoll;

type Failure = Box<dyn std::error::Error>;

const LISTENER: u64 = u64::MAX;
const GOOD: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
const BAD: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";

struct Verifier {
    keys: HashMap<String, VerifyingKey>,
    /// Tokens that were found good, and until when (seconds since 1970).
    good: HashMap<Vec<u8>, u64>,
}

impl Verifier {
    fn from_jwks(jwks: &serde_json::Value) -> Result<Self, Failure> {
        let mut keys = HashMap::new();
        for key in jwks["keys"].as_array().ok_or("no keys")? {
            let bytes = URL_SAFE_NO_PAD.decode(key["x"].as_str().ok_or("no x")?)?;
            keys.insert(key["kid"].as_str().ok_or("no kid")?.to_owned(), VerifyingKey::try_from(bytes.as_slice())?);
        }
        Ok(Self { keys, good: HashMap::new() })
    }

    fn allows(&mut self, token: &[u8]) -> bool {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(u64::MAX, |time| time.as_secs());
        if let Some(until) = self.good.get(token) {
            return *until > now;
        }
        let Some(until) = self.verify(token) else { return false };
        self.good.insert(token.to_vec(), until);
        until > now
    }

    fn verify(&self, token: &[u8]) -> Option<u64> {
        let mut parts = token.split(|b| *b == b'.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let json = |part| serde_json::from_slice::<serde_json::Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        let key = self.keys.get(json(header)?["kid"].as_str()?)?;
        let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
        key.verify_strict(&token[..header.len() + 1 + claims.len()], &signature).ok()?;
        json(claims)?["exp"].as_u64()
    }
}

/// The token in a request's head.
fn token(request: &[u8]) -> Option<&[u8]> {
    let line = request
        .split(|b| *b == b'\n')
        .find(|line| line.get(..14).is_some_and(|name| name.eq_ignore_ascii_case(b"authorization:")))?;
    line[14..].trim_ascii().strip_prefix(b"Bearer ")
}

fn main() -> Result<(), Failure> {
    let address = std::env::args().nth(1).ok_or("which address?")?;
    let mut verifier = Verifier::from_jwks(&serde_json::from_reader(std::io::stdin())?)?;
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(&epoll, &listener, epoll::EventData::new_u64(LISTENER), epoll::EventFlags::IN)?;
    let mut connections: HashMap<u64, (TcpStream, Vec<u8>)> = HashMap::new();
    let mut accepted = 0;
    let mut events = Vec::with_capacity(256);
    let mut buffer = vec![0; 1 << 16];
    loop {
        events.clear();
        epoll::wait(&epoll, rustix::buffer::spare_capacity(&mut events), None)?;
        for event in &events {
            let id = event.data.u64();
            if id == LISTENER {
                while let Ok((stream, _)) = listener.accept() {
                    stream.set_nonblocking(true)?;
                    stream.set_nodelay(true)?;
                    epoll::add(&epoll, &stream, epoll::EventData::new_u64(accepted), epoll::EventFlags::IN)?;
                    connections.insert(accepted, (stream, Vec::new()));
                    accepted += 1;
                }
                continue;
            }
            let Some((stream, head)) = connections.get_mut(&id) else { continue };
            match stream.read(&mut buffer) {
                Ok(length) if length > 0 => head.extend_from_slice(&buffer[..length]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => continue,
                _ => {
                    connections.remove(&id);
                    continue;
                }
            }
            if head.ends_with(b"\r\n\r\n") {
                let answer = if token(head).is_some_and(|token| verifier.allows(token)) { GOOD } else { BAD };
                head.clear();
                if stream.write_all(answer).is_err() {
                    connections.remove(&id);
                }
            }
        }
    }
}

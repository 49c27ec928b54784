//! A client that tries once more.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;
use tokio::time::sleep;
use uuid::Uuid;

/// How long it waits for an answer: what the services promise, with something to spare.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long it pauses before it tries again; as much again by chance.
const PAUSE: Duration = Duration::from_millis(50);

/// Someone who sends requests, each over a new connection: an ingress too chooses anew for each.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

/// What is to be sent.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// `If-Match` or `Idempotency-Key`, which make it safe to try again.
    pub(crate) header: Option<(&'static str, String)>,
}

/// An answer that isn't the server's fault.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// From its `ETag`.
    pub(crate) version: Option<i64>,
    pub(crate) json: Value,
}

/// Why there is none. What was asked for may have happened all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// 503.
    Refused,
    /// Another 5xx, a broken connection, or nothing in time.
    Failed,
}

/// What became of a request.
#[derive(Debug)]
pub(crate) struct Tried {
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    /// Whether the first try was in vain.
    pub(crate) again: bool,
    pub(crate) result: Result<Answer, Trouble>,
}

impl Client {
    pub(crate) fn new(base: &str, token: &str) -> Self {
        let http = reqwest::Client::builder().timeout(PATIENCE).pool_max_idle_per_host(0).no_proxy().build().unwrap();
        Self { http, base: base.to_owned(), token: token.to_owned() }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Sends a request, and once more if need be.
    pub(crate) async fn send(&self, request: &Request) -> Tried {
        let start = Instant::now();
        let mut result = self.send_once(request).await;
        let again = result.is_err();
        if again {
            sleep(PAUSE + Duration::from_millis(random(u64::try_from(PAUSE.as_millis()).unwrap()))).await;
            result = self.send_once(request).await;
        }
        Tried { start, end: Instant::now(), again, result }
    }

    async fn send_once(&self, request: &Request) -> Result<Answer, Trouble> {
        let url = format!("{}{}", self.base, request.path);
        let mut out = self.http.request(request.method.clone(), url).bearer_auth(&self.token);
        if let Some((name, value)) = &request.header {
            out = out.header(*name, value);
        }
        if let Some(body) = &request.body {
            out = out.header("content-type", "application/json").body(body.to_string());
        }
        let answer = out.send().await.map_err(|_| Trouble::Failed)?;
        let status = answer.status().as_u16();
        if status >= 500 {
            return Err(if status == 503 { Trouble::Refused } else { Trouble::Failed });
        }
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
        let version = tag.and_then(|tag| tag.trim_matches('"').parse().ok());
        let body = answer.bytes().await.map_err(|_| Trouble::Failed)?;
        Ok(Answer { status, version, json: serde_json::from_slice(&body).unwrap_or_default() })
    }
}

/// A number below `below`.
pub(crate) fn random(below: u64) -> u64 {
    // The last bits of a UUIDv7 are chance.
    u64::try_from(Uuid::now_v7().as_u128() & 0xffff_ffff).unwrap() % below.max(1)
}

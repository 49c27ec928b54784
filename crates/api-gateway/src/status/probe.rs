//! Asking the services how they are: all at once, each within its time, and once for all who ask.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::Utc;
use domain::health::{Readiness, ServiceStatus, SystemStatus};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, join_all};
use tokio::runtime::Handle;

use crate::routes::Owner;
use crate::upstream::Address;

/// Below the second that the platform gives a readiness probe, so that ours is the one to say what is missing.
const LIMIT: Duration = Duration::from_millis(900);
/// How long an answer is good for everyone who asks.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// More than any readiness document has.
const MAX_BYTES: usize = 64 * 1024;

type Look = Shared<BoxFuture<'static, (Arc<SystemStatus>, Instant)>>;

/// Asks the services, and remembers the answer for a second.
#[derive(Clone)]
pub(crate) struct Prober {
    client: reqwest::Client,
    urls: Arc<[(Owner, String)]>,
    last: Arc<Mutex<Option<Look>>>,
    runtime: Handle,
}

impl std::fmt::Debug for Prober {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prober").field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl Prober {
    /// Must be called within a Tokio runtime; the probes run there, whichever thread asks for them.
    ///
    /// # Errors
    /// When an HTTP client can't be made.
    pub(crate) fn new(upstreams: &[(Owner, Address)]) -> anyhow::Result<Self> {
        let client =
            reqwest::Client::builder().timeout(LIMIT).no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let urls = upstreams.iter().map(|(owner, address)| (*owner, format!("{address}/health/ready"))).collect();
        Ok(Self { client, urls, last: Arc::default(), runtime: Handle::try_current()? })
    }

    /// How everything is, or was less than a second ago.
    pub(crate) async fn look(&self) -> Arc<SystemStatus> {
        let look = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            match &*last {
                Some(look) if look.peek().is_none_or(|(_, at)| at.elapsed() < GOOD_FOR) => look.clone(),
                _ => last.insert(self.start()).clone(),
            }
        };
        look.await.0
    }

    /// Runs by itself, so that a caller who goes away takes nothing from the others.
    fn start(&self) -> Look {
        let (client, urls) = (self.client.clone(), self.urls.clone());
        let all = self
            .runtime
            .spawn(async move { join_all(urls.iter().map(|(owner, url)| ask(&client, *owner, url))).await });
        let owners = self.urls.clone();
        async move {
            let services = match all.await {
                Ok(services) => services,
                Err(_) => owners.iter().map(|(owner, _)| missing(*owner, "couldn't be asked")).collect(),
            };
            (Arc::new(SystemStatus::of(services, Utc::now())), Instant::now())
        }
        .boxed()
        .shared()
    }
}

async fn ask(client: &reqwest::Client, owner: Owner, url: &str) -> ServiceStatus {
    let start = Instant::now();
    let (answered, body) = match fetch(client, url).await {
        Ok(found) => found,
        Err(error) if error.is_timeout() => return missing(owner, "doesn't answer"),
        Err(error) => {
            tracing::debug!(service = owner.name(), %error, "a service can't be asked how it is");
            return missing(owner, if error.is_connect() { "can't be reached" } else { "broke off" });
        }
    };
    let Some(readiness) = body.and_then(|body| serde_json::from_slice::<Readiness>(&body).ok()) else {
        return missing(owner, "answers, but not how it is");
    };
    let lacks: Vec<&str> =
        readiness.dependencies.iter().filter(|d| d.required && !d.ok).map(|d| d.name.as_str()).collect();
    let ok = answered && readiness.is_ready();
    ServiceStatus {
        name: owner.name().to_owned(),
        ok,
        latency_ms: Some((start.elapsed().as_secs_f64() * 1e6).round() / 1e3),
        detail: match (ok, lacks.as_slice()) {
            (true, _) => None,
            (false, []) => Some("not ready".to_owned()),
            (false, lacks) => Some(format!("not ready: {}", lacks.join(", "))),
        },
        dependencies: readiness.dependencies,
    }
}

/// Whether the answer is 200, and its body if that isn't too long.
async fn fetch(client: &reqwest::Client, url: &str) -> reqwest::Result<(bool, Option<Vec<u8>>)> {
    let mut answer = client.get(url).send().await?;
    let answered = answer.status() == reqwest::StatusCode::OK;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Ok((answered, None));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((answered, Some(body)))
}

fn missing(owner: Owner, detail: &str) -> ServiceStatus {
    ServiceStatus {
        name: owner.name().to_owned(),
        ok: false,
        latency_ms: None,
        detail: Some(detail.to_owned()),
        dependencies: Vec::new(),
    }
}

//! `/health`, `/health/ready` and `/health/serving`: am I alive, what is missing, and may requests come.
//!
//! Liveness asks nobody. Readiness asks every dependency at once, each within a second, and names what
//! is away; the services go on meanwhile and recover by themselves. So a replica gets requests as soon as it
//! has once had what it can't begin without, and until it stops, whatever is away meanwhile.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::{HttpResponse, web};
use domain::health::{DependencyState, Readiness};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use serde::Serialize;
use utoipa::{OpenApi as _, ToSchema};

use crate::metrics::HTTP_IN_FLIGHT;
use crate::openapi::Part;
use crate::streams::{Limits, Streams};

crate::routes! {
    "/health" Public { GET live(); }
    "/health/ready" Public { GET ready(); }
    "/health/serving" Public { GET serving(); }
}

/// What every service says of its health, as a part of the OpenAPI document.
#[must_use]
pub fn part() -> Part {
    Part::new(ROUTES, &Described::openapi()).tag("system", "How TaskHub itself is.")
}

const PROBE_TIMEOUT: Duration = Duration::from_secs(1);

type Probe = dyn Fn() -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync;

/// What a probe may say about why its dependency isn't there: words for anyone, without addresses or secrets.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

type Probes = Vec<(&'static str, Arc<Probe>)>;

/// What a service needs, and how each is asked.
#[derive(Clone, Default)]
pub struct Health {
    probes: Probes,
    /// What must have been there once before requests may come.
    first: Probes,
    begun: Arc<AtomicBool>,
    draining: Arc<AtomicBool>,
    under_way: Arc<AtomicUsize>,
    /// Those of them that wait for their client.
    aside: Arc<AtomicUsize>,
    /// Requests at once; none is no limit.
    limit: Option<NonZeroUsize>,
    pub(crate) streams: Streams,
    pub(crate) stream_limits: Limits,
    /// Whether strangers learn only how the whole is.
    discreet: bool,
}

/// A request that is being answered, until its last byte is out or its caller is gone.
#[derive(Debug)]
pub struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        HTTP_IN_FLIGHT.dec();
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request that isn't worked on, because it waits for its client, until this is dropped.
#[derive(Debug)]
pub struct Aside(Health);

impl Aside {
    /// Whether there is no room for it among those that are worked on.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.is_full()
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.0.aside.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.probes.iter().map(|p| p.0)).finish()
    }
}

impl Health {
    /// The same with one more dependency.
    #[must_use]
    pub fn with<F, Fut>(mut self, name: &'static str, probe: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.probes.push((name, Arc::new(move || probe().boxed())));
        self
    }

    /// The same with one more thing that must have been there once before requests may come.
    #[must_use]
    pub fn first<F, Fut>(mut self, name: &'static str, probe: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.first.push((name, Arc::new(move || probe().boxed())));
        self
    }

    /// The same for a service that anybody can reach: only the management port names what it depends on.
    #[must_use]
    pub fn discreet(mut self) -> Self {
        self.discreet = true;
        self
    }

    /// The same for those who may know everything.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.discreet = false;
        self
    }

    /// From now on readiness says no: the process is about to stop. Live streams end.
    pub fn drain(&self) {
        self.streams.end();
        self.draining.store(true, Ordering::Relaxed);
    }

    /// The same with a bound on the requests that are worked on at once; 0 sets none.
    #[must_use]
    pub fn at_most(mut self, requests: usize) -> Self {
        self.limit = NonZeroUsize::new(requests);
        self
    }

    /// The same with a bound on the live streams at once, and on those of one user; 0 sets none.
    #[must_use]
    pub fn at_most_streams(mut self, streams: usize, per_user: usize) -> Self {
        self.stream_limits = Limits { all: streams, per_user };
        self
    }

    /// Whether as many requests are worked on as may be.
    #[must_use]
    pub fn is_full(&self) -> bool {
        let worked_on = self.requests_under_way().saturating_sub(self.aside.load(Ordering::Relaxed));
        self.limit.is_some_and(|limit| worked_on >= limit.get())
    }

    /// Whether the process is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Counts a request from now until the guard is dropped.
    #[must_use]
    pub fn begin(&self) -> UnderWay {
        HTTP_IN_FLIGHT.inc();
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.under_way.clone())
    }

    /// Takes a request that was counted out of those that are worked on: it waits for its client.
    #[must_use]
    pub fn set_aside(&self) -> Aside {
        self.aside.fetch_add(1, Ordering::Relaxed);
        Aside(self.clone())
    }

    /// Requests that are being answered.
    #[must_use]
    pub fn requests_under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    /// Asks every dependency.
    pub async fn check(&self) -> Readiness {
        self.with_shutdown(ask_all(&self.probes).await)
    }

    /// Whether requests may come: asks what must have been there once until it was, and nobody after that.
    pub async fn check_serving(&self) -> Readiness {
        if self.begun.load(Ordering::Relaxed) {
            return self.with_shutdown(Vec::new());
        }
        let readiness = self.with_shutdown(ask_all(&self.first).await);
        self.begun.fetch_or(readiness.is_ready(), Ordering::Relaxed);
        readiness
    }

    fn with_shutdown(&self, mut dependencies: Vec<DependencyState>) -> Readiness {
        if self.is_draining() {
            dependencies.push(DependencyState {
                name: "shutdown".into(),
                ok: false,
                required: true,
                latency_ms: None,
                detail: Some("the service is stopping".into()),
            });
        }
        Readiness::of(dependencies)
    }
}

async fn ask_all(probes: &Probes) -> Vec<DependencyState> {
    join_all(probes.iter().map(|(name, probe)| ask(name, probe()))).await
}

async fn ask(name: &str, probe: BoxFuture<'static, anyhow::Result<()>>) -> DependencyState {
    let start = Instant::now();
    let (ok, detail) = match tokio::time::timeout(PROBE_TIMEOUT, probe).await {
        Ok(Ok(())) => (true, None),
        Ok(Err(error)) => {
            tracing::debug!(dependency = name, error = format!("{error:#}"), "not ready");
            let said = error.downcast_ref::<Missing>().map(|missing| missing.0.clone());
            (false, Some(said.unwrap_or_else(|| "can't be reached".to_owned())))
        }
        Err(_) => (false, Some("doesn't answer".to_owned())),
    };
    DependencyState {
        name: name.into(),
        ok,
        required: true,
        latency_ms: ok.then(|| (start.elapsed().as_secs_f64() * 1e6).round() / 1e3),
        detail,
    }
}

/// The answer of a process that can answer.
#[derive(Serialize, ToSchema)]
struct Live {
    /// Always `ok`.
    status: &'static str,
}

/// Answers as long as the process can.
#[utoipa::path(
    get,
    path = "/health",
    tag = "system",
    operation_id = "health",
    responses((status = 200, body = Live)),
)]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Live { status: "ok" })
}

/// Tells whether all is there that the service needs.
///
/// Each dependency is named, but not by the gateway to strangers.
#[utoipa::path(
    get,
    path = "/health/ready",
    tag = "system",
    operation_id = "ready",
    responses((status = 200, body = Readiness), (status = 503, description = "Something is missing, or the service is stopping.", body = Readiness)),
)]
pub async fn ready(health: web::Data<Health>) -> HttpResponse {
    answer(&health, health.check().await)
}

/// Tells whether requests may come.
///
/// They may from when the process has once had what it can't begin without, until it stops.
#[utoipa::path(
    get,
    path = "/health/serving",
    tag = "system",
    operation_id = "serving",
    responses((status = 200, body = Readiness), (status = 503, description = "It hasn't begun, or it is stopping.", body = Readiness)),
)]
pub async fn serving(health: web::Data<Health>) -> HttpResponse {
    answer(&health, health.check_serving().await)
}

fn answer(health: &Health, mut readiness: Readiness) -> HttpResponse {
    let mut response = if readiness.is_ready() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    if health.discreet {
        readiness.dependencies.clear();
    }
    response.json(readiness)
}

//! How a service, and the whole, says how it is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::timestamp;
use crate::words::words;

/// What a service found when it last asked something it depends on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DependencyState {
    /// A fixed word such as `database` or `redis`.
    pub name: String,
    /// Whether it answered.
    pub ok: bool,
    /// Whether the service can't do its work without it.
    pub required: bool,
    /// How long the answer took, in milliseconds; null if there was none.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub latency_ms: Option<f64>,
    /// What is wrong, in words without addresses or secrets; null if nothing is.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub detail: Option<String>,
}

words! {
    /// Whether a service wants requests.
    ReadinessStatus {
        /// It does; answered with 200.
        Ready = "ready",
        /// Something required is missing, or it is stopping; answered with 503.
        NotReady = "not_ready",
    }
}

/// The answer to `GET /health/ready`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Readiness {
    /// `ready` or `not_ready`.
    pub status: ReadinessStatus,
    /// What it depends on, one by one; empty where strangers ask.
    pub dependencies: Vec<DependencyState>,
}

impl Readiness {
    /// Ready if everything that is required answers.
    #[must_use]
    pub fn of(dependencies: Vec<DependencyState>) -> Self {
        let missing = dependencies.iter().any(|d| d.required && !d.ok);
        let status = if missing { ReadinessStatus::NotReady } else { ReadinessStatus::Ready };
        Self { status, dependencies }
    }

    /// Whether it is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.status == ReadinessStatus::Ready
    }
}

words! {
    /// How the whole is.
    Health {
        /// Every service is ready and everything they depend on answers.
        Ok = "ok",
        /// Something is missing, and something works.
        Degraded = "degraded",
        /// No service is ready.
        Down = "down",
    }
}

/// One service as the gateway sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceStatus {
    /// Its name, for example `task-service`.
    pub name: String,
    /// Whether it answered that it is ready.
    pub ok: bool,
    /// How long the answer took, in milliseconds; null if there was none.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub latency_ms: Option<f64>,
    /// What is wrong; null if nothing is.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub detail: Option<String>,
    /// What it depends on; empty if it didn't answer.
    pub dependencies: Vec<DependencyState>,
}

/// The answer to `GET /api/v1/status`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SystemStatus {
    /// `ok`, `degraded` or `down`.
    pub status: Health,
    /// The services, one by one; empty for who isn't signed in.
    pub services: Vec<ServiceStatus>,
    /// When they were asked.
    #[serde(with = "timestamp")]
    pub checked_at: DateTime<Utc>,
}

impl SystemStatus {
    /// The state of the whole from that of its services.
    #[must_use]
    pub fn of(services: Vec<ServiceStatus>, checked_at: DateTime<Utc>) -> Self {
        let status = if services.iter().all(|s| s.ok && s.dependencies.iter().all(|d| d.ok)) {
            Health::Ok
        } else if services.iter().any(|s| s.ok) {
            Health::Degraded
        } else {
            Health::Down
        };
        Self { status, services, checked_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, required: bool, ok: bool) -> DependencyState {
        DependencyState { name: name.into(), ok, required, latency_ms: None, detail: None }
    }

    fn service(ok: bool, redis: bool) -> ServiceStatus {
        let dependencies = vec![dependency("redis", false, redis)];
        ServiceStatus { name: "worker".into(), ok, latency_ms: Some(1.5), detail: None, dependencies }
    }

    #[test]
    fn only_what_is_required_makes_a_service_not_ready() {
        assert!(Readiness::of(vec![dependency("database", true, true), dependency("redis", false, false)]).is_ready());
        let away = Readiness::of(vec![dependency("database", true, false)]);
        assert_eq!(serde_json::to_value(&away).unwrap()["status"], "not_ready");
    }

    #[test]
    fn the_whole_is_down_only_if_nothing_works() {
        let of = |services| SystemStatus::of(services, DateTime::UNIX_EPOCH).status;
        assert_eq!(of(vec![service(true, true), service(true, true)]), Health::Ok);
        assert_eq!(of(vec![service(true, true), service(true, false)]), Health::Degraded);
        assert_eq!(of(vec![service(true, true), service(false, true)]), Health::Degraded);
        assert_eq!(of(vec![service(false, true), service(false, false)]), Health::Down);
    }
}

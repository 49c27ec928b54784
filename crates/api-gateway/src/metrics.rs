//! What the gateway measures beside what every service does.

use std::sync::LazyLock;
use std::time::Duration;

use platform::metrics::{LATENCY_BUCKETS, registered};
use prometheus::{Histogram, HistogramOpts, HistogramVec};

use crate::routes::Owner;
use crate::upstream::Outcome;

/// `taskhub_upstream_request_duration_seconds{upstream,outcome}`: from the request to the head of the answer.
pub(crate) static UPSTREAM_DURATION: LazyLock<HistogramVec> = LazyLock::new(|| {
    let name = "taskhub_upstream_request_duration_seconds";
    let opts = HistogramOpts::new(name, "Time from a request to a service to the head of its answer.")
        .buckets(LATENCY_BUCKETS.to_vec());
    registered(HistogramVec::new(opts, &["upstream", "outcome"]))
});

/// The timings of one service, looked up once.
pub(crate) struct Timings {
    ok: Histogram,
    error: Histogram,
    refused: Histogram,
    timeout: Histogram,
    broken: Histogram,
}

impl Timings {
    pub(crate) fn of(owner: Owner, all: &HistogramVec) -> Self {
        let of = |outcome: &str| all.with_label_values(&[owner.name(), outcome]);
        Self { ok: of("ok"), error: of("error"), refused: of("refused"), timeout: of("timeout"), broken: of("broken") }
    }

    pub(crate) fn observe(&self, outcome: Outcome, duration: Duration) {
        let histogram = match outcome {
            Outcome::Ok => &self.ok,
            Outcome::Error => &self.error,
            Outcome::Refused => &self.refused,
            Outcome::Timeout => &self.timeout,
            Outcome::Broken => &self.broken,
        };
        histogram.observe(duration.as_secs_f64());
    }
}

/// Sets every label, so that a metric is there before its first request.
pub(crate) fn init() {
    for owner in Owner::ALL {
        Timings::of(*owner, &UPSTREAM_DURATION);
    }
}

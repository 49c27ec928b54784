//! What is measured of connections that one request owns at a time.

use std::time::Instant;

use prometheus::{Histogram, IntCounter, IntGauge};

use crate::metrics::{DB_ACQUIRE_DURATION, DB_CONNECTIONS, DB_MAX_CONNECTIONS, DB_TIMEOUTS, DB_WAITING};

/// A pool's metrics, looked up once; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    waiting: IntGauge,
    used: IntGauge,
    acquire: Histogram,
    timeouts: IntCounter,
}

impl Usage {
    /// Of a pool of at most `max` connections; `pool` is its label.
    pub(super) fn of_at_most(pool: &str, max: usize) -> Self {
        DB_MAX_CONNECTIONS.with_label_values(&[pool]).set(i64::try_from(max).unwrap_or(i64::MAX));
        Self {
            waiting: DB_WAITING.with_label_values(&[pool]),
            used: DB_CONNECTIONS.with_label_values(&[pool, "used"]),
            acquire: DB_ACQUIRE_DURATION.with_label_values(&[pool]),
            timeouts: DB_TIMEOUTS.with_label_values(&[pool]),
        }
    }

    /// Counts a request as waiting until it is dropped, which ends the wait, also at a deadline.
    pub(super) fn waiting(&self) -> Waiting<'_> {
        self.waiting.inc();
        Waiting { usage: self, since: Instant::now() }
    }

    /// Counts a connection as used until it is dropped.
    pub(super) fn used(&self) -> One {
        One::of(self.used.clone())
    }

    /// Counts a request that got no answer in time.
    pub(super) fn late(&self) {
        self.timeouts.inc();
    }
}

/// A request that waits for a connection.
pub(super) struct Waiting<'a> {
    usage: &'a Usage,
    since: Instant,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.usage.waiting.dec();
        self.usage.acquire.observe(self.since.elapsed().as_secs_f64());
    }
}

/// One of what a gauge counts, until it is dropped.
pub(super) struct One(IntGauge);

impl One {
    pub(super) fn of(gauge: IntGauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.dec();
    }
}

//! What is measured of events on their way.

use std::sync::LazyLock;

use platform::metrics::{LATENCY_BUCKETS, registered};
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts};

/// `taskhub_events_published_total`.
pub static PUBLISHED: LazyLock<IntCounter> = LazyLock::new(|| {
    registered(IntCounter::new("taskhub_events_published_total", "Events put into the Redis stream."))
});

/// `taskhub_events_direct_total`.
pub static DIRECT: LazyLock<IntCounter> = LazyLock::new(|| {
    let help = "Events that took effect in the relay's process since the Redis stream could not be reached.";
    registered(IntCounter::new("taskhub_events_direct_total", help))
});

/// `taskhub_events_consumed_total{effect}`.
pub static CONSUMED: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_events_consumed_total", "Events whose effect is done.");
    registered(IntCounterVec::new(opts, &["effect"]))
});

/// `taskhub_events_failed_total{effect}`: failed attempts; `envelope` counts what couldn't be read as an event.
pub static FAILED: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_events_failed_total", "Failed attempts at the effect of an event.");
    registered(IntCounterVec::new(opts, &["effect"]))
});

/// `taskhub_event_lag_seconds`.
pub static LAG: LazyLock<Histogram> = LazyLock::new(|| {
    let opts = HistogramOpts::new("taskhub_event_lag_seconds", "From an event's commit to its effect's.")
        .buckets(vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0]);
    registered(Histogram::with_opts(opts))
});

/// `taskhub_outbox_pending`: counted up to [`crate::gauges::MOST`].
pub static PENDING: LazyLock<IntGauge> = LazyLock::new(|| {
    registered(IntGauge::new("taskhub_outbox_pending", "Events whose effects are not done; counted up to 100000."))
});

/// `taskhub_outbox_oldest_seconds`.
pub static OLDEST: LazyLock<IntGauge> = LazyLock::new(|| {
    registered(IntGauge::new("taskhub_outbox_oldest_seconds", "Age of the oldest event whose effects are not done."))
});

/// `taskhub_dead_letters`.
pub static DEAD_LETTERS: LazyLock<IntGauge> = LazyLock::new(|| {
    registered(IntGauge::new("taskhub_dead_letters", "Events given up, to be replayed; counted up to 100000."))
});

/// `taskhub_redis_command_duration_seconds{command}`: of what is answered at once; a read that waits for events isn't.
pub static REDIS_DURATION: LazyLock<HistogramVec> = LazyLock::new(|| {
    let help = "Time from a command to Redis to its answer, or to its failure.";
    let opts = HistogramOpts::new("taskhub_redis_command_duration_seconds", help).buckets(LATENCY_BUCKETS.to_vec());
    registered(HistogramVec::new(opts, &["command"]))
});

/// `taskhub_redis_errors_total{kind}`.
pub static REDIS_ERRORS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_redis_errors_total", "Failed commands to Redis.");
    registered(IntCounterVec::new(opts, &["kind"]))
});

/// Label of [`FAILED`] for what couldn't be read as an event.
pub const ENVELOPE: &str = "envelope";

/// Makes every metric be there before its first event.
pub fn init(effects: &[&str]) {
    for counter in [&PUBLISHED, &DIRECT] {
        LazyLock::force(counter);
    }
    for gauge in [&PENDING, &OLDEST, &DEAD_LETTERS] {
        LazyLock::force(gauge);
    }
    LazyLock::force(&LAG);
    for effect in effects {
        CONSUMED.with_label_values(&[*effect]).inc_by(0);
        FAILED.with_label_values(&[*effect]).inc_by(0);
    }
    FAILED.with_label_values(&[ENVELOPE]).inc_by(0);
    for command in ["add", "ack", "backlog"] {
        REDIS_DURATION.with_label_values(&[command]);
    }
    for kind in ["add", "read", "ack"] {
        REDIS_ERRORS.with_label_values(&[kind]).inc_by(0);
    }
}

//! Metrics in Prometheus' text format, served on the management port.
//!
//! No label takes an id, an email or a raw path: a route label is the route's template.

use std::sync::LazyLock;

use prometheus::core::Collector;
use prometheus::{
    Encoder, GaugeVec, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, TextEncoder,
};

/// Upper bounds of latency buckets, in seconds; 0.1 is the latency objective.
pub const LATENCY_BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Registers a metric for `/metrics`; the name and labels are constants of the code.
///
/// # Panics
/// When the name is malformed or taken, which the first test to touch it shows.
#[expect(clippy::expect_used, reason = "metrics are constants: a wrong one can't depend on input")]
pub fn registered<C: Collector + Clone + 'static>(metric: prometheus::Result<C>) -> C {
    let metric = metric.expect("a metric's name and labels are well-formed");
    prometheus::register(Box::new(metric.clone())).expect("a metric is registered once");
    metric
}

/// `http_requests_total{method,route,status}`.
pub static HTTP_REQUESTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("http_requests_total", "Requests answered.");
    registered(IntCounterVec::new(opts, &["method", "route", "status"]))
});

/// `http_request_duration_seconds{method,route}`.
pub static HTTP_DURATION: LazyLock<HistogramVec> = LazyLock::new(|| {
    let opts = HistogramOpts::new("http_request_duration_seconds", "Time from the head of a request to its answer.")
        .buckets(LATENCY_BUCKETS.to_vec());
    registered(HistogramVec::new(opts, &["method", "route"]))
});

/// `http_requests_in_flight`.
pub static HTTP_IN_FLIGHT: LazyLock<IntGauge> =
    LazyLock::new(|| registered(IntGauge::new("http_requests_in_flight", "Requests being worked on.")));

/// `taskhub_streams_open`.
pub static STREAMS: LazyLock<IntGauge> =
    LazyLock::new(|| registered(IntGauge::new("taskhub_streams_open", "Live streams that are open.")));

/// `taskhub_requests_shed_total`.
pub static SHED: LazyLock<IntCounter> = LazyLock::new(|| {
    let help = "Requests refused at once because too many were under way.";
    registered(IntCounter::new("taskhub_requests_shed_total", help))
});

/// `taskhub_db_pool_connections{pool,state}`: state is `up` or `down` for shared connections, `used` for those that are owned.
pub static DB_CONNECTIONS: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_db_pool_connections", "Connections to PostgreSQL.");
    registered(IntGaugeVec::new(opts, &["pool", "state"]))
});

/// `taskhub_db_pool_max_connections{pool}`.
pub static DB_MAX_CONNECTIONS: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_db_pool_max_connections", "The most connections to PostgreSQL that there may be.");
    registered(IntGaugeVec::new(opts, &["pool"]))
});

/// `taskhub_db_pool_waiting_requests{pool}`.
pub static DB_WAITING: LazyLock<IntGaugeVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_db_pool_waiting_requests", "Requests that wait for a connection to PostgreSQL.");
    registered(IntGaugeVec::new(opts, &["pool"]))
});

/// `taskhub_db_pool_acquire_duration_seconds{pool}`.
pub static DB_ACQUIRE_DURATION: LazyLock<HistogramVec> = LazyLock::new(|| {
    let help = "Time that a request waited for a connection to PostgreSQL, with or without success.";
    let opts = HistogramOpts::new("taskhub_db_pool_acquire_duration_seconds", help).buckets(LATENCY_BUCKETS.to_vec());
    registered(HistogramVec::new(opts, &["pool"]))
});

/// `taskhub_db_pool_timeouts_total{pool}`.
pub static DB_TIMEOUTS: LazyLock<IntCounterVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_db_pool_timeouts_total", "Waits for PostgreSQL that ended at the deadline.");
    registered(IntCounterVec::new(opts, &["pool"]))
});

static BUILD_INFO: LazyLock<GaugeVec> = LazyLock::new(|| {
    let opts = Opts::new("taskhub_build_info", "Always 1; the labels tell what is running.");
    registered(GaugeVec::new(opts, &["version", "revision"]))
});

/// The commit that this was built from, where the build says it (`TASKHUB_REVISION`).
const REVISION: &str = match option_env!("TASKHUB_REVISION") {
    Some(revision) => revision,
    None => "unknown",
};

/// Sets what is known from the start, so that a metric is there before its first event.
pub fn init(version: &str) {
    BUILD_INFO.with_label_values(&[version, REVISION]).set(1.0);
    LazyLock::force(&HTTP_IN_FLIGHT);
    LazyLock::force(&SHED);
    LazyLock::force(&STREAMS);
}

/// All metrics of the process in the text exposition format.
///
/// # Errors
/// When a metric can't be encoded, which would be a defect of ours.
pub fn render() -> prometheus::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(16 * 1024);
    TextEncoder::new().encode(&prometheus::gather(), &mut text)?;
    Ok(text)
}

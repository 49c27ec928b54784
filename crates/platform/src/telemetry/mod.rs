//! Logs (one JSON object a line) and traces (OTLP, when `OTEL_EXPORTER_OTLP_ENDPOINT` is set).

mod line;
mod sink;

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::OnceLock;

use actix_web::http::header::HeaderMap;
use opentelemetry::KeyValue;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Span;
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use self::line::JsonLine;
use self::sink::Sink;
use crate::settings::{LogFormat, LogSettings, SettingsError};
use crate::trace::TraceContext;

static TRACES: OnceLock<SdkTracerProvider> = OnceLock::new();
static SINK: OnceLock<Sink> = OnceLock::new();

/// Starts logging, and tracing where an OTLP endpoint is named in the environment.
///
/// # Errors
/// When the filter can't be read or the OTLP endpoint isn't a URL.
pub fn init(service: &'static str, settings: &LogSettings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.level).map_err(|e| SettingsError(format!("TASKHUB__LOG__LEVEL: {e}")))?;
    let pretty = match settings.format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stdout().is_terminal(),
    };
    let lines = tracing_subscriber::fmt::layer();
    let lines = if pretty {
        lines.with_target(true).compact().boxed()
    } else {
        let sink = Sink::start()?;
        let _ = SINK.set(sink.clone());
        lines.event_format(JsonLine).with_writer(sink).boxed()
    };
    let traces = match std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT") {
        Ok(endpoint) if !endpoint.is_empty() => {
            let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().build()?;
            let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
            let resource = Resource::builder().with_service_name(service).with_attribute(version).build();
            let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
            let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer(service));
            let _ = TRACES.set(provider);
            Some(layer.with_location(false).with_threads(false).with_target(false).with_tracked_inactivity(false))
        }
        _ => None,
    };
    let registry = tracing_subscriber::registry();
    match traces {
        // How much is logged says nothing of what is traced.
        Some(traces) => {
            registry.with(lines.with_filter(filter)).with(traces.with_filter(LevelFilter::INFO)).try_init()?;
        }
        None => registry.with(lines).with(filter).try_init()?,
    }
    std::panic::set_hook(Box::new(|info| {
        tracing::error!(panic = %info, "panicked");
        flush();
    }));
    Ok(())
}

/// Writes what is left of the log and sends what is left of the traces; call it at the end, off the async threads.
pub fn shutdown() {
    if let Some(Err(error)) = TRACES.get().map(SdkTracerProvider::shutdown) {
        tracing::warn!(%error, "the last traces were not sent");
    }
    flush();
}

/// Writes the lines that are still buffered.
fn flush() {
    if let Some(sink) = SINK.get() {
        sink.flush();
    }
}

/// The span of a request, below the caller's, and where it stands in the trace, for whoever comes below it; none where
/// traces are off, as the log needs none.
pub(crate) fn span_of(headers: &HeaderMap, request_id: &str) -> Option<(Span, TraceContext)> {
    TRACES.get()?;
    let span = tracing::info_span!(
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = Empty,
        http.route = Empty,
        http.response.status_code = Empty,
        request_id,
    );
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    let context = span.context().span().span_context().clone();
    let trace = TraceContext {
        trace_id: u128::from_be_bytes(context.trace_id().to_bytes()),
        span_id: u64::from_be_bytes(context.span_id().to_bytes()),
        sampled: context.is_sampled(),
    };
    context.is_valid().then_some((span, trace))
}

/// Says what became of a request, as OpenTelemetry's conventions for HTTP have it.
pub(crate) fn answered(span: &Span, method: &str, route: &str, status: u16) {
    // Its name can't be recorded any more: that it was asked for its ids has started it.
    span.context().span().update_name(format!("{method} {route}"));
    span.record("http.request.method", method);
    span.record("http.route", route);
    span.record("http.response.status_code", status);
    if status >= 500 {
        failed(span);
    }
}

/// The span of what an event caused, below the request that it came from; none where traces are off.
#[must_use]
pub fn span_of_effects(traceparent: &str, kind: &str, event_id: &str) -> Option<Span> {
    TRACES.get()?;
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let span = tracing::info_span!(
        "effects",
        otel.name = format!("effects of {kind}"),
        otel.kind = "consumer",
        otel.status_code = Empty,
        cloudevents.event_type = kind,
        cloudevents.event_id = event_id,
    );
    let _ = span.set_parent(TraceContextPropagator::new().extract(&carrier));
    Some(span)
}

/// Marks a span as one that went wrong.
pub fn failed(span: &Span) {
    span.record("otel.status_code", "ERROR");
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|v| v.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(actix_web::http::header::HeaderName::as_str).collect()
    }
}

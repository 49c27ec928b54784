//! Logs (one JSON object a line) and traces (OTLP, when `OTEL_EXPORTER_OTLP_ENDPOINT` is set).

mod line;
mod sink;

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::OnceLock;

use actix_web::http::header::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use self::line::JsonLine;
use self::sink::Sink;
use crate::observe::RequestContext;
use crate::settings::{LogFormat, LogSettings, SettingsError};

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
            let provider = SdkTracerProvider::builder()
                .with_batch_exporter(exporter)
                .with_resource(Resource::builder().with_service_name(service).build())
                .build();
            let tracer = provider.tracer(service);
            let _ = TRACES.set(provider);
            Some(tracing_opentelemetry::layer().with_tracer(tracer))
        }
        _ => None,
    };
    tracing_subscriber::registry().with(filter).with(lines).with(traces).try_init()?;
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

/// The span of a request, below the caller's; none where traces are off, as the log needs none.
pub(crate) fn span_of(context: &RequestContext, headers: &HeaderMap) -> tracing::Span {
    if TRACES.get().is_none() {
        return tracing::Span::none();
    }
    let span = tracing::info_span!(
        "request",
        trace_id = context.trace.trace_id_hex(),
        request_id = context.request_id.to_str().unwrap_or_default(),
    );
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    span
}

/// The span of what an event caused, below the request that it came from; none where traces are off.
#[must_use]
pub fn span_below(traceparent: &str) -> Option<tracing::Span> {
    TRACES.get()?;
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let span = tracing::info_span!("effect");
    let _ = span.set_parent(TraceContextPropagator::new().extract(&carrier));
    Some(span)
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

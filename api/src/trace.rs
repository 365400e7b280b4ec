//! What the program says while it runs: log lines, and traces for whoever collects them.
//!
//! With `OTEL_EXPORTER_OTLP_ENDPOINT` set (OpenTelemetry's own name; its other settings hold too), requests and operations
//! go there as spans. They carry names from this program alone: nothing a client chose, no variables, no addresses.

use std::{env, io::IsTerminal};

use anyhow::Context;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Level, Span};
use tracing_subscriber::{
    EnvFilter, Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Spans have a target of their own: log lines do not repeat them.
const TARGET: &str = "porthole::trace";

/// Sends what is left when the program ends.
pub struct Trace(Option<SdkTracerProvider>);

/// Log lines go to stderr; `PORTHOLE_LOG` takes tracing's filter syntax.
///
/// # Errors
/// Settings of OpenTelemetry that cannot work.
pub fn start(json: bool) -> anyhow::Result<Trace> {
    let filter = EnvFilter::try_from_env("PORTHOLE_LOG").unwrap_or_else(|_| {
        EnvFilter::new("info,sqlx=warn,kube=warn,tower=warn,opentelemetry=warn")
    });
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let lines = if json {
        lines.json().boxed()
    } else {
        lines.with_target(false).boxed()
    };
    let provider = is_wanted().then(provider).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("porthole"))
            .with_filter(Targets::new().with_target(TARGET, Level::DEBUG))
    });
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(spans)
        .init();
    Ok(Trace(provider))
}

fn is_wanted() -> bool {
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ]
    .into_iter()
    .any(|name| env::var(name).is_ok_and(|value| !value.is_empty()))
}

fn provider() -> anyhow::Result<SdkTracerProvider> {
    // Its HTTP client blocks, and must not be made where async code runs.
    let made = std::thread::spawn(|| SpanExporter::builder().with_http().build()).join();
    let exporter = made
        .map_err(|_| anyhow::anyhow!("the client could not be made"))
        .and_then(|made| made.map_err(Into::into))
        .context("OTEL_EXPORTER_OTLP_ENDPOINT")?;
    let mut resource = Resource::builder();
    if env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("porthole");
    }
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource.build())
        .build())
}

impl Trace {
    /// Sends what is left; waits for that, but not for ever.
    pub async fn end(self) {
        let Some(provider) = self.0 else { return };
        if let Ok(Err(e)) = tokio::task::spawn_blocking(move || provider.shutdown()).await {
            tracing::warn!(error = %e, "the last traces were not sent");
        }
    }
}

/// The span of an HTTP request, by the route that took it.
pub fn request(method: &http::Method, route: &str, id: &str) -> Span {
    tracing::debug_span!(
        target: TARGET, "request", otel.name = format!("{method} {route}"), otel.kind = "server",
        http.route = route, request.id = id, http.response.status_code = tracing::field::Empty,
    )
}

/// The span of one execution of an operation.
pub fn operation(name: &'static str) -> Span {
    tracing::debug_span!(
        target: TARGET, "operation", otel.name = format!("GraphQL {name}"), statements = tracing::field::Empty,
    )
}

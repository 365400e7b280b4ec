//! The door: one router for the API, the interface and the probes, with the headers every answer carries.

pub mod answer;
pub mod assets;
pub mod authz;
pub mod client;
pub mod cost;
mod documents;
pub mod export;
pub mod graphql;
pub mod health;
pub mod socket;
pub mod stream;
pub mod subscriptions;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request},
    middleware::{self, Next},
    response::Response,
    routing::{any, get},
};
use dashmap::DashMap;
use http::{HeaderName, HeaderValue, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use tracing::Instrument;
use uuid::Uuid;

use self::subscriptions::Groups;
use crate::{
    app::App,
    locale::{LOCALE, Locale},
    schema::Schema,
    trace,
    viewer::REQUEST_ID,
};

/// Nothing may run or load in our pages but what this server sends; images may come from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// What the handlers share. Cloning is cheap.
#[derive(Clone)]
pub struct Server {
    /// The floor.
    pub app: App,
    /// The API.
    pub schema: Schema,
    /// The numbers of `/metrics`.
    pub metrics: PrometheusHandle,
    /// Open sockets and streams of each user.
    pub sockets: Arc<DashMap<Uuid, usize>>,
    /// Subscriptions that several have.
    pub groups: Groups,
}

impl Server {
    /// A server without open sockets.
    pub fn new(app: App, schema: Schema, metrics: PrometheusHandle) -> Self {
        Self {
            app,
            schema,
            metrics,
            sockets: Arc::default(),
            groups: Groups::default(),
        }
    }
}

/// All routes.
pub fn router(server: Server) -> Router {
    let app = server.app.clone();
    let api = Router::new()
        .route("/graphql", any(graphql::handle))
        .layer(CompressionLayer::new());
    Router::new()
        .merge(api)
        // Not compressed: an event must leave at once.
        .route("/graphql/stream", any(stream::handle))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/authz/nginx", any(authz::nginx))
        .route("/authz/traefik", any(authz::traefik))
        .route("/authz/envoy", any(authz::envoy))
        .route("/authz/envoy/", any(authz::envoy))
        .route("/authz/envoy/{*path}", any(authz::envoy))
        // Never the interface's 200, which a proxy would take for a yes.
        .route("/authz", any(authz::nowhere))
        .route("/authz/", any(authz::nowhere))
        .route("/authz/{*path}", any(authz::nowhere))
        .route("/authz/return", get(authz::come_back))
        .route("/export/audit.csv", get(export::csv))
        .route("/export/audit.jsonl", get(export::jsonl))
        .fallback(get(assets::serve))
        .with_state(server)
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(with_request_id))
        .layer(middleware::from_fn(move |request, next| {
            with_security_headers(app.config.is_secure(), request, next)
        }))
}

/// Names each request, in log lines, in internal errors and in the answer.
async fn with_request_id(request: Request, next: Next) -> Response {
    let id = crate::secrets::random_token::<9>();
    let header = HeaderValue::try_from(&id).ok();
    let locale = Locale::accepted(request.headers());
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("interface", MatchedPath::as_str);
    let span = trace::request(request.method(), route, &id);
    let work = next.run(request).instrument(span.clone());
    let mut response = REQUEST_ID.scope(id, LOCALE.scope(locale, work)).await;
    span.record("http.response.status_code", response.status().as_u16());
    if let Some(header) = header {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), header);
    }
    response
}

async fn with_security_headers(secure: bool, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    response
}

/// A plain answer.
pub(crate) fn plain(status: StatusCode, text: impl Into<String>) -> Response {
    let mut response = Response::new(Body::from(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

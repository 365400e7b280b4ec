//! Probes and numbers.

use std::time::Duration;

use axum::{extract::State, response::Response};
use http::StatusCode;

use super::{Server, plain};

/// How long the database may take to answer a readiness probe.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The server can answer: its database is migrated (it does not listen before) and answers.
pub async fn ready(State(server): State<Server>) -> Response {
    if server.app.stop.is_cancelled() {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "shutting down\n");
    }
    match tokio::time::timeout(PATIENCE, server.app.db.ping()).await {
        Ok(Ok(())) => plain(StatusCode::OK, "ready\n"),
        _ => plain(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}

/// Numbers in Prometheus' text format.
pub async fn metrics(State(server): State<Server>) -> String {
    server.metrics.run_upkeep();
    server.metrics.render()
}

//! Numbers for whoever runs the server: what `/metrics` shows. No label ever holds what a client chose.

use std::{cell::Cell, time::Duration};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};

tokio::task_local! {
    static STATEMENTS: Cell<u32>;
}

const SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];
const COUNTS: [f64; 9] = [1.0, 2.0, 4.0, 6.0, 10.0, 20.0, 50.0, 100.0, 500.0];

/// A recorder with our buckets.
///
/// # Errors
/// None, as long as there are buckets.
pub fn builder() -> Result<PrometheusBuilder, BuildError> {
    let suffix = |text: &str| Matcher::Suffix(text.to_owned());
    PrometheusBuilder::new()
        .set_buckets_for_metric(suffix("_seconds"), &SECONDS)?
        .set_buckets_for_metric(suffix("_statements"), &COUNTS)?
        .set_buckets_for_metric(suffix("_keys"), &COUNTS)
}

/// Counts a statement that the database answered.
pub fn statement(took: Duration) {
    metrics::histogram!("porthole_sql_seconds").record(took);
    let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
}

/// Runs something and counts the statements that it waits for.
pub async fn counting<T>(work: impl Future<Output = T>) -> (T, u32) {
    let counted = async { (work.await, STATEMENTS.with(Cell::get)) };
    STATEMENTS.scope(Cell::new(0), counted).await
}

/// Counts an error that a client is told, by its code.
pub fn error(code: &'static str) {
    metrics::counter!("porthole_errors_total", "code" => code).increment(1);
}

//! Telling the catalogue which pages a cluster has. Only a source that is current is believed: what is not seen is not
//! gone.

use std::{sync::Arc, time::Duration};

use super::{Cluster, model::Route, source::Source};
use crate::{
    app::App,
    pages::discovery::{Found, reconcile},
};

/// Wait after a failure.
const AGAIN: Duration = Duration::from_secs(5);

/// Follows one kind of route of a cluster for ever.
pub async fn follow(
    app: App,
    cluster: Arc<Cluster>,
    source: Arc<Source<Route>>,
    kind: &'static str,
) {
    let mut ticks = source.subscribe();
    let mut told: Option<Vec<Found>> = None;
    loop {
        ticks.borrow_and_update();
        let found = source.is_current().then(|| found(&source));
        if let Some(found) = found.filter(|found| told.as_ref() != Some(found)) {
            if let Err(e) = reconcile(&app, &cluster.name, kind, &found).await {
                let error = e.into_anyhow();
                tracing::warn!(
                    cluster = cluster.name,
                    error = format!("{error:#}"),
                    "found pages could not be stored"
                );
                tokio::time::sleep(AGAIN).await;
                continue;
            }
            told = Some(found);
        }
        if ticks.changed().await.is_err() {
            return;
        }
    }
}

fn found(source: &Source<Route>) -> Vec<Found> {
    let index = source.read();
    let mut found: Vec<Found> = index
        .objects()
        .filter_map(|route| route.page.clone())
        .collect();
    found.sort_by(|a, b| a.source.cmp(&b.source));
    found
}

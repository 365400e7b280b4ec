//! Watches: one JSON line for each change, until the time asked for is up.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream;
use serde_json::{Value, json};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep_until},
};

use super::{
    api::{Params, status},
    kinds::Kind,
    store::{Change, Expired, Store},
};

/// How long a watch lasts that does not say, and at most.
const DEFAULT: Duration = Duration::from_secs(30 * 60);

/// How often a watch that asked for bookmarks gets one.
const BOOKMARK: Duration = Duration::from_secs(60);

struct Watch {
    kind: Kind,
    namespace: Option<String>,
    ready: VecDeque<String>,
    changes: Receiver<Arc<Change>>,
    version: u64,
    end: Instant,
    bookmark: Option<Instant>,
    over: bool,
}

/// The answer to a request to watch.
pub fn respond(store: &Store, kind: Kind, namespace: Option<String>, params: &Params) -> Response {
    match Watch::start(store, kind, namespace, params) {
        Ok(watch) => body(stream::unfold(watch, |mut watch| async move {
            let line = watch.next().await?;
            Some((Ok::<_, std::io::Error>(line), watch))
        })),
        // As the real server does: the watch begins, and its first and last word is that it cannot go on.
        Err(expired) => {
            let line = error(expired);
            body(stream::once(async { Ok::<_, std::io::Error>(line) }))
        }
    }
}

fn body<S>(lines: S) -> Response
where
    S: futures::Stream<Item = Result<String, std::io::Error>> + Send + 'static,
{
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, Body::from_stream(lines)).into_response()
}

fn line(verb: &str, object: &Value) -> String {
    format!("{}\n", json!({"type": verb, "object": object}))
}

fn error(expired: Expired) -> String {
    let gone = status(StatusCode::GONE, "Expired", &expired.to_string());
    line("ERROR", &gone)
}

impl Watch {
    fn start(
        store: &Store,
        kind: Kind,
        namespace: Option<String>,
        params: &Params,
    ) -> Result<Self, Expired> {
        let mut ready = VecDeque::new();
        let fresh = matches!(params.resource_version.as_str(), "" | "0");
        let after = if fresh || params.send_initial_events {
            // No version to start from: tell everything there is as if it were just added.
            let (version, objects) = store.list(kind, namespace.as_deref());
            ready.extend(objects.iter().map(|(_, object)| line("ADDED", object)));
            version
        } else {
            // A version that is not a number is none this cluster ever gave out.
            params.resource_version.parse().unwrap_or(u64::MAX)
        };
        let feed = store.follow(after)?;
        let now = Instant::now();
        let wanted = params.timeout_seconds.filter(|s| *s > 0);
        let mut watch = Self {
            kind,
            namespace,
            ready,
            changes: feed.changes,
            version: after,
            end: now + wanted.map_or(DEFAULT, Duration::from_secs).min(DEFAULT),
            bookmark: params.allow_watch_bookmarks.then_some(now + BOOKMARK),
            over: false,
        };
        if params.send_initial_events {
            watch.mark(true);
        }
        for change in &feed.missed {
            watch.take(change);
        }
        Ok(watch)
    }

    /// The next line; none when the watch is over.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(line) = self.ready.pop_front() {
                return Some(line);
            }
            if self.over {
                return None;
            }
            let wake = self.bookmark.map_or(self.end, |at| at.min(self.end));
            tokio::select! {
                change = self.changes.recv() => match change {
                    Ok(change) => self.take(&change),
                    Err(RecvError::Lagged(_)) => {
                        let oldest = self.version + 1;
                        self.ready.push_back(error(Expired { asked: self.version, oldest }));
                        self.over = true;
                    }
                    Err(RecvError::Closed) => return None,
                },
                () = sleep_until(wake) => {
                    if Instant::now() >= self.end {
                        return None;
                    }
                    self.bookmark = Some(Instant::now() + BOOKMARK);
                    self.mark(false);
                }
            }
        }
    }

    fn take(&mut self, change: &Change) {
        self.version = change.version;
        let here = |n: &String| *n == change.key.namespace;
        if change.key.kind == self.kind && self.namespace.as_ref().is_none_or(here) {
            let line = line(change.verb.as_str(), &change.object);
            self.ready.push_back(line);
        }
    }

    /// Tells the version reached, so that a quiet watcher need not list again after a break.
    fn mark(&mut self, first: bool) {
        let mut object = json!({
            "kind": self.kind.kind, "apiVersion": self.kind.api_version(),
            "metadata": {"resourceVersion": self.version.to_string(), "creationTimestamp": null},
        });
        if first {
            object["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        self.ready.push_back(line("BOOKMARK", &object));
    }
}

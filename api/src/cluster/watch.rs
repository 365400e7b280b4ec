//! Keeping a source current: list, then watch from there. Kubernetes' types stop here and in `project`.
//!
//! `kube::runtime::watcher` does not say when a broken watch works again, only when something changes; the state of a
//! source must not depend on that. So the loop is ours, over `Api::list` and `Api::watch`.

use std::{fmt::Debug, sync::Arc, time::Duration};

use futures::StreamExt;
use kube::{
    Api, Resource, ResourceExt,
    api::{ListParams, WatchEvent, WatchParams},
};
use serde::de::DeserializeOwned;

use super::{
    index::Keyed,
    source::{Source, SourceState},
};
use crate::clock::Clock;

/// Objects of one page of a list.
const PAGE: u32 = 500;
/// Seconds until the server ends a watch: a connection that died silently is noticed by then.
const WATCH_SECONDS: u32 = 50;
/// First and longest wait after a failure.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(4));
/// How often a kind that is missing or forbidden is looked for again.
pub const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Why a round ended.
enum End {
    /// The version is too old: list again, at once.
    Expired,
    /// The server does not answer.
    Broken(String),
    /// There is no such kind.
    Missing,
    /// A right is missing.
    Forbidden(String),
}

/// What keeps one source current.
pub struct Watch<K, T> {
    /// Where to look.
    pub api: Api<K>,
    /// What to keep current.
    pub source: Arc<Source<T>>,
    /// What to keep of an object; `None` skips one that makes no sense.
    pub project: fn(&K) -> Option<T>,
    /// The key of an object that was deleted.
    pub key: fn(&K) -> Arc<str>,
    /// Time.
    pub clock: Clock,
    /// Wait before a missing kind is looked for again.
    pub look_again: Duration,
}

impl<K, T> Watch<K, T>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
    T: Keyed,
{
    /// Runs for ever.
    pub async fn run(self) {
        let mut version = None;
        let mut failures = 0;
        loop {
            let end = match &mut version {
                None => self.list().await.map(|listed| version = Some(listed)),
                Some(version) => self.watch(version).await,
            };
            let wait = match end {
                Ok(()) => {
                    failures = 0;
                    continue;
                }
                Err(End::Expired) => {
                    version = None;
                    continue;
                }
                Err(End::Broken(error)) => {
                    failures += 1;
                    self.broken(&error);
                    backoff(failures)
                }
                Err(End::Missing) => {
                    version = None;
                    self.source.write(|index| {
                        index.clear();
                        true
                    });
                    self.set(SourceState::NotInstalled, None);
                    self.look_again
                }
                Err(End::Forbidden(message)) => {
                    version = None;
                    self.set(SourceState::Forbidden, Some(message));
                    self.look_again
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes everything there is, page by page, and only then believes it.
    async fn list(&self) -> Result<String, End> {
        let mut objects = Vec::new();
        let mut params = ListParams::default().limit(PAGE);
        loop {
            let page = self
                .api
                .list(&params)
                .await
                .map_err(|e| self.judge(e, "list"))?;
            objects.extend(page.items.iter().filter_map(self.project));
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => {
                    let version = page.metadata.resource_version.unwrap_or_default();
                    self.source.write(|index| index.reset(objects));
                    self.set(SourceState::Live, None);
                    return Ok(version);
                }
            }
        }
    }

    /// Follows changes until the server ends the watch.
    async fn watch(&self, version: &mut String) -> Result<(), End> {
        let params = WatchParams::default().timeout(WATCH_SECONDS);
        let events = self
            .api
            .watch(&params, version)
            .await
            .map_err(|e| self.judge(e, "watch"))?;
        self.set(SourceState::Live, None);
        let mut events = events.boxed();
        while let Some(event) = events.next().await {
            match event {
                Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) => {
                    remember(version, object.resource_version());
                    if let Some(object) = (self.project)(&object) {
                        self.source.write(|index| index.apply(object));
                    }
                }
                Ok(WatchEvent::Deleted(object)) => {
                    remember(version, object.resource_version());
                    self.source
                        .write(|index| index.delete(&(self.key)(&object)));
                }
                Ok(WatchEvent::Bookmark(bookmark)) => {
                    remember(version, Some(bookmark.metadata.resource_version));
                }
                Ok(WatchEvent::Error(status)) => {
                    return Err(self.judge(kube::Error::Api(status), "watch"));
                }
                // One object that cannot be read must not stop the others.
                Err(kube::Error::SerdeError(error)) => {
                    tracing::warn!(kind = self.source.kind, %error, "skipped an object that cannot be read");
                }
                Err(e) => return Err(self.judge(e, "watch")),
            }
        }
        Ok(())
    }

    fn judge(&self, error: kube::Error, verb: &str) -> End {
        let kind = self.source.kind;
        match error {
            kube::Error::Api(status) => match status.code {
                404 => End::Missing,
                410 => End::Expired,
                403 => End::Forbidden(format!(
                    "The right to {verb} {kind} is missing: add it to Porthole's role."
                )),
                401 => End::Broken(
                    "The cluster does not accept Porthole's credentials: renew the kubeconfig or the service account's token.".into(),
                ),
                code => End::Broken(format!("The cluster answers {code}: {}", status.message)),
            },
            other => End::Broken(format!("The cluster does not answer: {}", cause(&other))),
        }
    }

    fn broken(&self, error: &str) {
        let state = if self.source.read().is_synced() {
            SourceState::Stale
        } else {
            SourceState::Connecting
        };
        if self.source.status().state != state {
            tracing::warn!(kind = self.source.kind, error, "lost sight of the cluster");
        }
        self.set(state, Some(error.to_owned()));
    }

    fn set(&self, state: SourceState, message: Option<String>) {
        self.source.set_state(state, message, self.clock.now());
    }
}

fn remember(version: &mut String, newer: Option<String>) {
    if let Some(newer) = newer.filter(|v| !v.is_empty()) {
        *version = newer;
    }
}

fn backoff(failures: u32) -> Duration {
    let (first, longest) = BACKOFF;
    first
        .saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)))
        .min(longest)
}

/// The deepest cause: what people can act on. kube's own words would repeat the whole request.
pub fn cause(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(next) = deepest.source() {
        deepest = next;
    }
    deepest.to_string()
}

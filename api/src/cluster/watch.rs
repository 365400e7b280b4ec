//! Keeping a source current: list, then watch from there. Kubernetes' types stop here and in `project`.
//!
//! `kube::runtime::watcher` does not say when a broken watch works again, only when something changes; the state of a
//! source must not depend on that. So the loop is ours, over `Api::list` and `Api::watch`.

use std::{fmt::Debug, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use kube::{
    Api, Resource, ResourceExt,
    api::{ListParams, WatchEvent, WatchParams},
};
use serde::de::DeserializeOwned;

use tokio::time::Instant;

use super::{
    index::Keyed,
    server,
    source::{Source, SourceState},
};
use crate::{
    clock::Clock,
    error::cause,
    locale::{Locale, Text},
    text,
};

/// Objects of one page of a list.
const PAGE: u32 = 200;
/// Seconds until the server ends a watch: a connection that died silently is noticed by then.
const WATCH_SECONDS: u32 = 50;
/// How long a cluster must not know a kind of which it had objects before that is believed: an API server that starts
/// does not know custom resources for a while, and what they said must not be taken for gone.
const BELIEVE_MISSING: Duration = Duration::from_secs(60);
/// First and longest wait after a failure.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(4));
/// How often a kind that is missing or forbidden is looked for again.
pub const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Why a round ended.
enum End {
    /// The version is too old: list again, at once.
    Expired,
    /// The server does not answer.
    Broken(Text),
    /// There is no such kind.
    Missing,
    /// A right is missing.
    Forbidden(Text),
}

/// What keeps one source current.
pub struct Watch<K, T> {
    /// Where to look: the whole cluster, or some namespaces.
    pub apis: Vec<Api<K>>,
    /// What to keep current.
    pub source: Arc<Source<T>>,
    /// What to keep of an object; `None` skips one that makes no sense.
    pub project: fn(&K) -> Option<T>,
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
        let mut versions = None;
        let mut failures = 0;
        let mut missing: Option<Instant> = None;
        loop {
            let began = Instant::now();
            let end = match &mut versions {
                None => match self.list().await {
                    Ok(listed) => {
                        missing = None;
                        versions = Some(listed);
                        continue;
                    }
                    Err(end) => Err(end),
                },
                Some(versions) => self.watch(versions).await,
            };
            let wait = match end {
                // A server that ends watches at once must not be asked without pause.
                Ok(()) if began.elapsed() < BACKOFF.0 => {
                    failures += 1;
                    backoff(failures)
                }
                Ok(()) => {
                    failures = 0;
                    continue;
                }
                // One that forgets at once what it listed cannot be followed; once in a while that happens to all.
                Err(End::Expired) if began.elapsed() < BACKOFF.0 => {
                    versions = None;
                    failures += 1;
                    if failures > 1 {
                        self.broken(text!(
                            "The cluster cannot be followed: it forgets at once what it listed.",
                            "클러스터가 목록을 바로 잊어버려 따라갈 수 없습니다."
                        ));
                    }
                    backoff(failures)
                }
                Err(End::Expired) => {
                    versions = None;
                    continue;
                }
                Err(End::Broken(error)) => {
                    failures += 1;
                    self.broken(error);
                    backoff(failures)
                }
                Err(End::Missing)
                    if !self.source.read().is_empty()
                        && missing.get_or_insert(began).elapsed() < BELIEVE_MISSING =>
                {
                    versions = None;
                    failures += 1;
                    self.broken(text!(
                        "The cluster says for the moment that it does not know these objects.",
                        "클러스터가 지금은 이 종류를 모른다고 합니다."
                    ));
                    backoff(failures)
                }
                Err(End::Missing) => {
                    versions = None;
                    self.source.write(|index| {
                        index.clear();
                        true
                    });
                    let other_versions = Box::pin(self.other_versions()).await;
                    self.set(SourceState::NotInstalled, other_versions);
                    self.look_again
                }
                Err(End::Forbidden(message)) => {
                    versions = None;
                    self.set(SourceState::Forbidden, Some(message));
                    self.look_again
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes everything there is, and only then believes it; returns the version of each place, to follow from there.
    async fn list(&self) -> Result<Vec<String>, End> {
        let mut objects = Vec::new();
        let mut versions = Vec::with_capacity(self.apis.len());
        for api in &self.apis {
            versions.push(self.list_one(api, &mut objects).await?);
        }
        self.source.write(|index| index.reset(objects));
        self.set(SourceState::Live, None);
        Ok(versions)
    }

    /// Page by page, so that little of it is in memory at a time.
    async fn list_one(&self, api: &Api<K>, objects: &mut Vec<T>) -> Result<String, End> {
        let mut params = ListParams::default().limit(PAGE);
        loop {
            let page = api
                .list(&params)
                .await
                .map_err(|e| match self.judge(e, "list") {
                    End::Expired => End::Broken(text!(
                        "The cluster changes faster than it can be listed.",
                        "클러스터가 너무 빨리 바뀌어 목록을 끝까지 읽지 못했습니다."
                    )),
                    other => other,
                })?;
            objects.extend(page.items.iter().filter_map(self.project));
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => return Ok(page.metadata.resource_version.unwrap_or_default()),
            }
        }
    }

    /// Follows changes until the server ends a watch.
    async fn watch(&self, versions: &mut [String]) -> Result<(), End> {
        let params = WatchParams::default().timeout(WATCH_SECONDS);
        let mut watches = Vec::with_capacity(self.apis.len());
        for (place, (api, version)) in self.apis.iter().zip(versions.iter()).enumerate() {
            let events = api.watch(&params, version).await;
            let events = events.map_err(|e| self.judge(e, "watch"))?;
            let events = events.map(Some).chain(stream::once(async { None }));
            watches.push(events.map(move |event| (place, event)).boxed());
        }
        self.set(SourceState::Live, None);
        let mut events = stream::select_all(watches);
        while let Some((place, event)) = events.next().await {
            let Some(event) = event else { return Ok(()) };
            let version = &mut versions[place];
            match event {
                Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) => {
                    remember(version, object.resource_version());
                    if let Some(object) = (self.project)(&object) {
                        self.source.write(|index| index.apply(object));
                    }
                }
                Ok(WatchEvent::Deleted(object)) => {
                    remember(version, object.resource_version());
                    if let Some(gone) = (self.project)(&object) {
                        self.source.write(|index| index.delete(&gone.key()));
                    }
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
                403 => End::Forbidden(text!(
                    "The right to {verb} {kind} is missing: add it to Porthole's role.",
                    "{kind}에 대한 {verb} 권한이 없습니다. 포트홀의 역할에 추가하세요."
                )),
                401 => End::Broken(text!(
                    "The cluster does not accept Porthole's credentials: renew the kubeconfig or the service account's token.",
                    "클러스터가 포트홀의 인증 정보를 받지 않습니다. kubeconfig나 서비스 계정 토큰을 새로 고치세요."
                )),
                code => {
                    let said = &status.message;
                    End::Broken(text!(
                        "The cluster answers {code}: {said}",
                        "클러스터가 {code}(으)로 답합니다: {said}"
                    ))
                }
            },
            kube::Error::SerdeError(error) => End::Broken(text!(
                "What answers is no Kubernetes API: check the cluster's address ({error}).",
                "쿠버네티스 API가 아닌 것이 답합니다. 클러스터 주소를 확인하세요({error})."
            )),
            other => {
                let why = cause(&other);
                End::Broken(text!(
                    "The cluster does not answer: {why}",
                    "클러스터가 응답하지 않습니다: {why}"
                ))
            }
        }
    }

    /// What to do about a kind that is served, but in versions that are not read here.
    async fn other_versions(&self) -> Option<Text> {
        let api = self.apis.first()?;
        let url = api.resource_url();
        // "/apis/GROUP/VERSION/…": Kubernetes' own core has no group.
        let mut parts = url.strip_prefix("/apis/")?.split('/');
        let (group, version) = (parts.next()?, parts.next()?);
        let served = server::versions(&api.clone().into_client(), group).await;
        (!served.is_empty() && served.iter().all(|one| one != version)).then(|| {
            let served = served.join(", ");
            text!(
                "The cluster serves {group} in {served} only, Porthole reads {version}: update what brings it.",
                "클러스터의 {group}은(는) {served}뿐이고 포트홀은 {version}을(를) 읽습니다. 설치한 것을 업데이트하세요."
            )
        })
    }

    fn broken(&self, error: Text) {
        let state = if self.source.read().is_synced() {
            SourceState::Stale
        } else {
            SourceState::Connecting
        };
        if self.source.status().state != state {
            tracing::warn!(
                kind = self.source.kind,
                error = error.to(Locale::En),
                "lost sight of the cluster"
            );
        }
        self.set(state, Some(error));
    }

    fn set(&self, state: SourceState, message: Option<Text>) {
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

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use axum::{
        Json, Router,
        extract::{Request, State},
        response::{IntoResponse, Response},
    };
    use http::StatusCode;
    use k8s_openapi::api::core::v1::Node;
    use serde_json::{Value, json};
    use tokio::time::timeout;

    use super::*;
    use crate::cluster::{model, project};

    /// How a played API server answers a list of nodes; a watch is held open.
    #[derive(Clone)]
    enum Mood {
        Refuse(u16),
        List(Vec<&'static str>),
    }

    type Shared = Arc<Mutex<Mood>>;

    async fn answer(State(mood): State<Shared>, request: Request) -> Response {
        let mood = mood.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let watches = request
            .uri()
            .query()
            .is_some_and(|q| q.contains("watch=true"));
        match mood {
            Mood::Refuse(code) => {
                let status = StatusCode::from_u16(code).expect("a status");
                let body = json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "message": "no", "reason": "x" });
                (status, Json(body)).into_response()
            }
            // Ends at once, as a server does that goes away; the next one says what is true.
            Mood::List(_) if watches => "".into_response(),
            Mood::List(names) => {
                let items: Vec<Value> = names
                    .iter()
                    .map(|name| json!({ "metadata": { "name": name, "uid": name } }))
                    .collect();
                Json(json!({ "kind": "NodeList", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": items })).into_response()
            }
        }
    }

    fn start(mood: Mood) -> (Shared, Arc<Source<model::Node>>) {
        let mood = Arc::new(Mutex::new(mood));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&mood));
        let clock = Clock::System;
        let source = Source::new("nodes", clock.now());
        let watch = Watch {
            apis: vec![Api::<Node>::all(kube::Client::new(router, "default"))],
            source: Arc::clone(&source),
            project: project::node,
            clock,
            look_again: Duration::from_millis(20),
        };
        tokio::spawn(watch.run());
        (mood, source)
    }

    async fn reaches(source: &Source<model::Node>, state: SourceState) {
        let mut ticks = source.subscribe();
        let reached = async {
            while source.status().state != state {
                ticks.changed().await.expect("the source lives");
            }
        };
        timeout(Duration::from_secs(10), reached)
            .await
            .unwrap_or_else(|_| panic!("never {state:?}: {:?}", source.status()));
    }

    fn becomes(shared: &Shared, mood: Mood) {
        *shared.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    #[tokio::test]
    async fn a_missing_right_names_verb_and_resource_and_is_looked_for_again() {
        let (mood, source) = start(Mood::Refuse(403));
        reaches(&source, SourceState::Forbidden).await;
        let words = source.status().message.expect("words").told();
        assert!(words.contains("list nodes"), "{words}");
        becomes(&mood, Mood::List(vec!["a"]));
        reaches(&source, SourceState::Live).await;
        assert_eq!(source.read().len(), 1);
    }

    #[tokio::test]
    async fn a_kind_that_is_not_installed_is_found_when_it_comes() {
        let (mood, source) = start(Mood::Refuse(404));
        reaches(&source, SourceState::NotInstalled).await;
        assert!(!source.read().is_synced(), "nothing is known");
        becomes(&mood, Mood::List(Vec::new()));
        reaches(&source, SourceState::Live).await;
        assert!(source.read().is_synced());
    }

    #[tokio::test]
    async fn a_kind_that_is_forgotten_for_a_moment_keeps_its_objects() {
        let (mood, source) = start(Mood::List(vec!["a"]));
        reaches(&source, SourceState::Live).await;
        becomes(&mood, Mood::Refuse(404));
        reaches(&source, SourceState::Stale).await;
        assert_eq!(source.read().len(), 1, "not taken for gone");
        becomes(&mood, Mood::List(vec!["a"]));
        reaches(&source, SourceState::Live).await;
    }

    #[tokio::test]
    async fn a_cluster_that_goes_away_is_stale_and_keeps_its_last_objects() {
        let (mood, source) = start(Mood::List(vec!["a", "b"]));
        reaches(&source, SourceState::Live).await;
        becomes(&mood, Mood::Refuse(500));
        reaches(&source, SourceState::Stale).await;
        assert_eq!(source.read().len(), 2);
        assert!(source.freshness(Clock::System.now()).stale);
        // Gone for so long that the version is too old: what was deleted meanwhile is noticed.
        becomes(&mood, Mood::Refuse(410));
        let mut ticks = source.subscribe();
        let listed_anew = async {
            while !source
                .status()
                .message
                .is_some_and(|m| m.told().contains("listed"))
            {
                ticks.changed().await.expect("the source lives");
            }
        };
        timeout(Duration::from_secs(10), listed_anew)
            .await
            .expect("lists anew");
        becomes(&mood, Mood::List(vec!["b"]));
        reaches(&source, SourceState::Live).await;
        assert_eq!(source.read().len(), 1);
    }
}

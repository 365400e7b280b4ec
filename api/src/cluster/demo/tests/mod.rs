//! The demo cluster, seen through an ordinary client.

mod server;

use std::{collections::BTreeSet, fmt::Debug, pin::pin, time::Duration};

use futures::{Stream, StreamExt};
use k8s_openapi::api::{
    apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet},
    batch::v1::{CronJob, Job},
    core::v1::{Event as CoreEvent, Namespace, Node, Pod, Service},
    networking::v1::Ingress,
};
use kube::{
    Api, Client, Resource, ResourceExt,
    api::{ApiResource, DynamicObject, ListParams},
    runtime::watcher::{self, Event},
};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{harbor, kinds, lab::Lab, script, store::Store};
use crate::clock::Clock;

const DEADLINE: Duration = Duration::from_secs(20);

/// A demo whose script has yet to be played, so that a test can be watching from the first moment.
fn demo(speed: f64) -> (Client, Lab) {
    let store = Store::new(super::HISTORY);
    let lab = Lab::new(store.clone(), Clock::System, speed);
    harbor::seed(&lab, lab.now());
    (super::client(store), lab)
}

/// A demo in which nothing happens.
fn still() -> Client {
    super::start(Clock::System, 1.0, drop)
}

/// What a watcher sees. No error may come: neither a gap nor a line that cannot be read.
fn watch<K>(api: Api<K>, config: watcher::Config) -> impl Stream<Item = Event<K>>
where
    K: Resource + Clone + DeserializeOwned + Debug + Send + 'static,
{
    watcher::watcher(api, config).map(|event| event.unwrap())
}

/// Waits for the end of the first list.
async fn listed<K>(events: &mut (impl Stream<Item = Event<K>> + Unpin)) -> Vec<K> {
    let mut first = Vec::new();
    let all = async {
        loop {
            match events.next().await.expect("the stream has ended") {
                Event::InitApply(it) => first.push(it),
                Event::InitDone => return first,
                _ => {}
            }
        }
    };
    timeout(DEADLINE, all).await.expect("it never came")
}

/// Waits for something in particular.
async fn until<S: Stream + Unpin>(
    stream: &mut S,
    mut found: impl FnMut(&S::Item) -> bool,
) -> S::Item {
    let search = async {
        loop {
            let item = stream.next().await.expect("the stream has ended");
            if found(&item) {
                return item;
            }
        }
    };
    timeout(DEADLINE, search).await.expect("it never came")
}

fn container(pod: &Pod) -> &k8s_openapi::api::core::v1::ContainerStatus {
    &pod.status
        .as_ref()
        .unwrap()
        .container_statuses
        .as_ref()
        .unwrap()[0]
}

fn waiting(pod: &Pod) -> Option<&str> {
    let state = container(pod).state.as_ref()?;
    state.waiting.as_ref()?.reason.as_deref()
}

fn ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|s| s.conditions.as_ref());
    conditions.is_some_and(|all| all.iter().any(|c| c.type_ == "Ready" && c.status == "True"))
}

async fn count<K>(client: &Client) -> usize
where
    K: Resource<DynamicType = ()> + Clone + DeserializeOwned + Debug,
{
    let api = Api::<K>::all(client.clone());
    api.list(&ListParams::default()).await.unwrap().items.len()
}

#[tokio::test]
async fn every_kind_is_listed_in_its_own_shape() {
    let client = still();
    assert_eq!(client.apiserver_version().await.unwrap().minor, "33");
    assert_eq!(count::<Node>(&client).await, 4);
    assert_eq!(count::<Namespace>(&client).await, 11);
    assert_eq!(count::<Deployment>(&client).await, 19);
    assert_eq!(count::<ReplicaSet>(&client).await, 19);
    assert_eq!(count::<StatefulSet>(&client).await, 6);
    assert_eq!(count::<DaemonSet>(&client).await, 1);
    assert_eq!(count::<Pod>(&client).await, 33);
    assert_eq!(count::<CronJob>(&client).await, 1);
    assert_eq!(count::<Job>(&client).await, 3);
    assert_eq!(count::<Service>(&client).await, 23);
    assert_eq!(count::<Ingress>(&client).await, 8);
    assert_eq!(count::<CoreEvent>(&client).await, 0);
    let kind = ApiResource {
        group: "cert-manager.io".into(),
        version: "v1".into(),
        api_version: "cert-manager.io/v1".into(),
        kind: "Certificate".into(),
        plural: "certificates".into(),
    };
    let certificates = Api::<DynamicObject>::all_with(client, &kind);
    let list = certificates.list(&ListParams::default()).await.unwrap();
    assert_eq!(list.items.len(), 5);
    let failing = |c: &&DynamicObject| c.data["status"]["failedIssuanceAttempts"] == 3;
    assert_eq!(list.iter().filter(failing).count(), 1);
}

#[tokio::test]
async fn two_things_are_broken_at_the_start_and_the_rest_is_well() {
    let client = still();
    let pods = Api::<Pod>::all(client.clone())
        .list(&ListParams::default())
        .await
        .unwrap();
    let mut broken = Vec::new();
    for pod in &pods {
        let done = pod.status.as_ref().unwrap().phase.as_deref() == Some("Succeeded");
        assert_eq!(
            ready(pod),
            !done && waiting(pod).is_none(),
            "{}",
            pod.name_any()
        );
        if waiting(pod).is_some() {
            broken.push(pod);
        }
    }
    let [ledger, grafana] = broken[..] else {
        panic!("{broken:?}");
    };
    assert_eq!(waiting(ledger), Some("CrashLoopBackOff"));
    assert_eq!(container(ledger).restart_count, 4);
    let last = container(ledger)
        .last_state
        .as_ref()
        .unwrap()
        .terminated
        .as_ref()
        .unwrap();
    assert_eq!((last.exit_code, last.reason.as_deref()), (1, Some("Error")));
    assert!(last.message.as_ref().unwrap().contains("401 Unauthorized"));
    assert_eq!(waiting(grafana), Some("ImagePullBackOff"));
    let deployments = Api::<Deployment>::all(client)
        .list(&ListParams::default())
        .await
        .unwrap();
    for it in &deployments {
        let status = it.status.as_ref().unwrap();
        let well = !["ledger-sync", "grafana"].contains(&it.name_any().as_str());
        assert_eq!(
            status.unavailable_replicas.is_none(),
            well,
            "{}",
            it.name_any()
        );
        assert_eq!(status.observed_generation, it.metadata.generation);
    }
}

#[tokio::test]
async fn a_watcher_sees_what_there_is_then_what_comes_and_goes() {
    for strategy in [
        watcher::Config::default(),
        watcher::Config::default().streaming_lists(),
    ] {
        let (client, lab) = demo(50.0);
        let mut events = pin!(watch(Api::<Pod>::all(client), strategy));
        assert_eq!(listed(&mut events).await.len(), 33);
        let script = tokio::spawn(script::play(lab));
        let mut built = BTreeSet::new();
        until(&mut events, |event| match event {
            Event::Apply(pod) => {
                built.insert(pod.name_any());
                false
            }
            Event::Delete(pod) => built.contains(&pod.name_any()),
            _ => false,
        })
        .await;
        script.abort();
    }
}

#[tokio::test]
async fn the_sync_fails_for_a_while_and_heals() {
    let (client, lab) = demo(100.0);
    let api = Api::<Pod>::namespaced(client, "ledger");
    let mut events = pin!(watch(api, watcher::Config::default()));
    listed(&mut events).await;
    let script = tokio::spawn(script::play(lab));
    let mut seen = BTreeSet::new();
    until(&mut events, |event| {
        let Event::Apply(pod) = event else {
            return false;
        };
        seen.extend(waiting(pod).map(|why| (container(pod).restart_count, why.to_owned())));
        ready(pod) && container(pod).restart_count == 9
    })
    .await;
    let failed = (5..9).map(|restarts| (restarts, "CrashLoopBackOff".to_owned()));
    assert_eq!(seen, failed.collect());
    script.abort();
}

#[tokio::test]
async fn a_rollout_repairs_grafana_and_everything_adds_up() {
    let (client, lab) = demo(100.0);
    let api = Api::<Deployment>::namespaced(client, "monitoring");
    let mut events = pin!(watch(api, watcher::Config::default()));
    listed(&mut events).await;
    let store = lab.store.clone();
    let script = tokio::spawn(script::play(lab));
    until(&mut events, |event| {
        let Event::Apply(it) = event else {
            return false;
        };
        let status = it.status.as_ref().unwrap();
        it.metadata.generation == Some(2)
            && status.observed_generation == Some(2)
            && status.available_replicas == Some(1)
            && status.replicas == Some(1)
    })
    .await;
    script.abort();
    assert!(script.await.unwrap_err().is_cancelled());
    // Whatever the moment the script stopped at: what owners say is what their pods are.
    let pods = store.list(kinds::POD, None).1;
    for (key, set) in store.list(kinds::REPLICA_SET, None).1 {
        let uid = super::objects::text(&set, "/metadata/uid");
        let own = pods.iter().filter(|(_, pod)| {
            super::objects::owned_by(pod, uid) && !super::pods::is_terminating(pod)
        });
        let ready = own
            .clone()
            .filter(|(_, pod)| super::pods::is_ready(pod))
            .count();
        let status = |p| super::objects::number(&set, p);
        assert_eq!(
            status("/status/replicas"),
            i64::try_from(own.count()).unwrap(),
            "{key:?}"
        );
        assert_eq!(
            status("/status/readyReplicas"),
            i64::try_from(ready).unwrap(),
            "{key:?}"
        );
        assert_eq!(
            status("/status/observedGeneration"),
            status("/metadata/generation")
        );
    }
    let wiki = pods.iter().filter(|(key, _)| key.namespace == "wiki");
    assert!((2..=4).contains(&wiki.count()));
}

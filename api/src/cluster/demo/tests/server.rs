//! The server's own promises: versions, pages, and refusals.

use futures::StreamExt;
use k8s_openapi::api::core::v1::{Namespace, Pod, Secret};
use kube::{
    Api, Client, ResourceExt,
    api::{ListParams, WatchEvent, WatchParams},
};
use serde_json::json;
use tokio::time::timeout;

use super::{DEADLINE, still};
use crate::cluster::demo::{
    self, kinds,
    store::{Key, Store},
};

/// Six changes, of which the last four are remembered.
fn small_store() -> (Client, Store) {
    let store = Store::new(4);
    for n in 1..=6 {
        let it =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": format!("n{n}")}});
        store.put(kinds::NAMESPACE, it);
    }
    (demo::client(store.clone()), store)
}

#[tokio::test]
async fn a_watch_replays_what_it_missed_or_says_that_it_cannot() {
    let (client, store) = small_store();
    let api = Api::<Namespace>::all(client);
    let params = WatchParams::default().timeout(1);
    for gone in ["1", "7", "nonsense"] {
        let lines = api.watch(&params, gone).await.unwrap();
        let lines: Vec<_> = timeout(DEADLINE, lines.collect()).await.unwrap();
        let [Ok(WatchEvent::Error(status))] = &lines[..] else {
            panic!("{lines:?}");
        };
        assert_eq!(status.code, 410);
    }
    let lines = api.watch(&params, "4").await.unwrap();
    assert!(store.delete(&Key::new(kinds::NAMESPACE, "", "n1")));
    // Collecting comes to an end because the watch does, after the second it asked for.
    let lines: Vec<_> = timeout(DEADLINE, lines.collect::<Vec<_>>()).await.unwrap();
    let told: Vec<String> = lines
        .into_iter()
        .map(|line| match line.unwrap() {
            WatchEvent::Added(it) => format!("+{}", it.name_any()),
            WatchEvent::Deleted(it) => {
                format!("-{}@{}", it.name_any(), it.resource_version().unwrap())
            }
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["+n5", "+n6", "-n1@7"]);
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_overlap() {
    let api = Api::<Pod>::all(still());
    let mut names = Vec::new();
    let mut params = ListParams::default().limit(10);
    loop {
        let page = api.list(&params).await.unwrap();
        names.extend(page.iter().map(|pod| (pod.namespace(), pod.name_any())));
        match page.metadata.continue_ {
            Some(token) => params = params.continue_token(&token),
            None => break,
        }
    }
    assert_eq!(names.len(), 33);
    assert!(names.is_sorted());
}

#[tokio::test]
async fn what_is_not_there_is_refused_properly() {
    let client = still();
    let pods = Api::<Pod>::namespaced(client.clone(), "wiki");
    let Err(kube::Error::Api(status)) = pods.get("nobody").await else {
        panic!("nobody is not there");
    };
    assert_eq!((status.code, &*status.reason), (404, "NotFound"));
    assert_eq!(status.message, "pods \"nobody\" not found");
    assert!(pods.get_opt("nobody").await.unwrap().is_none());
    let secrets = Api::<Secret>::all(client);
    let Err(kube::Error::Api(status)) = secrets.list(&ListParams::default()).await else {
        panic!("secrets are not served");
    };
    assert_eq!((status.code, &*status.reason), (404, "NotFound"));
    let Err(kube::Error::Api(status)) = pods.delete("nobody", &Default::default()).await else {
        panic!("nothing can be deleted");
    };
    assert_eq!(status.code, 405);
}

//! What everything that happens in the demo cluster shares: its objects, its clock and its pace.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    control,
    kinds::{self, Kind},
    objects::{self, digest, number, stamp, text},
    pods,
    store::{Key, Store},
};
use crate::clock::Clock;

/// How many events are kept; the oldest make room.
const EVENTS: usize = 120;

/// The demo cluster in motion.
#[derive(Clone)]
pub struct Lab {
    /// The objects.
    pub store: Store,
    clock: Clock,
    speed: f64,
}

/// An event about an object, as a controller would report it.
pub struct Report<'a> {
    /// Who reports it.
    pub from: &'a str,
    /// `Normal` or `Warning`.
    pub severity: &'a str,
    /// The reason, in one word.
    pub reason: &'a str,
    /// What happened, for people.
    pub message: String,
}

impl Lab {
    /// A lab over a store, with a clock, living `speed` times as fast as it says.
    pub fn new(store: Store, clock: Clock, speed: f64) -> Self {
        // Outside these bounds the script would never move, or never rest.
        let speed = if speed.is_nan() {
            1.0
        } else {
            speed.clamp(0.01, 1000.0)
        };
        Self {
            store,
            clock,
            speed,
        }
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits for some seconds of the lab's life.
    pub async fn pause(&self, seconds: f64) {
        tokio::time::sleep(Duration::from_secs_f64(seconds / self.speed)).await;
    }

    /// Moves a pod on, and lets its owners count again.
    pub fn pod(&self, key: &Key, step: impl FnOnce(&mut Value, DateTime<Utc>)) {
        let at = self.now();
        self.store.edit(key, |pod| step(pod, at));
        if let Some(pod) = self.store.get(key) {
            control::owners_of(self, &pod, at);
        }
    }

    /// Reports a warning or a piece of news about a pod's container.
    pub fn kubelet(&self, pod: &Key, severity: &str, reason: &str, message: String) {
        self.report(
            pod,
            &Report {
                from: "kubelet",
                severity,
                reason,
                message,
            },
        );
    }

    /// Reports an event. The same report again counts up the event that is there.
    pub fn report(&self, about: &Key, report: &Report<'_>) {
        let Some(object) = self.store.get(about) else {
            return;
        };
        let now = self.now();
        let uid = text(&object, "/metadata/uid");
        let seed = format!("{uid}{}{}", report.reason, report.message);
        let name = format!("{}.{}", about.name, &digest(&seed)[..16]);
        let key = Key::new(kinds::EVENT, &about.namespace, &name);
        let again = self.store.edit(&key, |event| {
            event["count"] = json!(number(event, "/count") + 1);
            event["lastTimestamp"] = json!(stamp(now));
        });
        if again {
            return;
        }
        let mut event = objects::object(kinds::EVENT, &about.namespace, &name, now);
        event["involvedObject"] = json!({
            "apiVersion": about.kind.api_version(), "kind": about.kind.kind, "name": about.name,
            "namespace": about.namespace, "uid": uid,
            "resourceVersion": object["metadata"]["resourceVersion"],
        });
        let mut source = json!({"component": report.from});
        if report.from == "kubelet" {
            source["host"] = object["spec"]["nodeName"].clone();
        }
        event["source"] = source;
        event["type"] = json!(report.severity);
        event["reason"] = json!(report.reason);
        event["message"] = json!(report.message);
        event["count"] = json!(1);
        event["firstTimestamp"] = json!(stamp(now));
        event["lastTimestamp"] = json!(stamp(now));
        event["eventTime"] = Value::Null;
        event["reportingComponent"] = json!(report.from);
        event["reportingInstance"] = json!("");
        self.store.put(kinds::EVENT, event);
        self.forget();
    }

    /// Drops the events that have not happened for longest, as the real server does after an hour.
    fn forget(&self) {
        let (_, mut events) = self.store.list(kinds::EVENT, None);
        let version = |v: &Arc<Value>| text(v, "/metadata/resourceVersion").parse::<u64>();
        events.sort_by_key(|(_, v)| version(v).unwrap_or_default());
        let extra = events.len().saturating_sub(EVENTS);
        for (key, _) in events.iter().take(extra) {
            self.store.delete(key);
        }
    }

    /// Puts a new pod of an owner into the cluster, unscheduled.
    pub fn create_pod(&self, owner: &Value, kind: Kind, name: &str) -> Key {
        let now = self.now();
        let namespace = text(owner, "/metadata/namespace");
        let pod = pods::new(owner, kind, name, &owner["spec"]["template"], now);
        let key = Key::new(kinds::POD, namespace, name);
        self.store.put(kinds::POD, pod);
        let about = Key::new(kind, namespace, text(owner, "/metadata/name"));
        self.report(
            &about,
            &Report {
                from: &format!("{}-controller", kind.kind.to_lowercase()),
                severity: "Normal",
                reason: "SuccessfulCreate",
                message: format!("Created pod: {name}"),
            },
        );
        self.pod(&key, |_, _| ());
        key
    }

    /// Takes a new pod from unscheduled to running, `warm_up` seconds before it is ready.
    pub async fn bring_up(&self, pod: &Key, warm_up: f64) {
        let uid = self
            .store
            .get(pod)
            .map(|p| text(&p, "/metadata/uid").to_owned());
        let node = pods::NODES[usize::from(objects::pick(&uid.unwrap_or_default(), 4))];
        self.pause(0.6).await;
        self.pod(pod, |p, at| pods::scheduled(p, node, at));
        self.report(
            pod,
            &Report {
                from: "default-scheduler",
                severity: "Normal",
                reason: "Scheduled",
                message: format!(
                    "Successfully assigned {}/{} to {node}",
                    pod.namespace, pod.name
                ),
            },
        );
        self.pause(0.4).await;
        self.pod(pod, pods::creating);
        self.pause(2.0).await;
        self.start_container(pod);
        self.pause(warm_up).await;
        self.pod(pod, pods::ready);
    }

    /// Starts a pod's container, for the first time or again.
    pub fn start_container(&self, pod: &Key) {
        self.pod(pod, pods::running);
        if let Some(object) = self.store.get(pod) {
            let name = text(&object, "/spec/containers/0/name");
            self.kubelet(
                pod,
                "Normal",
                "Created",
                format!("Created container: {name}"),
            );
            self.kubelet(
                pod,
                "Normal",
                "Started",
                format!("Started container {name}"),
            );
        }
    }

    /// Asks a pod to go and waits until it has gone.
    pub async fn take_down(&self, pod: &Key) {
        self.pod(pod, pods::terminating);
        if let Some(object) = self.store.get(pod) {
            let name = text(&object, "/spec/containers/0/name");
            self.kubelet(
                pod,
                "Normal",
                "Killing",
                format!("Stopping container {name}"),
            );
        }
        self.pause(3.0).await;
        self.store.delete(pod);
    }
}

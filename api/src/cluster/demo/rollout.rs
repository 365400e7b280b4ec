//! Rolling updates and scaling, one step at a time as the deployment controller takes them.

use serde_json::{Value, json};

use super::{
    control,
    kinds::{self, Kind},
    lab::{Lab, Report},
    objects::{self, number, owned_by, suffix, text},
    pods,
    store::Key,
};

/// How many old replica sets a deployment keeps to go back to.
const KEEP: usize = 2;

/// Says that a controller changed the wish for something.
fn scaled(lab: &Lab, deployment: &Key, verb: &str, set: &str, from: i64, to: i64) {
    lab.report(
        deployment,
        &Report {
            from: "deployment-controller",
            severity: "Normal",
            reason: "ScalingReplicaSet",
            message: format!("Scaled {verb} replica set {set} from {from} to {to}"),
        },
    );
}

/// Changes how many pods a replica set or deployment should have: a change of its spec, hence a generation.
fn wish(lab: &Lab, key: &Key, replicas: i64) -> i64 {
    let mut before = replicas;
    lab.store.edit(key, |it| {
        before = number(it, "/spec/replicas");
        if before != replicas {
            it["spec"]["replicas"] = json!(replicas);
            it["metadata"]["generation"] = json!(number(it, "/metadata/generation") + 1);
        }
    });
    before
}

/// Changes a replica set's wish, and lets it and its deployment take note.
fn resize(lab: &Lab, deployment: &Key, set: &Key, replicas: i64) {
    let before = wish(lab, set, replicas);
    if before != replicas {
        let verb = if replicas > before { "up" } else { "down" };
        scaled(lab, deployment, verb, &set.name, before, replicas);
    }
    control::replica_set(lab, set);
    control::deployment(lab, deployment, lab.now());
}

/// The pods of an owner that are not on their way out, by name.
pub fn pods_of(lab: &Lab, owner: &Key) -> Vec<Key> {
    let uid = lab
        .store
        .get(owner)
        .map(|o| text(&o, "/metadata/uid").to_owned())
        .unwrap_or_default();
    let (_, pods) = lab.store.list(kinds::POD, Some(&owner.namespace));
    pods.into_iter()
        .filter(|(_, pod)| owned_by(pod, &uid) && !pods::is_terminating(pod))
        .map(|(key, _)| key)
        .collect()
}

/// Creates one more pod of an owner, under a name nothing had before.
pub fn another_pod(lab: &Lab, owner: &Key, kind: Kind) -> Option<Key> {
    let object = lab.store.get(owner)?;
    let seed = format!("{}#{}", owner.name, lab.store.version());
    let name = format!("{}-{}", owner.name, suffix(&seed, 5));
    Some(lab.create_pod(&object, kind, &name))
}

/// Replaces all pods of a deployment after a change to its template: each new one is ready before an old one
/// goes.
pub async fn roll(lab: &Lab, key: &Key, warm_up: f64, change: impl FnOnce(&mut Value)) {
    lab.store.edit(key, |it| {
        change(&mut it["spec"]["template"]);
        it["metadata"]["generation"] = json!(number(it, "/metadata/generation") + 1);
    });
    lab.pause(0.3).await;
    let Some(deployment) = lab.store.get(key) else {
        return;
    };
    let old: Vec<Key> = control::replica_sets(lab, &deployment)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    let revision = "/metadata/annotations/deployment.kubernetes.io~1revision";
    let next = text(&deployment, revision).parse().unwrap_or(0_i64) + 1;
    lab.store.edit(key, |it| {
        it["metadata"]["annotations"]["deployment.kubernetes.io/revision"] =
            json!(next.to_string());
    });
    let Some(deployment) = lab.store.get(key) else {
        return;
    };
    let set = objects::replica_set(&deployment, 0, lab.now());
    let new = Key::new(
        kinds::REPLICA_SET,
        &key.namespace,
        text(&set, "/metadata/name"),
    );
    lab.store.put(kinds::REPLICA_SET, set);
    let wanted = number(&deployment, "/spec/replicas");
    for step in 1..=wanted {
        resize(lab, key, &new, step);
        if let Some(pod) = another_pod(lab, &new, kinds::REPLICA_SET) {
            lab.bring_up(&pod, warm_up).await;
        }
        let leaving = old.iter().find_map(|set| {
            let pods = pods_of(lab, set);
            let left = i64::try_from(pods.len()).ok()? - 1;
            Some((set, pods.into_iter().next()?, left))
        });
        if let Some((set, pod, left)) = leaving {
            resize(lab, key, set, left);
            lab.take_down(&pod).await;
        }
    }
    for set in old.iter().skip(KEEP) {
        lab.store.delete(set);
    }
}

/// Gives a deployment more pods or fewer, on behalf of an autoscaler.
pub async fn scale(lab: &Lab, key: &Key, replicas: i64, why: &str) {
    let before = wish(lab, key, replicas);
    if before == replicas {
        return;
    }
    lab.report(
        key,
        &Report {
            from: "horizontal-pod-autoscaler",
            severity: "Normal",
            reason: "SuccessfulRescale",
            message: format!("New size: {replicas}; reason: {why}"),
        },
    );
    lab.pause(0.3).await;
    let Some(deployment) = lab.store.get(key) else {
        return;
    };
    let Some((set, _)) = control::replica_sets(lab, &deployment).into_iter().next() else {
        return;
    };
    lab.store.edit(&set, |it| {
        it["metadata"]["annotations"]["deployment.kubernetes.io/desired-replicas"] =
            json!(replicas.to_string());
    });
    resize(lab, key, &set, replicas);
    for _ in before..replicas {
        if let Some(pod) = another_pod(lab, &set, kinds::REPLICA_SET) {
            lab.bring_up(&pod, 3.0).await;
        }
    }
    let surplus = usize::try_from(before - replicas).unwrap_or(0);
    for pod in pods_of(lab, &set).into_iter().rev().take(surplus) {
        lab.take_down(&pod).await;
    }
}

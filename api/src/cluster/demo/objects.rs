//! Building blocks: names, ids and metadata, and the objects a controller would own.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::kinds::{self, Kind};

/// What ids are derived under: the same object has the same id in every demo.
const NAMESPACE: Uuid = Uuid::from_u128(0x6861_7262_6f72_4000_8000_706f_7274_686f);

/// The letters Kubernetes makes up names from: none that would spell a word.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The id of the object at a path.
pub fn uid(kind: Kind, namespace: &str, name: &str) -> String {
    let path = format!("{}/{}/{namespace}/{name}", kind.api_version(), kind.plural);
    Uuid::new_v5(&NAMESPACE, path.as_bytes()).to_string()
}

/// A made-up part of a name, the same for the same seed.
pub fn suffix(seed: &str, length: usize) -> String {
    Sha256::digest(seed.as_bytes())
        .iter()
        .take(length)
        .map(|b| char::from(LETTERS[usize::from(*b) % LETTERS.len()]))
        .collect()
}

/// 64 hexadecimal digits, the same for the same seed: the id of an image or of a container.
pub fn digest(seed: &str) -> String {
    hex::encode(Sha256::digest(seed.as_bytes()))
}

/// A number below `below`, the same for the same seed.
pub fn pick(seed: &str, below: u8) -> u8 {
    Sha256::digest(seed.as_bytes())[0] % below.max(1)
}

/// A time as the API writes it: whole seconds, in UTC.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An object with its metadata and nothing else.
pub fn object(kind: Kind, namespace: &str, name: &str, created: DateTime<Utc>) -> Value {
    let mut object = json!({
        "apiVersion": kind.api_version(), "kind": kind.kind,
        "metadata": {
            "name": name, "uid": uid(kind, namespace, name), "creationTimestamp": stamp(created),
        },
    });
    if kind.namespaced {
        object["metadata"]["namespace"] = json!(namespace);
    }
    if matches!(
        kind.group,
        "apps" | "batch" | "cert-manager.io" | "networking.k8s.io"
    ) {
        object["metadata"]["generation"] = json!(1);
    }
    object
}

/// The reference an owned object carries to the controller that owns it.
pub fn owner(kind: Kind, namespace: &str, name: &str) -> Value {
    json!([{
        "apiVersion": kind.api_version(), "kind": kind.kind, "name": name,
        "uid": uid(kind, namespace, name), "controller": true, "blockOwnerDeletion": true,
    }])
}

/// Whether an object is owned by the object with this id.
pub fn owned_by(object: &Value, uid: &str) -> bool {
    object
        .pointer("/metadata/ownerReferences/0/uid")
        .is_some_and(|u| u == uid)
}

/// A text inside an object; empty when it is not there.
pub fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or("")
}

/// A number inside an object; zero when it is not there.
pub fn number(object: &Value, pointer: &str) -> i64 {
    object.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
}

/// Sets a condition in an object's status. Its transition time moves only when its status does.
pub fn condition(object: &mut Value, extra: Value, kind: &str, is: &str, at: DateTime<Utc>) {
    if !object["status"]["conditions"].is_array() {
        object["status"]["conditions"] = json!([]);
    }
    let Some(all) = object["status"]["conditions"].as_array_mut() else {
        return;
    };
    let mut new = extra;
    new["type"] = json!(kind);
    new["status"] = json!(is);
    match all.iter_mut().find(|c| c["type"] == kind) {
        Some(old) => {
            new["lastTransitionTime"] = match old["status"] == is {
                true => old["lastTransitionTime"].clone(),
                false => json!(stamp(at)),
            };
            *old = new;
        }
        None => {
            new["lastTransitionTime"] = json!(stamp(at));
            all.push(new);
        }
    }
}

/// What one container of a workload runs.
#[derive(Clone, Copy, Debug)]
pub struct Container {
    /// The container's name.
    pub name: &'static str,
    /// The image it runs.
    pub image: &'static str,
    /// The port it listens on; none when zero.
    pub port: u16,
}

/// The labels every object of a workload carries.
pub fn labels(app: &str) -> Value {
    json!({"app.kubernetes.io/name": app, "app.kubernetes.io/instance": app})
}

/// A pod template for one container.
pub fn template(app: &str, container: &Container, restart: &str) -> Value {
    let mut it = json!({
        "name": container.name, "image": container.image, "imagePullPolicy": "IfNotPresent",
        "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "FallbackToLogsOnError",
    });
    if container.port > 0 {
        it["ports"] = json!([{"name": "http", "containerPort": container.port, "protocol": "TCP"}]);
    }
    json!({
        "metadata": {"labels": labels(app)},
        "spec": {
            "containers": [it], "restartPolicy": restart, "terminationGracePeriodSeconds": 30,
            "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler", "securityContext": {},
            "serviceAccountName": "default", "serviceAccount": "default",
        },
    })
}

/// A deployment that has not been acted on yet.
pub fn deployment(
    namespace: &str,
    container: &Container,
    replicas: usize,
    created: DateTime<Utc>,
) -> Value {
    let app = container.name;
    let mut it = object(kinds::DEPLOYMENT, namespace, app, created);
    it["metadata"]["labels"] = labels(app);
    it["metadata"]["annotations"] = json!({"deployment.kubernetes.io/revision": "1"});
    it["spec"] = json!({
        "replicas": replicas, "selector": {"matchLabels": labels(app)},
        "template": template(app, container, "Always"),
        "strategy": {
            "type": "RollingUpdate",
            "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
        },
        "revisionHistoryLimit": 2, "progressDeadlineSeconds": 600,
    });
    it
}

/// The replica set a deployment makes for its template as it stands.
pub fn replica_set(deployment: &Value, replicas: usize, created: DateTime<Utc>) -> Value {
    let (namespace, app) = (
        text(deployment, "/metadata/namespace"),
        text(deployment, "/metadata/name"),
    );
    let revision = &deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"];
    let hash = suffix(&format!("{namespace}/{app}@{revision}"), 10);
    let name = format!("{app}-{hash}");
    let mut it = object(kinds::REPLICA_SET, namespace, &name, created);
    let mut template = deployment["spec"]["template"].clone();
    template["metadata"]["labels"]["pod-template-hash"] = json!(hash);
    let labels = template["metadata"]["labels"].clone();
    it["metadata"]["labels"] = labels.clone();
    it["metadata"]["annotations"] = json!({
        "deployment.kubernetes.io/desired-replicas": deployment["spec"]["replicas"].to_string(),
        "deployment.kubernetes.io/revision": revision,
    });
    it["metadata"]["ownerReferences"] = owner(kinds::DEPLOYMENT, namespace, app);
    it["spec"] =
        json!({"replicas": replicas, "selector": {"matchLabels": labels}, "template": template});
    it["status"] = json!({"replicas": 0});
    it
}

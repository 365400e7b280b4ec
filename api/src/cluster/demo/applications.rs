//! What the demo's Argo CD deploys.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::{
    kinds,
    objects::{self, digest, pick, stamp},
    store::Store,
};

/// Namespaces that Argo CD deploys, each an application of the same name, with its sync and its health.
pub const DEPLOYED: [(&str, &str, &str); 6] = [
    ("gitea", "Synced", "Healthy"),
    ("immich", "Synced", "Healthy"),
    ("ledger", "Synced", "Progressing"),
    ("nextcloud", "OutOfSync", "Healthy"),
    ("paperless", "Synced", "Healthy"),
    ("wiki", "Synced", "Healthy"),
];

/// Puts the applications in place.
pub fn seed(store: &Store, now: DateTime<Utc>) {
    for (name, sync, health) in DEPLOYED {
        let synced = now - Duration::minutes(95 + 60 * i64::from(pick(name, 200)));
        let commit = &digest(name)[..40];
        let mut it = objects::object(
            kinds::APPLICATION,
            "argocd",
            name,
            now - Duration::days(200),
        );
        it["spec"] = json!({
            "project": "default",
            "source": {
                "repoURL": "https://git.harbor.example/lab/cluster.git", "path": format!("apps/{name}"),
                "targetRevision": "main",
            },
            "destination": { "server": "https://kubernetes.default.svc", "namespace": name },
            "syncPolicy": { "automated": { "prune": true, "selfHeal": true } },
        });
        it["status"] = json!({
            "sync": { "status": sync, "revision": commit },
            "health": { "status": health, "lastTransitionTime": stamp(synced) },
            "operationState": {
                "phase": "Succeeded", "message": "successfully synced (all tasks run)",
                "startedAt": stamp(synced - Duration::seconds(6)), "finishedAt": stamp(synced),
            },
        });
        store.put(kinds::APPLICATION, it);
    }
}

/// How Argo CD marks what it deployed; `None` for what it did not.
pub fn tracking(namespace: &str, kind: &str, name: &str) -> Option<String> {
    let is_deployed = DEPLOYED.iter().any(|(known, ..)| *known == namespace);
    is_deployed.then(|| format!("{namespace}:apps/{kind}:{namespace}/{name}"))
}

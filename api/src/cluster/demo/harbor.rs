//! The demo cluster as it is found: the home lab "harbor" and what it runs.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    applications,
    apps::{APPS, App, CRASH, GRAFANA, Keeper, LEDGER},
    certificates, control, jobs,
    kinds::{self, Kind},
    lab::Lab,
    nodes,
    objects::{self, digest, pick, suffix, text},
    pods,
    store::Key,
};

/// Fills an empty store with the lab as it is found at `now`.
pub fn seed(lab: &Lab, now: DateTime<Utc>) {
    nodes::seed(&lab.store, now);
    for app in &APPS {
        workload(lab, app, now);
        reach(lab, app, now - Duration::days(200));
    }
    certificates::seed(&lab.store, now);
    applications::seed(&lab.store, now);
    jobs::seed(lab, now);
    break_grafana(lab, now);
    break_ledger(lab, now);
}

fn workload(lab: &Lab, app: &App, now: DateTime<Utc>) {
    let (namespace, name) = (app.namespace, app.container.name);
    // Apps came one by one, and each has been restarted since.
    let age = Duration::hours(24 * 40 + 17 * i64::from(pick(name, 255)));
    let started = now - Duration::minutes(700 + 113 * i64::from(pick(app.container.image, 255)));
    let created = now - age;
    if app.keeper == Keeper::Deployment {
        let mut deployment = objects::deployment(namespace, &app.container, app.replicas, created);
        track(&mut deployment);
        let set = objects::replica_set(&deployment, app.replicas, created);
        lab.store.put(kinds::DEPLOYMENT, deployment);
        lab.store.put(kinds::REPLICA_SET, set.clone());
        for i in 0..app.replicas {
            let set_name = text(&set, "/metadata/name");
            let pod = format!("{set_name}-{}", suffix(&format!("{set_name}{i}"), 5));
            running(lab, &set, kinds::REPLICA_SET, &pod, None, started);
        }
        return;
    }
    let (kind, pods) = match app.keeper {
        Keeper::DaemonSet => (kinds::DAEMON_SET, pods::NODES.len()),
        _ => (kinds::STATEFUL_SET, app.replicas),
    };
    let mut set = keeper(app, kind, created);
    track(&mut set);
    lab.store.put(kind, set.clone());
    for i in 0..pods {
        let (pod, node) = match app.keeper {
            Keeper::DaemonSet => {
                let end = suffix(&format!("{name}{i}"), 5);
                (format!("{name}-{end}"), Some(pods::NODES[i]))
            }
            _ => (format!("{name}-{i}"), None),
        };
        running(lab, &set, kind, &pod, node, started);
    }
}

/// Marks what Argo CD deployed.
fn track(object: &mut Value) {
    let (namespace, name) = (
        text(object, "/metadata/namespace"),
        text(object, "/metadata/name"),
    );
    if let Some(mark) = applications::tracking(namespace, text(object, "/kind"), name) {
        object["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"] = json!(mark);
    }
}

fn keeper(app: &App, kind: Kind, created: DateTime<Utc>) -> Value {
    let name = app.container.name;
    let mut it = objects::object(kind, app.namespace, name, created);
    let labels = objects::labels(name);
    it["metadata"]["labels"] = labels.clone();
    it["spec"] = json!({
        "selector": {"matchLabels": labels}, "updateStrategy": {"type": "RollingUpdate"},
        "template": objects::template(name, &app.container, "Always"), "revisionHistoryLimit": 10,
    });
    if kind == kinds::STATEFUL_SET {
        it["spec"]["replicas"] = json!(app.replicas);
        it["spec"]["serviceName"] = json!(name);
        it["spec"]["podManagementPolicy"] = json!("OrderedReady");
        let revision = format!("{name}-{}", suffix(name, 10));
        it["status"] = json!({"currentRevision": revision, "updateRevision": revision});
    }
    it
}

/// A pod that has been up since `at`.
fn running(lab: &Lab, set: &Value, kind: Kind, name: &str, node: Option<&str>, at: DateTime<Utc>) {
    let mut pod = pods::new(set, kind, name, &set["spec"]["template"], at);
    let any = pods::NODES[usize::from(pick(text(&pod, "/metadata/uid"), 4))];
    let second = Duration::seconds(1);
    pods::scheduled(&mut pod, node.unwrap_or(any), at);
    pods::creating(&mut pod, at);
    pods::running(&mut pod, at + second * 3);
    pods::ready(&mut pod, at + second * 14);
    lab.store.put(kinds::POD, pod.clone());
    control::owners_of(lab, &pod, at + second * 14);
}

/// The service in front of an app, and its way in from outside.
fn reach(lab: &Lab, app: &App, created: DateTime<Utc>) {
    let (namespace, name) = (app.namespace, app.container.name);
    if app.container.port == 0 {
        return;
    }
    let mut it = objects::object(kinds::SERVICE, namespace, name, created);
    it["metadata"]["labels"] = objects::labels(name);
    let ip = format!("10.43.{}.{}", pick(name, 250), 1 + pick(&digest(name), 250));
    it["spec"] = json!({
        "type": "ClusterIP", "clusterIP": ip, "clusterIPs": [ip], "selector": objects::labels(name),
        "ports": [{"name": "http", "port": app.container.port, "targetPort": "http", "protocol": "TCP"}],
        "sessionAffinity": "None", "internalTrafficPolicy": "Cluster", "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
    });
    it["status"] = json!({"loadBalancer": {}});
    lab.store.put(kinds::SERVICE, it);
    if app.host.is_empty() {
        return;
    }
    let mut it = objects::object(kinds::INGRESS, namespace, name, created);
    it["metadata"]["labels"] = objects::labels(name);
    if let Some(annotations) = card(name) {
        it["metadata"]["annotations"] = annotations;
    }
    let backend = json!({"service": {"name": name, "port": {"name": "http"}}});
    it["spec"] = json!({
        "ingressClassName": "traefik",
        "rules": [{
            "host": app.host,
            "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]},
        }],
    });
    if app.host.ends_with(".example") || namespace == "argocd" {
        let secret = match namespace {
            "argocd" => "argocd-server-tls".to_owned(),
            _ => format!("{namespace}-tls"),
        };
        it["spec"]["tls"] = json!([{"hosts": [app.host], "secretName": secret}]);
    }
    it["status"] = json!({"loadBalancer": {"ingress": [{"ip": "192.168.10.11"}]}});
    lab.store.put(kinds::INGRESS, it);
}

/// What makes an app a page of the portal. Nobody probes names that exist nowhere.
fn card(name: &str) -> Option<Value> {
    let (title, icon, category, description) = match name {
        "argocd-server" => (
            "Argo CD",
            "rocket",
            "Code and delivery",
            "What is deployed, and from which commit",
        ),
        "gitea" => (
            "Gitea",
            "code",
            "Code and delivery",
            "Source code, reviews, issues",
        ),
        "grafana" => (
            "Grafana",
            "chart-line",
            "Watching",
            "Dashboards for the cluster and the house",
        ),
        "immich-server" => ("Immich", "photo", "House", "Photos, backed up from phones"),
        "ledger-web" => (
            "Ledger",
            "chart-bar",
            "House",
            "What came in and what went out",
        ),
        "nextcloud" => ("Nextcloud", "folder", "Work", "Shared files and calendars"),
        "paperless" => (
            "Paperless",
            "file-text",
            "Work",
            "Letters and invoices, scanned",
        ),
        "wiki" => ("Wiki", "book", "Work", "How we do things, and why"),
        _ => return None,
    };
    Some(json!({
        "porthole.dev/title": title, "porthole.dev/icon": icon, "porthole.dev/category": category,
        "porthole.dev/description": description, "porthole.dev/probe": "off",
    }))
}

/// The pods of a deployment at the start, when it has one replica set.
fn only_pod(lab: &Lab, (namespace, name): (&str, &str)) -> Option<Key> {
    let (_, pods) = lab.store.list(kinds::POD, Some(namespace));
    let prefix = format!("{name}-");
    pods.into_iter()
        .map(|(key, _)| key)
        .find(|key| key.name.starts_with(&prefix))
}

/// Grafana was installed anew 25 minutes ago with a version that does not exist.
fn break_grafana(lab: &Lab, now: DateTime<Utc>) {
    let Some(pod) = only_pod(lab, GRAFANA) else {
        return;
    };
    let at = now - Duration::minutes(25);
    let (namespace, name) = GRAFANA;
    let Some(before) = lab.store.get(&pod) else {
        return;
    };
    let set = text(&before, "/metadata/ownerReferences/0/name").to_owned();
    let deployment = Key::new(kinds::DEPLOYMENT, namespace, name);
    let set = Key::new(kinds::REPLICA_SET, namespace, &set);
    for key in [&deployment, &set, &pod] {
        lab.store.edit(key, |it| {
            it["metadata"]["creationTimestamp"] = json!(objects::stamp(at));
            it["status"] = json!({});
        });
    }
    lab.store.edit(&pod, |it| {
        it["status"] = json!({"phase": "Pending", "qosClass": "Burstable"});
        let node = text(it, "/spec/nodeName").to_owned();
        pods::scheduled(it, &node, at);
        pods::creating(it, at);
        pods::unpulled(it, true, at + Duration::seconds(2));
    });
    control::replica_set(lab, &set);
    control::deployment(lab, &deployment, at);
    let message = format!("ReplicaSet \"{}\" has timed out progressing.", set.name);
    lab.store.edit(&deployment, |it| {
        let at = at + Duration::minutes(10);
        let reason = "ProgressDeadlineExceeded";
        control::judge(it, "Progressing", "False", reason, &message, at);
    });
}

/// The ledger's sync has just failed for the fifth time, and waits.
fn break_ledger(lab: &Lab, now: DateTime<Utc>) {
    let Some(pod) = only_pod(lab, LEDGER) else {
        return;
    };
    for ago in (1..=5).rev() {
        let at = now - Duration::seconds(ago * 15 - 11);
        lab.store.edit(&pod, |it| {
            if ago < 5 {
                pods::running(it, at - Duration::seconds(5));
            }
            pods::ended(it, 1, CRASH, at);
            pods::backing_off(it, at + Duration::seconds(1));
        });
    }
    if let Some(object) = lab.store.get(&pod) {
        control::owners_of(lab, &object, now);
    }
}

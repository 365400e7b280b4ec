//! Known incidents, provoked through a real API server, and recognised.

use serde_json::{Value, json};

use super::{
    builder::{ago, container, crashing, pod, running, unpulled, waiting},
    incidents,
};
use crate::{
    app::Client,
    cluster::{ControlPlane, server, wait_for},
    doctor::registry,
};

/// A crash-looping backend whose liveness probe fails while its database is not ready.
fn before_database() -> Vec<Value> {
    let mut backend = crashing("database", "backend");
    backend["spec"]["containers"][0]["livenessProbe"] =
        json!({ "httpGet": { "path": "/health", "port": 8000 } });
    let mut database = pod(
        "database",
        "postgres-0",
        "Pending",
        false,
        container("main", waiting("ContainerCreating", ""), json!({}), 0),
    );
    database["spec"]["containers"][0]["image"] = "docker.io/library/postgres:16".into();
    let event = json!({
        "apiVersion": "v1", "kind": "Event", "metadata": { "name": "backend.1", "namespace": "database" },
        "involvedObject": { "kind": "Pod", "name": "backend", "namespace": "database" },
        "type": "Warning", "reason": "Unhealthy", "count": 5,
        "message": "Liveness probe failed: HTTP probe failed with statuscode: 404",
        "firstTimestamp": ago(60), "lastTimestamp": ago(10), "source": { "component": "kubelet" },
    });
    vec![backend, database, event]
}

/// A certificate whose challenge cannot be fetched from inside.
fn hairpin() -> Vec<Value> {
    let owner = |kind: &str, name: &str| json!([{ "apiVersion": "x/v1", "kind": kind, "name": name, "controller": true, "uid": name }]);
    let certificate = json!({
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
        "metadata": { "name": "site", "namespace": "hairpin" },
        "spec": { "secretName": "site", "dnsNames": ["site.example"], "issuerRef": { "name": "letsencrypt" } },
        "status": { "conditions": [{
            "type": "Ready", "status": "False", "reason": "DoesNotExist", "message": "Issuing certificate",
            "lastTransitionTime": ago(3_600),
        }] },
    });
    let request = json!({
        "apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest",
        "metadata": { "name": "site-1", "namespace": "hairpin", "ownerReferences": owner("Certificate", "site") },
        "spec": { "request": "aGVsbG8=", "issuerRef": { "name": "letsencrypt" } },
        "status": { "conditions": [{
            "type": "Ready", "status": "False", "reason": "Pending", "message": "Waiting on certificate issuance from order",
        }] },
    });
    let order = json!({
        "apiVersion": "acme.cert-manager.io/v1", "kind": "Order",
        "metadata": { "name": "site-1-2", "namespace": "hairpin", "ownerReferences": owner("CertificateRequest", "site-1") },
        "spec": { "request": "aGVsbG8=", "issuerRef": { "name": "letsencrypt" } },
        "status": { "state": "pending" },
    });
    let challenge = json!({
        "apiVersion": "acme.cert-manager.io/v1", "kind": "Challenge",
        "metadata": { "name": "site-1-2-3", "namespace": "hairpin", "ownerReferences": owner("Order", "site-1-2") },
        "spec": {
            "authorizationURL": "https://acme.example/a", "dnsName": "site.example", "key": "k", "token": "t",
            "type": "HTTP-01", "url": "https://acme.example/c", "wildcard": false,
            "issuerRef": { "name": "letsencrypt" }, "solver": { "http01": { "ingress": {} } },
        },
        "status": {
            "state": "pending", "presented": true, "processing": true,
            "reason": "Waiting for HTTP-01 challenge propagation: failed to perform self check GET request 'http://site.example/.well-known/acme-challenge/t': Get \"http://site.example/.well-known/acme-challenge/t\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        },
    });
    vec![certificate, request, order, challenge]
}

fn application(name: &str, conditions: Value, sync: Option<&str>) -> Value {
    let mut status = json!({
        "health": { "status": "Healthy" }, "sync": { "status": "OutOfSync", "revision": "4f2a9c1d" },
        "conditions": conditions,
    });
    if let Some(message) = sync {
        status["operationState"] = json!({
            "phase": "Failed", "message": message, "startedAt": ago(300), "finishedAt": ago(290),
            "operation": { "sync": {} },
        });
    }
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": { "name": name, "namespace": "argocd" },
        "spec": {
            "project": "default", "source": { "repoURL": "https://git.example/a.git", "path": "k8s" },
            "destination": { "server": "https://kubernetes.default.svc", "namespace": "a" },
        },
        "status": status,
    })
}

fn complaint(kind: &str, message: &str) -> Value {
    json!([{ "type": kind, "message": message, "lastTransitionTime": ago(300) }])
}

fn applications() -> Vec<Value> {
    vec![
        application(
            "portal",
            json!([]),
            Some(
                "one or more objects failed to apply, reason: Service \"frontend\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
            ),
        ),
        application(
            "private",
            complaint(
                "ComparisonError",
                "failed to list refs: authentication required: Unauthorized",
            ),
            None,
        ),
        application(
            "double",
            complaint(
                "RepeatedResourceWarning",
                "Resource /Service/web-portal/backend appeared 2 times among application resources.",
            ),
            None,
        ),
        application("fine", json!([]), None),
    ]
}

fn pulls() -> Vec<Value> {
    let server = |host: &str| {
        format!(
            "failed to pull and unpack image \"{host}/app:1\": failed to resolve reference \"{host}/app:1\": "
        )
    };
    let http = "git.lab:30000";
    let inside = "gitea-http.gitea.svc.cluster.local:3000";
    vec![
        unpulled(
            "pull-http",
            "app",
            "git.lab:30000/app:1",
            &format!(
                "{}failed to do request: Head \"https://{http}/v2/app/manifests/1\": http: server gave HTTP response to HTTPS client",
                server(http)
            ),
        ),
        unpulled(
            "pull-inside",
            "app",
            &format!("{inside}/app:1"),
            &format!(
                "{}failed to do request: Head \"https://{inside}/v2/app/manifests/1\": dial tcp: lookup gitea-http.gitea.svc.cluster.local: no such host",
                server(inside)
            ),
        ),
        unpulled(
            "pull-realm",
            "app",
            "git.lab/app:1",
            &format!(
                "{}failed to authorize: failed to fetch anonymous token: Get \"http://localhost:3000/v2/token?scope=repository%3Aapp%3Apull&service=container_registry\": dial tcp [::1]:3000: connect: connection refused",
                server("git.lab")
            ),
        ),
        unpulled(
            "pull-realm-inside",
            "app",
            "git.lab/app:1",
            &format!(
                "{}failed to authorize: failed to fetch oauth token: Get \"http://{inside}/v2/token?service=container_registry\": context deadline exceeded",
                server("git.lab")
            ),
        ),
        unpulled(
            "pull-missing",
            "app",
            "git.lab/app:9",
            &format!("{}git.lab/app:9: not found", server("git.lab")),
        ),
    ]
}

/// The diagnosis of the one incident of an owner.
async fn diagnosis(admin: &Client, namespace: &str, owner: &str) -> Value {
    let is_it = |i: &&Value| i["namespace"] == namespace && i["owner"]["name"] == owner;
    let all = incidents(admin).await;
    all.iter()
        .find(is_it)
        .map_or(json!("not told"), |i| i["diagnosis"]["kind"].clone())
}

#[tokio::test]
async fn known_incidents_are_recognised_and_others_are_not_taken_for_them() {
    let plane = ControlPlane::start("diagnoses", false).await;
    plane.tool("crds", &["cert-manager", "argo-cd"]).await;
    for namespace in [
        "database",
        "hairpin",
        "argocd",
        "pull-http",
        "pull-inside",
        "pull-realm",
        "pull-realm-inside",
        "pull-missing",
        "pull-silent",
        "plain",
    ] {
        plane.kubectl(&["create", "namespace", namespace]).await;
    }
    let mut plain = crashing("plain", "backend");
    plain["spec"]["containers"][0]["livenessProbe"] =
        json!({ "httpGet": { "path": "/", "port": 1 } });
    let ready = pod(
        "plain",
        "postgres-0",
        "Running",
        true,
        container("main", running(), json!({}), 0),
    );
    let balancer = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": { "name": "ingress", "namespace": "plain" },
        "spec": { "type": "LoadBalancer", "ports": [{ "port": 80 }] },
        "status": { "loadBalancer": { "ingress": [{ "hostname": "localhost" }] } },
    });
    // Nodes only say that nobody answered; the registry itself says whom it sends them to.
    let image = format!("{}/app:1", registry("http://localhost:3000/v2/token").await);
    let waited = "failed to pull image: context deadline exceeded (Client.Timeout exceeded)";
    plane
        .place(&unpulled("pull-silent", "app", &image, waited))
        .await;
    let objects = [
        before_database(),
        hairpin(),
        applications(),
        pulls(),
        vec![plain, ready, balancer],
    ];
    for object in objects.concat() {
        plane.place(&object).await;
    }
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;
    for (namespace, owner, expected) in [
        ("argocd", "portal", json!("NODE_PORT_TAKEN")),
        ("argocd", "private", json!("REPOSITORY_UNREADABLE")),
        ("argocd", "double", json!("DEFINED_TWICE")),
        ("database", "backend", json!("PROBE_BEFORE_DATABASE")),
        ("hairpin", "site", json!("HAIRPIN_NAT")),
        ("pull-http", "app", json!("HTTP_REGISTRY")),
        ("pull-inside", "app", json!("CLUSTER_REGISTRY_NAME")),
        ("pull-realm", "app", json!("TOKEN_REALM_UNREACHABLE")),
        ("pull-realm-inside", "app", json!("TOKEN_REALM_IN_CLUSTER")),
        ("pull-missing", "app", Value::Null),
        ("pull-silent", "app", json!("TOKEN_REALM_UNREACHABLE")),
        ("plain", "backend", Value::Null),
        ("argocd", "fine", json!("not told")),
    ] {
        wait_for(&format!("{expected} for {namespace}/{owner}"), || async {
            diagnosis(&admin, namespace, owner).await == expected
        })
        .await;
    }
    let hints = admin
        .ok(
            "{ cluster { hints { diagnosis { kind title(locale: KO) } objects } } }",
            json!({}),
        )
        .await;
    let hint = &hints["cluster"]["hints"][0];
    assert_eq!(hint["diagnosis"]["kind"], "LOAD_BALANCER_LOCALHOST");
    assert_eq!(hint["objects"], json!(["plain/ingress"]));
    let story = admin
        .ok(
            "{ incidents(first: 100) { nodes { namespace cause(locale: KO) remedy } } }",
            json!({}),
        )
        .await;
    let nodes = story["incidents"]["nodes"].as_array().expect("a list");
    let hairpin = nodes
        .iter()
        .find(|i| i["namespace"] == "hairpin")
        .expect("told");
    let cause = hairpin["cause"].as_str().expect("text");
    assert!(
        cause.contains("라우터") && cause.contains("site.example"),
        "{cause}"
    );
    plane.tool("down", &[]).await;
}

//! Pages that a real cluster says it has.

use serde_json::{Value, json};

use crate::{
    access::{id_of, tick},
    app::{Client, until},
    cluster::{ControlPlane, server},
};

const PAGES: &str = "{ pages(scope: ALL, first: 100) { nodes { id name url icon category description runsIn discoveredFrom probed version } } }";

async fn pages(admin: &Client) -> Vec<Value> {
    let answer = admin.ok(PAGES, json!({})).await;
    answer["pages"]["nodes"].as_array().expect("pages").clone()
}

/// Waits until the catalogue is like this.
async fn becomes(admin: &Client, what: &str, is_it: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    until(what, async || {
        let pages = pages(admin).await;
        is_it(&pages).then_some(pages)
    })
    .await
}

fn ingress(annotations: &Value, host: &str) -> Value {
    let backend = json!({ "service": { "name": "grafana", "port": { "number": 80 } } });
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": { "name": "grafana", "namespace": "default", "annotations": annotations },
        "spec": {
            "tls": [{ "hosts": [host], "secretName": "tls" }],
            "rules": [{ "host": host, "http": { "paths": [{ "path": "/", "pathType": "Prefix", "backend": backend }] } }],
        },
    })
}

#[tokio::test]
async fn annotated_ingresses_and_routes_become_pages_change_and_go() {
    let plane = ControlPlane::start("discovery", false).await;
    plane.tool("crds", &["gateway-api"]).await;
    let server = server(&[&plane.kubeconfig(), "--page-probe-seconds=0"]).await;
    let admin = server.admin().await;
    plane
        .apply(&ingress(
            &json!({
                "porthole.dev/title": "Grafana", "porthole.dev/icon": "chart-line",
                "porthole.dev/category": "Watching", "porthole.dev/description": "Dashboards",
            }),
            "grafana.example.org",
        ))
        .await;
    let found = becomes(&admin, "the Ingress's page", |pages| pages.len() == 1).await;
    let (page, id) = (&found[0], found[0]["id"].clone());
    assert_eq!(page["url"], "https://grafana.example.org/");
    assert_eq!(page["runsIn"], "default/grafana");
    assert_eq!(
        page["discoveredFrom"]
            .as_str()
            .expect("a source")
            .rsplit_once('/')
            .expect("a name")
            .1,
        "grafana"
    );
    assert_eq!(
        (&page["icon"], &page["category"]),
        (&json!("chart-line"), &json!("Watching"))
    );

    // A box stays with the page while its source changes.
    let jun = server.member("jun").await;
    tick(
        &admin,
        json!({ "user": id_of(&admin, "jun").await }),
        json!({ "page": id }),
        true,
    )
    .await;
    plane
        .apply(&ingress(
            &json!({ "porthole.dev/title": "Charts" }),
            "charts.example.org",
        ))
        .await;
    let changed = becomes(&admin, "its new name", |pages| pages[0]["name"] == "Charts").await;
    assert_eq!(
        (&changed[0]["id"], &changed[0]["url"]),
        (&id, &json!("https://charts.example.org/"))
    );
    let mine = jun.ok("{ pages { nodes { name } } }", json!({})).await;
    assert_eq!(mine["pages"]["nodes"], json!([{ "name": "Charts" }]));

    // What makes no sense is no page, and takes none away.
    plane
        .kubectl(&[
            "annotate",
            "ingress",
            "grafana",
            "--overwrite",
            "porthole.dev/icon=<svg>",
        ])
        .await;
    plane
        .apply(&json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": { "name": "wiki", "namespace": "default", "annotations": { "porthole.dev/title": "위키" } },
            "spec": {
                "hostnames": ["wiki.example.org"],
                "rules": [{
                    "matches": [{ "path": { "type": "PathPrefix", "value": "/w" } }],
                    "backendRefs": [{ "name": "wiki", "port": 80 }],
                }],
            },
        }))
        .await;
    let both = becomes(&admin, "the route's page", |pages| pages.len() == 2).await;
    let wiki = both
        .iter()
        .find(|page| page["name"] == "위키")
        .expect("the route's page");
    assert_eq!(wiki["url"], "https://wiki.example.org/w");

    // Without its title it is no page any more, and its boxes are gone.
    plane
        .kubectl(&["annotate", "ingress", "grafana", "porthole.dev/title-"])
        .await;
    becomes(&admin, "the Ingress's page to go", |pages| pages.len() == 1).await;
    let mine = jun.ok("{ pages { nodes { name } } }", json!({})).await;
    assert_eq!(mine["pages"]["nodes"], json!([]));
    plane.kubectl(&["delete", "httproute", "wiki"]).await;
    becomes(&admin, "the route's page to go", <[Value]>::is_empty).await;
}

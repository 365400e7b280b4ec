//! With the account and the rights of `k8s/base`, not an administrator's.

use std::path::Path;

use serde_json::{Value, json};

use super::builder::well;
use crate::{
    app::Client,
    cluster::{ControlPlane, server, wait_for},
};

const RIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../k8s/base/rights.yaml");

/// A kubeconfig that signs in as Porthole's account.
async fn as_porthole(plane: &ControlPlane, folder: &Path) -> String {
    plane.kubectl(&["create", "namespace", "porthole"]).await;
    plane
        .kubectl(&["apply", "-n", "porthole", "-f", RIGHTS])
        .await;
    let token = plane
        .kubectl(&["create", "token", "porthole", "-n", "porthole"])
        .await;
    let view = plane
        .kubectl(&["config", "view", "--raw", "-o", "json"])
        .await;
    let mut view: Value = serde_json::from_str(&view).expect("a kubeconfig");
    view["users"][0]["user"] = json!({ "token": token.trim() });
    let file = folder.join("kubeconfig");
    std::fs::write(&file, view.to_string()).expect("written");
    format!("--kubeconfig={}", file.display())
}

async fn sources(admin: &Client) -> Vec<Value> {
    let seen = admin
        .ok("{ cluster { sources { kind state message } } }", json!({}))
        .await;
    seen["cluster"]["sources"]
        .as_array()
        .expect("a list")
        .clone()
}

/// Waits until nothing is being connected to any more.
async fn settled(admin: &Client) -> Vec<Value> {
    wait_for("all sources to settle", || async {
        sources(admin)
            .await
            .iter()
            .all(|s| s["state"] != "CONNECTING")
    })
    .await;
    sources(admin).await
}

/// Bound to one namespace only, and told to look there: that is seen, and nothing else is asked for.
async fn one_namespace(plane: &ControlPlane, kubeconfig: &str) {
    let binding = plane
        .kubectl(&["get", "clusterrolebinding", "porthole", "-o", "json"])
        .await;
    let binding: Value = serde_json::from_str(&binding).expect("a binding");
    let everywhere = json!({
        "apiVersion": binding["apiVersion"], "kind": "ClusterRoleBinding", "metadata": { "name": "porthole" },
        "roleRef": binding["roleRef"], "subjects": binding["subjects"],
    });
    let mut here = everywhere.clone();
    here["kind"] = "RoleBinding".into();
    here["metadata"]["namespace"] = "porthole".into();
    plane
        .kubectl(&["delete", "clusterrolebinding", "porthole"])
        .await;
    plane.apply(&here).await;
    plane.place(&well("porthole", "mine")).await;
    let server = server(&[kubeconfig, "--namespaces=porthole"]).await;
    let admin = server.admin().await;
    for source in settled(&admin).await {
        let is_global = source["kind"] == "nodes" || source["kind"] == "namespaces";
        assert_eq!(source["state"] == "FORBIDDEN", is_global, "{source}");
    }
    let seen = admin.ok("{ pods { nodes { name } } }", json!({})).await;
    assert_eq!(seen["pods"]["nodes"], json!([{ "name": "mine" }]));
    plane.apply(&everywhere).await;
}

#[tokio::test]
async fn its_own_rights_are_enough_and_each_missing_one_is_named_at_its_place() {
    let plane = ControlPlane::start("rights", false).await;
    let folder = tempfile::tempdir().expect("a folder");
    let kubeconfig = as_porthole(&plane, folder.path()).await;
    plane.place(&well("default", "web")).await;
    {
        let server = server(&[&kubeconfig]).await;
        let admin = server.admin().await;
        for source in settled(&admin).await {
            let state = source["state"].as_str().expect("a state");
            assert!(matches!(state, "LIVE" | "NOT_INSTALLED"), "{source}");
        }
        let seen = admin
            .ok(
                "{ pods { nodes { name } } cluster { rights { verb resource granted optional } } }",
                json!({}),
            )
            .await;
        assert_eq!(seen["pods"]["nodes"][0]["name"], "web");
        for right in seen["cluster"]["rights"].as_array().expect("a list") {
            let is_log = right["resource"] == "pods/log";
            assert_eq!(right["granted"], !is_log, "{right}");
        }
        // Logs are not among them: said so, with what to apply.
        let pod = admin.ok("{ pods { nodes { id } } }", json!({})).await["pods"]["nodes"][0]["id"]
            .clone();
        let answer = admin
            .send(
                "query($p: ID!) { podLogs(pod: $p) { lines { text } } }",
                json!({ "p": pod }),
            )
            .await;
        let words = answer["errors"][0]["message"].to_string();
        assert!(
            words.contains("pods/log") && words.contains("k8s/components/logs"),
            "{answer}"
        );
    }
    one_namespace(&plane, &kubeconfig).await;
    let role = plane
        .kubectl(&["get", "clusterrole", "porthole", "-o", "json"])
        .await;
    let role: Value = serde_json::from_str(&role).expect("a role");
    for missing in [
        "pods",
        "nodes",
        "events",
        "services",
        "deployments",
        "jobs",
        "ingresses",
    ] {
        let mut less = role.clone();
        for rule in less["rules"].as_array_mut().expect("rules") {
            let resources = rule["resources"].as_array_mut().expect("resources");
            resources.retain(|resource| resource != missing);
            if resources.is_empty() {
                resources.push("nothing".into());
            }
        }
        less["metadata"] = json!({ "name": "porthole" });
        plane.apply(&less).await;
        let server = server(&[&kubeconfig]).await;
        let admin = server.admin().await;
        for source in settled(&admin).await {
            let is_it = source["kind"] == missing;
            assert_eq!(
                source["state"] == "FORBIDDEN",
                is_it,
                "without {missing}: {source}"
            );
            if is_it {
                let words = source["message"].as_str().expect("a message");
                assert!(words.contains(&format!("list {missing}")), "{words}");
            }
        }
    }
    plane.tool("down", &[]).await;
}

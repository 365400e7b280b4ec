//! The clusters: do they answer, what may Porthole do there, and what looks broken and is not.

use k8s_openapi::api::core::v1;
use kube::{Api, Client, ResourceExt, api::ListParams};

use super::{Report, manifests::NodePort};
use crate::{
    alerts::diagnosis::Diagnosis,
    cluster::{
        connect::{Way, find},
        needs,
        server::{self, About},
    },
    config::Config,
};

/// Looks at each cluster; returns the NodePorts that are taken in them.
pub(super) async fn examine(report: &mut Report, config: &Config) -> Vec<NodePort> {
    let found = match find(config).await {
        Ok(found) => found,
        Err(e) => {
            report.fail("cluster", format!("{e:#}"), None);
            return Vec::new();
        }
    };
    if found.is_empty() {
        report.info("cluster", "None is watched: PORTHOLE_CLUSTER is off.", None);
    }
    let mut taken = Vec::new();
    for cluster in found {
        let part = format!("cluster {}", cluster.name);
        match cluster.way {
            Way::Demo => report.info(&part, "The built-in demo is shown, no real cluster.", None),
            Way::Broken(error) => report.fail(&part, format!("{error:#}"), None),
            Way::Client(client) => taken.extend(one(report, &part, &client).await),
        }
    }
    taken
}

async fn one(report: &mut Report, part: &str, client: &Client) -> Vec<NodePort> {
    match server::ask(client).await {
        Ok(about) => answers(report, part, &about),
        Err(e) => {
            report.fail(part, format!("It does not answer: {e}"), None);
            return Vec::new();
        }
    }
    rights(report, part, client).await;
    services(report, part, client).await
}

fn answers(report: &mut Report, part: &str, about: &About) {
    match &about.version {
        Some(version) => report.ok(part, format!("Kubernetes {version} answers.")),
        None => report.warn(
            part,
            "It answers, but not with a version of Kubernetes: check its address and the credentials.",
            None,
        ),
    }
    if !about.ahead.is_zero() {
        let message = format!(
            "Its clock and this machine's differ by {} s: set both by NTP, or times in alerts are wrong.",
            about.ahead.num_seconds().abs()
        );
        report.warn(part, message, None);
    }
}

async fn rights(report: &mut Report, part: &str, client: &Client) {
    let held = needs::check(client).await;
    let missing = |optional: bool| {
        let missing = held
            .iter()
            .filter(|held| held.need.optional == optional && held.granted == Some(false));
        missing
            .map(|held| match held.need.group {
                "" => format!("{} {}", held.verb, held.need.resource),
                group => format!("{} {}.{group}", held.verb, held.need.resource),
            })
            .collect::<Vec<_>>()
    };
    let (needed, optional) = (missing(false), missing(true));
    let unknown = held.iter().filter(|held| held.granted.is_none()).count();
    if unknown > 0 {
        report.warn(
            part,
            format!("It does not say whether Porthole has {unknown} of its rights."),
            None,
        );
    }
    if needed.is_empty() && unknown == 0 {
        report.ok(part, "Porthole has every right it needs.");
    }
    if !needed.is_empty() {
        let message = format!(
            "Rights are missing: {}. Apply k8s/base/rights.yaml.",
            needed.join(", ")
        );
        report.fail(part, message, None);
    }
    if !optional.is_empty() {
        let message = format!(
            "Without these rights some things are not shown: {}.",
            optional.join(", ")
        );
        report.info(part, message, None);
    }
}

async fn services(report: &mut Report, part: &str, client: &Client) -> Vec<NodePort> {
    let Ok(services) = Api::<v1::Service>::all(client.clone())
        .list(&ListParams::default())
        .await
    else {
        return Vec::new();
    };
    let mut taken = Vec::new();
    for service in services {
        let name = format!(
            "{}/{}",
            service.namespace().unwrap_or_default(),
            service.name_any()
        );
        let balancer = service
            .status
            .as_ref()
            .and_then(|s| s.load_balancer.as_ref());
        let ingress = balancer
            .and_then(|b| b.ingress.as_deref())
            .unwrap_or_default();
        if ingress
            .iter()
            .any(|i| i.hostname.as_deref() == Some("localhost"))
        {
            let message = format!(
                "The load balancer {name} shows localhost: that is how Docker Desktop does it."
            );
            report.info(part, message, Some(Diagnosis::LoadBalancerLocalhost));
        }
        let ports = service.spec.and_then(|spec| spec.ports).unwrap_or_default();
        taken.extend(ports.iter().filter_map(|port| {
            Some(NodePort {
                port: port.node_port?,
                protocol: port.protocol.clone().unwrap_or_else(|| "TCP".into()),
                service: name.clone(),
            })
        }));
    }
    taken
}

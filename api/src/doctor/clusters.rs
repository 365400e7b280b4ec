//! The clusters: do they answer, what may Porthole do there, and what looks broken and is not.

use chrono::{DateTime, TimeDelta};
use k8s_openapi::api::core::v1;
use kube::{Api, Client, ResourceExt, api::ListParams};

use super::{Report, manifests::NodePort};
use crate::{
    alerts::diagnosis::Diagnosis,
    clock::Clock,
    cluster::{
        connect::{Way, find},
        needs,
    },
    config::Config,
    error::cause,
};

/// A clock that differs by more than this makes times in alerts wrong.
const SKEW: TimeDelta = TimeDelta::seconds(60);

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
    match client.apiserver_version().await {
        Ok(version) => report.ok(part, format!("Kubernetes {} answers.", version.git_version)),
        Err(e) => {
            report.fail(part, format!("It does not answer: {}", cause(&e)), None);
            return Vec::new();
        }
    }
    clock(report, part, client).await;
    rights(report, part, client).await;
    services(report, part, client).await
}

async fn clock(report: &mut Report, part: &str, client: &Client) {
    let request = http::Request::get("/version").body(kube::client::Body::empty());
    let Ok(request) = request else { return };
    let Ok(answer) = client.send(request).await else {
        return;
    };
    let date = answer.headers().get(http::header::DATE);
    let date = date.and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    let Some(date) = date else { return };
    let skew = Clock::System.now() - date.to_utc();
    if skew.abs() > SKEW {
        let message = format!(
            "Its clock and this machine's differ by {} s: set both by NTP, or times in alerts are wrong.",
            skew.num_seconds().abs()
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

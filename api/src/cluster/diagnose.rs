//! Recognising known incidents in what a cluster says. Each rule asks for evidence of its own: better none than a wrong one.

use std::net::IpAddr;

use super::{
    Cluster,
    model::{Application, Issuing, Phase, Pod},
};
use crate::alerts::{
    diagnosis::Diagnosis,
    finding::{Finding, ProblemClass},
};

/// Images of databases, by the last part of their name.
const DATABASES: [&str; 8] = [
    "postgres",
    "mysql",
    "mariadb",
    "mongo",
    "redis",
    "valkey",
    "cockroach",
    "mssql",
];
/// How the domains of a cluster's own DNS end.
const CLUSTER_DOMAINS: [&str; 2] = [".svc", ".cluster.local"];

/// A problem of pods.
pub fn pods(cluster: &Cluster, finding: &mut Finding) {
    finding.facts.diagnosis = match finding.key.class {
        ProblemClass::ImagePull => image_pull(finding),
        ProblemClass::CrashLoop | ProblemClass::NotReady | ProblemClass::ErrorExit => {
            before_database(cluster, finding)
        }
        _ => None,
    };
}

/// A problem of an application.
pub fn application(application: &Application, finding: &mut Finding) {
    let complaints = application
        .conditions
        .iter()
        .map(|c| (&*c.kind, &*c.message))
        .chain(application.operation.iter().map(|o| ("", &*o.message)));
    finding.facts.diagnosis = complaints.into_iter().find_map(|(kind, message)| {
        if kind == "RepeatedResourceWarning" {
            Some(Diagnosis::DefinedTwice)
        } else if message.contains("provided port is already allocated") {
            Some(Diagnosis::NodePortTaken)
        } else if kind == "ComparisonError" && message.contains("authentication required") {
            Some(Diagnosis::RepositoryUnreadable)
        } else {
            None
        }
    });
}

/// A problem of a certificate, by the deepest step on its way.
pub fn certificate(step: &Issuing, finding: &mut Finding) {
    let reason = step.reason.as_deref().unwrap_or_default();
    let is_stuck_inside = step.presented
        && reason.contains("HTTP-01 challenge propagation")
        && reason.contains("failed to perform self check")
        && [
            "deadline exceeded",
            "timeout",
            "timed out",
            "refused",
            "no route",
        ]
        .iter()
        .any(|word| reason.contains(word));
    finding.facts.diagnosis = is_stuck_inside.then_some(Diagnosis::HairpinNat);
}

fn image_pull(finding: &Finding) -> Option<Diagnosis> {
    let said = finding.facts.message.as_deref()?.to_lowercase();
    let image = finding.facts.image.as_deref().unwrap_or_default();
    let unreachable = [
        "no such host",
        "connection refused",
        "deadline exceeded",
        "timeout",
    ]
    .iter()
    .any(|word| said.contains(word));
    if said.contains("server gave http response to https client") {
        return Some(Diagnosis::HttpRegistry);
    }
    if !unreachable {
        return None;
    }
    if let Some(host) = token_host(&said) {
        return of_realm(host);
    }
    let is_resolved = !said.contains("no such host") && !said.contains("connection refused");
    (is_cluster_name(registry(image)) && !is_resolved).then_some(Diagnosis::ClusterRegistryName)
}

/// The registry that nodes waited for in vain, without saying for whom exactly: it has to be asked itself.
pub fn silent_registry(finding: &Finding) -> Option<&str> {
    let is_open = finding.key.class == ProblemClass::ImagePull && finding.facts.diagnosis.is_none();
    let said = finding.facts.message.as_deref().filter(|_| is_open)?;
    let waited = said.contains("deadline exceeded") || said.contains("timeout");
    let host = finding.facts.image.as_deref()?.split_once('/')?.0;
    // Docker Hub's images name no registry.
    (waited && (host.contains('.') || host.contains(':'))).then_some(host)
}

/// The host of an image's registry, without its port.
fn registry(image: &str) -> &str {
    let first = image.split('/').next().unwrap_or_default();
    first.split(':').next().unwrap_or_default()
}

/// The host that a node was sent to for a token: the address of a failed request that asks for one.
fn token_host(said: &str) -> Option<&str> {
    let urls = said.split('"').filter(|part| part.starts_with("http"));
    let url = urls
        .into_iter()
        .find(|url| url.contains("token") || url.contains("/auth") || url.contains("service="))?;
    let rest = url.split("://").nth(1)?;
    let host = rest.split(['/', '?']).next()?;
    Some(match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    })
}

/// What is wrong with a token server that a node cannot reach.
pub fn of_realm(host: &str) -> Option<Diagnosis> {
    Some(if is_cluster_name(host) {
        Diagnosis::TokenRealmInCluster
    } else {
        Diagnosis::TokenRealmUnreachable
    })
}

/// True for a name that only the cluster's own DNS knows.
pub fn is_cluster_name(host: &str) -> bool {
    CLUSTER_DOMAINS.iter().any(|end| host.ends_with(end))
}

/// True for an address that leads back to whoever asks.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
}

/// A liveness probe fails, nothing gives the container time to start, and a database beside it is not ready.
fn before_database(cluster: &Cluster, finding: &Finding) -> Option<Diagnosis> {
    let namespace = finding.key.namespace.as_deref()?;
    let pods = cluster.pods.read();
    let mut hit = pods.objects().filter(|pod| {
        &*pod.namespace == namespace && finding.affected.iter().any(|name| **name == *pod.name)
    });
    let is_hasty = hit.any(|pod| pod.containers.iter().any(|c| c.hasty_probe));
    let database_waits = pods
        .objects()
        .any(|pod| &*pod.namespace == namespace && is_database(pod) && !is_ready(pod));
    if !is_hasty || !database_waits {
        return None;
    }
    let events = cluster.events.read();
    let probe_failed = events.objects().any(|event| {
        &*event.namespace == namespace
            && event.object.kind == "Pod"
            && finding.affected.contains(&event.object.name)
            && event.message.starts_with("Liveness probe failed")
    });
    probe_failed.then_some(Diagnosis::ProbeBeforeDatabase)
}

fn is_database(pod: &Pod) -> bool {
    pod.containers.iter().any(|container| {
        let name = container.image.rsplit('/').next().unwrap_or_default();
        DATABASES.iter().any(|database| name.contains(database))
    })
}

fn is_ready(pod: &Pod) -> bool {
    pod.phase == Phase::Running && matches!(pod.ready_condition, Some((true, _)))
}

/// Load balancers that show `localhost`: nothing is broken, but people wonder.
pub fn local_load_balancers(cluster: &Cluster) -> Vec<String> {
    let services = cluster.services.read();
    let mut names: Vec<String> = services
        .objects()
        .filter(|s| &*s.kind == "LoadBalancer" && s.external.iter().any(|e| &**e == "localhost"))
        .map(|s| format!("{}/{}", s.namespace, s.name))
        .collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_token_server_is_read_from_what_the_node_says() {
        for (said, host) in [
            (
                r#"failed to fetch anonymous token: Get "http://localhost:3000/v2/token?service=x": dial tcp [::1]:3000: connect: connection refused"#,
                Some("localhost"),
            ),
            (
                r#"Get "http://gitea-http.gitea.svc.cluster.local:3000/v2/token?scope=a": context deadline exceeded"#,
                Some("gitea-http.gitea.svc.cluster.local"),
            ),
            (
                r#"Head "https://registry.example/v2/app/manifests/1": dial tcp: lookup registry.example: no such host"#,
                None,
            ),
        ] {
            assert_eq!(token_host(said), host, "{said}");
        }
    }
}

//! A container registry: would a node that asks it be sent to a token server that it can reach?

use std::time::Duration;

use http::header::WWW_AUTHENTICATE;
use url::Url;

use super::Report;
use crate::{
    alerts::diagnosis::Diagnosis,
    cluster::diagnose::{is_cluster_name, is_loopback},
    error::cause,
};

const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn examine(report: &mut Report, host: &str) {
    let part = format!("registry {host}");
    let name = host.split(':').next().unwrap_or(host);
    if is_cluster_name(name) {
        let message = "Nodes cannot find this name: they do not use the cluster's DNS.";
        report.fail(&part, message, Some(Diagnosis::ClusterRegistryName));
    }
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    let Ok(client) = client else {
        return report.fail(
            &part,
            "It cannot be asked: are CA certificates installed?",
            None,
        );
    };
    let secure = client.get(format!("https://{host}/v2/")).send().await;
    let answer = match secure {
        Ok(answer) => answer,
        Err(refused) => match client.get(format!("http://{host}/v2/")).send().await {
            Ok(answer) => {
                let message = "It speaks http only, and nodes expect https.";
                report.fail(&part, message, Some(Diagnosis::HttpRegistry));
                answer
            }
            Err(_) => {
                let message = format!("It does not answer: {}", cause(&refused.without_url()));
                return report.fail(&part, message, None);
            }
        },
    };
    let header = answer.headers().get(WWW_AUTHENTICATE);
    let Some(realm) = header.and_then(|value| realm(value.to_str().ok()?)) else {
        return report.ok(
            &part,
            format!(
                "It answers {} and asks for no token.",
                answer.status().as_u16()
            ),
        );
    };
    judge(report, &part, &realm).await;
}

async fn judge(report: &mut Report, part: &str, realm: &str) {
    let url = Url::parse(realm).ok();
    let Some(host) = url.as_ref().and_then(Url::host_str) else {
        return report.fail(
            part,
            format!("Its token server {realm} is no address."),
            None,
        );
    };
    let shown = format!("It sends nodes to {realm} for a token");
    if is_cluster_name(host) {
        let message = format!("{shown}, a name of the cluster's own DNS.");
        return report.fail(part, message, Some(Diagnosis::TokenRealmInCluster));
    }
    if is_loopback(host) {
        let message = format!("{shown}, which is the node itself.");
        return report.fail(part, message, Some(Diagnosis::TokenRealmUnreachable));
    }
    let port = url
        .as_ref()
        .and_then(Url::port_or_known_default)
        .unwrap_or(443);
    if tokio::net::lookup_host((host, port)).await.is_err() {
        let message = format!("{shown}, and this name cannot be resolved.");
        return report.fail(part, message, Some(Diagnosis::TokenRealmUnreachable));
    }
    if url.is_some_and(|url| url.scheme() == "http") {
        let message = format!("{shown} over plain http: credentials travel unencrypted.");
        return report.warn(part, message, None);
    }
    report.ok(part, format!("{shown}, which can be found."));
}

/// The realm of `Bearer realm="…",service="…"`.
fn realm(header: &str) -> Option<String> {
    let rest = header.split("realm=\"").nth(1)?;
    rest.split('"').next().map(str::to_owned)
}

//! A container registry: would a node that asks it be sent to a token server that it can reach?

use super::Report;
use crate::{
    alerts::diagnosis::Diagnosis,
    cluster::{
        diagnose::is_cluster_name,
        registry::{Place, ask, place},
    },
};

pub(super) async fn examine(report: &mut Report, host: &str) {
    let part = format!("registry {host}");
    if is_cluster_name(host.split(':').next().unwrap_or(host)) {
        let message = "Nodes cannot find this name: they do not use the cluster's DNS.";
        report.fail(&part, message, Some(Diagnosis::ClusterRegistryName));
    }
    let answer = match ask(host).await {
        Ok(answer) => answer,
        Err(why) => return report.fail(&part, format!("It does not answer: {why}"), None),
    };
    if !answer.secure {
        let message = "It speaks http only, and nodes expect https.";
        report.fail(&part, message, Some(Diagnosis::HttpRegistry));
    }
    let Some(realm) = answer.realm else {
        let message = format!(
            "It answers {} and asks for no token.",
            answer.status.as_u16()
        );
        return report.ok(&part, message);
    };
    let sends = format!("It sends nodes to {realm} for a token");
    let unreachable = Some(Diagnosis::TokenRealmUnreachable);
    match place(&realm).await {
        Place::InCluster => {
            let message = format!("{sends}, a name of the cluster's own DNS.");
            report.fail(&part, message, Some(Diagnosis::TokenRealmInCluster));
        }
        Place::Loopback => {
            report.fail(
                &part,
                format!("{sends}, which is the node itself."),
                unreachable,
            );
        }
        Place::Unknown => {
            let message = format!("{sends}, and this name cannot be resolved.");
            report.fail(&part, message, unreachable);
        }
        Place::Nonsense => report.fail(&part, format!("{sends}, which is no address."), None),
        Place::Found(true) => report.ok(&part, format!("{sends}, which can be found.")),
        Place::Found(false) => {
            let message = format!("{sends} over plain http: credentials travel unencrypted.");
            report.warn(&part, message, None);
        }
    }
}

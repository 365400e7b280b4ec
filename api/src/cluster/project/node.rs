//! Nodes and namespaces.

use k8s_openapi::{api::core::v1, apimachinery::pkg::api::resource::Quantity};
use kube::ResourceExt;

use super::{created_at, message, time, word};
use crate::cluster::model::{Namespace, Node, Resources, Said, Tuning};

/// Labels that say what a node is for.
const ROLE: &str = "node-role.kubernetes.io/";

/// A node. What changes with every heartbeat is left out.
pub fn node(node: &v1::Node) -> Option<Node> {
    let created_at = created_at(node);
    let status = node.status.clone().unwrap_or_default();
    let info = status.node_info.unwrap_or_default();
    let said = |c: &v1::NodeCondition| Said {
        holds: c.status == "True",
        since: c
            .last_transition_time
            .as_ref()
            .and_then(time)
            .unwrap_or(created_at),
        reason: word(c.reason.as_deref().unwrap_or_default()),
        message: message(c.message.as_deref().unwrap_or_default()),
    };
    let conditions = status.conditions.unwrap_or_default();
    let addresses = status.addresses.unwrap_or_default();
    Some(Node {
        name: word(&node.name_any()),
        created_at,
        ready: conditions.iter().find(|c| c.type_ == "Ready").map(said),
        // Every other condition says what is wrong while it is True, those of add-ons too.
        pressures: conditions
            .iter()
            .filter(|c| c.type_ != "Ready" && c.status == "True")
            .map(|c| (word(&c.type_), said(c)))
            .collect(),
        cordoned: node
            .spec
            .as_ref()
            .and_then(|s| s.unschedulable)
            .unwrap_or_default(),
        roles: node
            .labels()
            .keys()
            .filter_map(|label| label.strip_prefix(ROLE))
            .map(word)
            .collect(),
        version: word(&info.kubelet_version),
        os_image: word(&info.os_image),
        architecture: word(&info.architecture),
        address: addresses
            .iter()
            .find(|a| a.type_ == "InternalIP")
            .map(|a| a.address.as_str().into()),
        allocatable: resources(&status.allocatable.unwrap_or_default()),
        tuning: Tuning::read(node.annotations()),
    })
}

/// A namespace.
pub fn namespace(namespace: &v1::Namespace) -> Option<Namespace> {
    Some(Namespace(word(&namespace.name_any())))
}

fn resources(all: &std::collections::BTreeMap<String, Quantity>) -> Resources {
    let amount = |name| {
        all.get(name)
            .and_then(|q| thousandths(&q.0))
            .unwrap_or_default()
    };
    Resources {
        cpu_milli: amount("cpu"),
        memory: amount("memory") / 1_000,
        pods: amount("pods") / 1_000,
    }
}

/// A quantity such as `250m`, `2`, `16Gi` or `1e3`, in thousandths.
fn thousandths(text: &str) -> Option<i64> {
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit {
        "m" => 1.0,
        "" => 1e3,
        "k" => 1e6,
        "M" => 1e9,
        "G" => 1e12,
        "T" => 1e15,
        "Ki" => 1e3 * 1024.0,
        "Mi" => 1e3 * 1024.0 * 1024.0,
        "Gi" => 1e3 * 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1e3 * 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return text.parse::<f64>().ok().map(|n| whole(n * 1e3)),
    };
    Some(whole(number.parse::<f64>().ok()? * factor))
}

/// The casting is what is wanted: amounts beyond what a number can hold are the greatest it can.
#[expect(clippy::cast_possible_truncation, reason = "saturates")]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn quantities_are_read_as_kubernetes_writes_them() {
        for (text, expected) in [
            ("4", Some(4_000)),
            ("250m", Some(250)),
            ("1.5", Some(1_500)),
            ("16Gi", Some(17_179_869_184_000)),
            ("500k", Some(500_000_000)),
            ("1e3", Some(1_000_000)),
            ("much", None),
            ("", None),
        ] {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }
}

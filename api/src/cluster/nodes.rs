//! When a node is a problem. While it does not answer, what its pods look like is nobody's fault but its own.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    model::{Health, Node, Pod},
    problems::Holds,
};
use crate::alerts::finding::{
    Evidence, Facts, Finding, Key, Owner, OwnerState, ProblemClass, Severity,
};

/// The owner of a node's incidents: itself.
pub fn owner(name: &str) -> Owner {
    Owner {
        kind: "Node".into(),
        name: name.to_owned(),
    }
}

/// True while a node does not answer.
pub fn is_lost(node: &Node) -> bool {
    node.ready.as_ref().is_some_and(|said| !said.holds)
}

/// How a node fares.
pub fn health(node: &Node) -> Health {
    match &node.ready {
        None => Health::Unknown,
        Some(said) if !said.holds => Health::Critical,
        Some(_) if !node.pressures.is_empty() => Health::Warning,
        Some(_) => Health::Ok,
    }
}

/// How an incident about a node stands.
pub fn state(node: &Node) -> OwnerState {
    match health(node) {
        Health::Ok => OwnerState::Healthy,
        _ => OwnerState::Unsettled,
    }
}

/// The pods of each node, as `namespace/name`, sorted.
pub fn pods_by_node<'a>(pods: impl Iterator<Item = &'a Pod>) -> HashMap<&'a str, Vec<String>> {
    let mut all: HashMap<&str, Vec<String>> = HashMap::new();
    for pod in pods {
        if let Some(node) = &pod.node {
            let name = format!("{}/{}", pod.namespace, pod.name);
            all.entry(node).or_default().push(name);
        }
    }
    all.values_mut().for_each(|names| names.sort());
    all
}

/// What is wrong with a node now, and was for long enough.
pub fn findings(
    cluster: &str,
    node: &Node,
    pods: &[String],
    now: DateTime<Utc>,
    holds: &Holds,
) -> Vec<Finding> {
    if node.tuning.silent {
        return Vec::new();
    }
    let finding = |class, severity, since, reason: String, message: &str| Finding {
        key: Key {
            cluster: cluster.to_owned(),
            namespace: None,
            owner: owner(&node.name),
            class,
            container: None,
        },
        severity,
        since,
        affected: pods.to_vec(),
        total: None,
        facts: Facts {
            reason: Some(reason.clone()),
            message: Some(message.to_owned()).filter(|m| !m.is_empty()),
            node: Some(node.name.to_string()),
            ..Facts::default()
        },
        evidence: vec![Evidence {
            at: Some(since),
            source: format!("node {}", node.name),
            text: format!("{reason}: {message}"),
        }],
    };
    if let Some(said) = node.ready.as_ref().filter(|said| !said.holds) {
        let found = finding(
            ProblemClass::NodeNotReady,
            Severity::Critical,
            said.since,
            said.reason.to_string(),
            &said.message,
        );
        return (now >= said.since + holds.hold)
            .then_some(found)
            .into_iter()
            .collect();
    }
    let lasting = |since: DateTime<Utc>| now >= since + holds.hold;
    let mut held = node
        .pressures
        .iter()
        .filter(|(_, said)| lasting(said.since));
    let Some((first, said)) = held.next() else {
        return Vec::new();
    };
    let others = held
        .map(|(kind, _)| format!(", {kind}"))
        .collect::<String>();
    vec![finding(
        ProblemClass::NodePressure,
        Severity::Warning,
        said.since,
        format!("{first}{others}"),
        &said.message,
    )]
}

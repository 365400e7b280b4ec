//! When what a host serves is a problem.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    alerts::finding::{Evidence, Facts, Finding, Key, Owner, OwnerState, ProblemClass, Severity},
    cluster::model::{Health, Host, Leaf},
};

/// Nobody needs to know earlier than this, however long a certificate lives.
const EARLIEST: TimeDelta = TimeDelta::days(30);
/// From here on somebody must act.
const LATEST: TimeDelta = TimeDelta::days(14);

/// The owner of a host's incidents: itself.
pub fn owner(host: &Host) -> Owner {
    Owner {
        kind: "Host".into(),
        name: host.name.to_string(),
    }
}

/// How what a host serves fares.
pub fn health(host: &Host, now: DateTime<Utc>) -> Health {
    match (&host.found, judge(host, now)) {
        (_, Some((_, Severity::Critical, ..))) => Health::Critical,
        (_, Some(_)) => Health::Warning,
        (Some(Ok(_)), None) => Health::Ok,
        _ => Health::Unknown,
    }
}

/// How an incident about a host stands. One that does not answer proves nothing.
pub fn state(host: &Host, now: DateTime<Utc>) -> OwnerState {
    match health(host, now) {
        Health::Ok => OwnerState::Healthy,
        _ => OwnerState::Unsettled,
    }
}

/// What is wrong with what a host serves, how much, since when, and in words.
pub fn judge(
    host: &Host,
    now: DateTime<Utc>,
) -> Option<(ProblemClass, Severity, DateTime<Utc>, String)> {
    let Some(Ok(leaf)) = &host.found else {
        return None;
    };
    let unusable = |text: String| {
        let since = host.checked_at.unwrap_or(now);
        Some((
            ProblemClass::CertificateNotReady,
            Severity::Critical,
            since,
            text,
        ))
    };
    if leaf.placeholder {
        return unusable(format!(
            "{} serves the ingress controller's own certificate ({}): the one it should serve is missing or cannot be read.",
            host.name, leaf.issuer
        ));
    }
    if !leaf.fits {
        return unusable(format!(
            "{} serves a certificate for {}.",
            host.name,
            if leaf.names.is_empty() {
                "no name".into()
            } else {
                leaf.names.join(", ")
            }
        ));
    }
    let life = leaf.not_after - leaf.not_before;
    let warning_from = leaf.not_after - std::cmp::min(life / 4, EARLIEST);
    let critical_from = leaf.not_after - std::cmp::min(life / 6, LATEST);
    let severity = match now {
        now if now >= critical_from => Severity::Critical,
        now if now >= warning_from => Severity::Warning,
        _ => return None,
    };
    let text = format!(
        "{} still serves a certificate by {}.",
        host.name, leaf.issuer
    );
    Some((
        ProblemClass::CertificateExpiring,
        severity,
        warning_from,
        text,
    ))
}

/// The finding about a host.
pub fn finding(cluster: &str, host: &Host, now: DateTime<Utc>) -> Option<Finding> {
    let (class, severity, since, text) = judge(host, now)?;
    let leaf: Option<&Leaf> = host.found.as_ref().and_then(|found| found.as_ref().ok());
    Some(Finding {
        key: Key {
            cluster: cluster.to_owned(),
            namespace: None,
            owner: owner(host),
            class,
            container: None,
        },
        severity,
        since,
        affected: host.sources.iter().map(ToString::to_string).collect(),
        total: None,
        facts: Facts {
            message: Some(text.clone()),
            dns_names: leaf
                .map(|leaf| leaf.names.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            not_before: leaf.map(|leaf| leaf.not_before),
            not_after: leaf.map(|leaf| leaf.not_after),
            ..Facts::default()
        },
        evidence: vec![Evidence {
            at: host.checked_at,
            source: format!("TLS handshake with {}", host.name),
            text,
        }],
    })
}

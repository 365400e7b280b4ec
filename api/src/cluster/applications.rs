//! When an Argo CD application is a problem.

use chrono::{DateTime, Utc};

use super::{
    model::{Application, Health},
    problems::Holds,
};
use crate::alerts::finding::{
    Evidence, Facts, Finding, Key, Owner, OwnerState, ProblemClass, Severity,
};

/// Conditions that are told although their name does not end in `Error`.
const WARNINGS: [&str; 2] = ["RepeatedResourceWarning", "SharedResourceWarning"];

/// The owner of an application's incidents: itself.
pub fn owner(application: &Application) -> Owner {
    Owner {
        kind: "Application".into(),
        name: application.name.to_string(),
    }
}

/// How an application fares, its health and its sync together.
pub fn health(application: &Application) -> Health {
    match (&*application.health, complaint(application)) {
        ("Degraded", _) => Health::Critical,
        ("Missing", _) | (_, Some(_)) => Health::Warning,
        ("Progressing", None) => Health::Progressing,
        ("Healthy", None) => Health::Ok,
        ("Suspended", None) => Health::Done,
        _ => Health::Unknown,
    }
}

/// How an incident about an application stands.
pub fn state(application: &Application) -> OwnerState {
    match health(application) {
        Health::Ok | Health::Done => OwnerState::Healthy,
        _ => OwnerState::Unsettled,
    }
}

/// True for one that Argo CD finds broken, or cannot find.
pub fn is_degraded(application: &Application) -> bool {
    matches!(&*application.health, "Degraded" | "Missing")
}

/// Why an application cannot be synced: what kind of thing is wrong, what is said, and since when.
fn complaint(application: &Application) -> Option<(&str, &str, Option<DateTime<Utc>>)> {
    let is_told = |kind: &str| kind.ends_with("Error") || WARNINGS.contains(&kind);
    let condition = application.conditions.iter().find(|c| is_told(&c.kind));
    if let Some(condition) = condition {
        return Some((&condition.kind, &condition.message, condition.since));
    }
    let sync = application.operation.as_ref()?;
    matches!(&*sync.phase, "Failed" | "Error")
        .then(|| (&*sync.phase, &*sync.message, sync.finished_at))
}

/// What is wrong with an application now, and was for long enough. `seen_since` says since when it was seen to be
/// degraded, for what Argo CD does not say; `explained` is true when a problem of its pods is told already.
pub fn findings(
    cluster: &str,
    application: &Application,
    seen_since: DateTime<Utc>,
    explained: bool,
    now: DateTime<Utc>,
    holds: &Holds,
) -> Vec<Finding> {
    if application.tuning.silent {
        return Vec::new();
    }
    let finding = |class, severity, since, reason: &str, message: &str| Finding {
        key: Key {
            cluster: cluster.to_owned(),
            namespace: Some(application.namespace.to_string()),
            owner: owner(application),
            class,
            container: None,
        },
        severity,
        since,
        affected: vec![application.name.to_string()],
        total: None,
        facts: Facts {
            reason: Some(reason.to_owned()),
            message: Some(message.to_owned()).filter(|m| !m.is_empty()),
            ..Facts::default()
        },
        evidence: vec![Evidence {
            at: Some(since),
            source: format!("application {}", application.name),
            text: format!("{reason}: {message}"),
        }],
    };
    let mut found = Vec::new();
    let since = application.health_since.unwrap_or(seen_since);
    if is_degraded(application) && !explained && now >= since + holds.not_ready {
        let message = application.health_message.as_deref().unwrap_or_default();
        found.push(finding(
            ProblemClass::AppDegraded,
            Severity::Critical,
            since,
            &application.health,
            message,
        ));
    }
    if let Some((kind, message, since)) = complaint(application) {
        let since = since.unwrap_or(seen_since);
        if now >= since + holds.hold {
            let class = ProblemClass::AppSyncFailed;
            found.push(finding(class, Severity::Warning, since, kind, message));
        }
    }
    found
}

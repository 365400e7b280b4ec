//! An incident in words: what, why as far as the evidence goes, and what to do. Complete in both languages.
//!
//! The words are made from a finding each time they are asked for, so a better text also serves old incidents.

mod change;
mod en;
mod ko;
mod pull;
pub mod summary;

use super::finding::{Finding, ProblemClass};
use crate::locale::Locale;

/// An incident in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// One line.
    pub title: String,
    /// What is known about why.
    pub cause: String,
    /// What to do, step by step.
    pub remedy: Vec<String>,
    /// What must be seen for the incident to close by itself.
    pub closes_when: String,
}

/// Tells a finding. A known incident is told by the catalogue, which says more than the kind of problem does.
pub fn tell(finding: &Finding, locale: Locale) -> Story {
    let mut story = match locale {
        Locale::En => en::tell(finding),
        Locale::Ko => ko::tell(finding),
    };
    if let Some(diagnosis) = finding.facts.diagnosis {
        let said = match locale {
            Locale::En => en::said(finding, " It says: "),
            Locale::Ko => ko::said(finding),
        };
        story.cause = format!("{}{said}", diagnosis.cause(locale));
        story.remedy = diagnosis
            .remedy(locale)
            .iter()
            .map(|s| (*s).into())
            .collect();
    }
    story.cause.push_str(&change::tell(finding, locale));
    story
}

/// `kubectl` arguments that name where the object lives.
fn in_namespace(finding: &Finding) -> String {
    finding
        .key
        .namespace
        .as_ref()
        .map(|namespace| format!(" -n {namespace}"))
        .unwrap_or_default()
}

/// One of the pods that are hit, or a placeholder for `kubectl`.
fn a_pod(finding: &Finding) -> &str {
    finding.affected.first().map_or("POD", String::as_str)
}

/// `-c NAME` where the problem is one container's.
fn container_argument(finding: &Finding) -> String {
    finding
        .key
        .container
        .as_ref()
        .map(|name| format!(" -c {name}"))
        .unwrap_or_default()
}

/// What was said, in quotes of the language's own; empty when nothing was.
fn quoted(text: Option<&String>, open: &str, close: &str) -> String {
    text.map(|said| format!("{open}{}{close}", crate::notify::message::cut(said, 300)))
        .unwrap_or_default()
}

/// What `kubectl rollout` can take back; other kinds have no history.
fn undo(finding: &Finding) -> Option<String> {
    let kind = match finding.key.owner.kind.as_str() {
        "Deployment" => "deployment",
        "StatefulSet" => "statefulset",
        "DaemonSet" => "daemonset",
        _ => return None,
    };
    let name = &finding.key.owner.name;
    let namespace = in_namespace(finding);
    Some(format!("kubectl rollout undo {kind}/{name}{namespace}"))
}

/// The words of the last run: only a container that was started again has a previous one.
fn logs(finding: &Finding) -> String {
    let previous = match finding.key.class {
        ProblemClass::CrashLoop | ProblemClass::OomKilled => " --previous",
        _ => "",
    };
    let of = match finding.key.class {
        ProblemClass::JobFailed => {
            let job = finding.affected.first().unwrap_or(&finding.key.owner.name);
            format!("job/{job}")
        }
        _ => a_pod(finding).to_owned(),
    };
    let (namespace, container) = (in_namespace(finding), container_argument(finding));
    format!("kubectl logs {of}{namespace}{container}{previous}")
}

/// What ends an incident by itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum End {
    /// Its pods are well.
    Pods,
    /// The same Job, or the next of its CronJob, succeeds.
    Success,
    /// Its pods are gone.
    Gone,
    /// The node is well.
    Node,
    /// The certificate is renewed.
    Renewed,
    /// Argo CD finds it well.
    Synced,
}

fn end(class: ProblemClass) -> End {
    match class {
        ProblemClass::JobFailed => End::Success,
        ProblemClass::StuckTerminating => End::Gone,
        ProblemClass::NodeNotReady | ProblemClass::NodePressure => End::Node,
        ProblemClass::AppDegraded | ProblemClass::AppSyncFailed => End::Synced,
        class if is_certificate(class) => End::Renewed,
        _ => End::Pods,
    }
}

/// True for what a host really serves, whatever the cluster's objects say.
fn is_host(finding: &Finding) -> bool {
    finding.key.owner.kind == "Host"
}

/// True for problems that are about a certificate.
fn is_certificate(class: ProblemClass) -> bool {
    matches!(
        class,
        ProblemClass::CertificateExpiring | ProblemClass::CertificateNotReady
    )
}

#[cfg(test)]
mod tests;

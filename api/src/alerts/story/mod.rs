//! An incident in words: what, why as far as the evidence goes, and what to do. Complete in both languages.
//!
//! The words are made from a finding each time they are asked for, so a better text also serves old incidents.

mod en;
mod ko;
pub mod summary;

use super::finding::{Facts, Finding, ProblemClass};
use crate::notify::Locale;

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

/// Tells a finding.
pub fn tell(finding: &Finding, locale: Locale) -> Story {
    match locale {
        Locale::En => en::tell(finding),
        Locale::Ko => ko::tell(finding),
    }
}

/// Why an image cannot be pulled, read from what the kubelet said.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum PullFault {
    /// The registry speaks http, the node expects https.
    PlainHttp,
    /// The name of the registry is only known inside the cluster.
    ClusterName,
    /// The registry's name is not known.
    NoSuchHost,
    /// The registry refuses without (other) credentials.
    Unauthorized,
    /// No such image or tag.
    NotFound,
    /// No answer in time.
    Timeout,
    /// The name is not one.
    InvalidName,
    /// Something else.
    Other,
}

fn pull_fault(facts: &Facts) -> PullFault {
    let said = facts.message.as_deref().unwrap_or_default().to_lowercase();
    let registry = facts.image.as_deref().unwrap_or_default();
    let registry = registry.split('/').next().unwrap_or_default();
    let has = |words: &[&str]| words.iter().any(|w| said.contains(w));
    if facts.reason.as_deref() == Some("InvalidImageName") {
        PullFault::InvalidName
    } else if has(&["server gave http response to https client"]) {
        PullFault::PlainHttp
    } else if has(&["no such host", "connection refused"]) && registry.contains(".svc") {
        PullFault::ClusterName
    } else if has(&["no such host"]) {
        PullFault::NoSuchHost
    } else if has(&[
        "unauthorized",
        "authentication required",
        "denied",
        "403 forbidden",
    ]) {
        PullFault::Unauthorized
    } else if has(&["not found", "manifest unknown"]) {
        PullFault::NotFound
    } else if has(&["deadline exceeded", "timeout", "timed out"]) {
        PullFault::Timeout
    } else {
        PullFault::Other
    }
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

/// True for problems that are about a certificate.
fn is_certificate(class: ProblemClass) -> bool {
    matches!(
        class,
        ProblemClass::CertificateExpiring | ProblemClass::CertificateNotReady
    )
}

#[cfg(test)]
mod tests {
    use super::{super::finding::*, *};

    const CLASSES: [ProblemClass; 17] = [
        ProblemClass::CrashLoop,
        ProblemClass::ImagePull,
        ProblemClass::Config,
        ProblemClass::OomKilled,
        ProblemClass::ErrorExit,
        ProblemClass::Evicted,
        ProblemClass::Unschedulable,
        ProblemClass::NotReady,
        ProblemClass::StuckTerminating,
        ProblemClass::RolloutStuck,
        ProblemClass::JobFailed,
        ProblemClass::NodeNotReady,
        ProblemClass::NodePressure,
        ProblemClass::CertificateExpiring,
        ProblemClass::CertificateNotReady,
        ProblemClass::AppDegraded,
        ProblemClass::AppSyncFailed,
    ];

    fn finding(class: ProblemClass, message: &str) -> Finding {
        Finding {
            key: Key {
                cluster: "harbor".into(),
                namespace: Some("monitoring".into()),
                owner: Owner {
                    kind: "Deployment".into(),
                    name: "grafana".into(),
                },
                class,
                container: Some("web".into()),
            },
            severity: Severity::Critical,
            since: chrono::DateTime::UNIX_EPOCH,
            affected: vec!["grafana-0".into()],
            total: Some(2),
            facts: Facts {
                message: Some(message.into()),
                exit_code: Some(1),
                image: Some("gitea-http.gitea.svc.cluster.local:3000/x/grafana:1".into()),
                ..Facts::default()
            },
            evidence: Vec::new(),
        }
    }

    #[test]
    fn every_class_is_told_completely_in_both_languages() {
        for class in CLASSES {
            for locale in [Locale::En, Locale::Ko] {
                let story = tell(&finding(class, "boom"), locale);
                assert!(
                    story.title.contains("grafana"),
                    "{class:?} {locale:?}: {}",
                    story.title
                );
                for text in [&story.cause, &story.closes_when] {
                    assert!(!text.is_empty(), "{class:?} {locale:?}");
                }
                assert!(!story.remedy.is_empty(), "{class:?} {locale:?}");
                let all = format!("{story:?}");
                assert!(
                    !all.contains("  ") && !all.contains(" ."),
                    "{class:?} {locale:?}: {all}"
                );
                if locale == Locale::Ko {
                    assert!(
                        story.cause.chars().any(|c| ('가'..='힣').contains(&c)),
                        "{class:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_reason_of_a_failed_pull_is_recognised() {
        for (said, fault) in [
            (
                "http: server gave HTTP response to HTTPS client",
                PullFault::PlainHttp,
            ),
            (
                "dial tcp: lookup gitea-http.gitea.svc.cluster.local: no such host",
                PullFault::ClusterName,
            ),
            (
                "pull access denied, repository does not exist",
                PullFault::Unauthorized,
            ),
            ("manifest unknown", PullFault::NotFound),
            ("context deadline exceeded", PullFault::Timeout),
            ("something new", PullFault::Other),
        ] {
            assert_eq!(
                pull_fault(&finding(ProblemClass::ImagePull, said).facts),
                fault,
                "{said}"
            );
        }
    }
}

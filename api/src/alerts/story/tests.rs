//! The stories as a whole: complete, and true of what they are about.

use super::{super::finding::*, pull::*, *};

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
fn a_name_that_only_the_token_server_has_is_not_blamed_on_the_registry() {
    let mut pull = finding(
        ProblemClass::ImagePull,
        "failed to authorize: failed to fetch oauth token: Post \"https://auth.example/token\": dial tcp: lookup auth.example: no such host",
    );
    pull.facts.image = Some("registry.example/grafana:1".into());
    assert_eq!(pull_fault(&pull.facts), PullFault::TokenServer);
    pull.facts.message = Some("dial tcp: lookup registry.example: no such host".into());
    assert_eq!(pull_fault(&pull.facts), PullFault::NoSuchHost);
    pull.facts.message = Some("dial tcp 10.0.0.9:443: connect: connection refused".into());
    assert_eq!(pull_fault(&pull.facts), PullFault::Refused);
}

/// A command that cannot work is worse than none.
#[test]
fn only_what_was_started_again_has_previous_words_and_only_what_has_a_history_goes_back() {
    for (class, kind, previous, undo) in [
        (
            ProblemClass::CrashLoop,
            "Deployment",
            true,
            Some("deployment/"),
        ),
        (
            ProblemClass::CrashLoop,
            "StatefulSet",
            true,
            Some("statefulset/"),
        ),
        (ProblemClass::CrashLoop, "Pod", true, None),
        (ProblemClass::ErrorExit, "Pod", false, None),
        (ProblemClass::JobFailed, "Job", false, None),
        (
            ProblemClass::RolloutStuck,
            "DaemonSet",
            false,
            Some("daemonset/"),
        ),
    ] {
        for locale in [Locale::En, Locale::Ko] {
            let mut finding = finding(class, "boom");
            finding.key.owner.kind = kind.into();
            let remedy = tell(&finding, locale).remedy.join("\n");
            assert_eq!(
                remedy.contains("--previous"),
                previous,
                "{class:?}: {remedy}"
            );
            match undo {
                Some(of) => assert!(remedy.contains(&format!("undo {of}grafana")), "{remedy}"),
                None => assert!(!remedy.contains("undo"), "{class:?} {kind}: {remedy}"),
            }
        }
    }
}

#[test]
fn what_closes_it_fits_what_it_is_about() {
    for (class, word) in [
        (ProblemClass::CrashLoop, "pods"),
        (ProblemClass::NodeNotReady, "node"),
        (ProblemClass::JobFailed, "succeeds"),
        (ProblemClass::AppDegraded, "Argo CD"),
        (ProblemClass::CertificateExpiring, "renewed"),
    ] {
        let closes = tell(&finding(class, "boom"), Locale::En).closes_when;
        assert!(closes.contains(word), "{class:?}: {closes}");
    }
}

#[test]
fn every_exit_code_that_has_a_meaning_is_explained() {
    for code in [0, 126, 127, 137, 139, 143] {
        for locale in [Locale::En, Locale::Ko] {
            let told = |code| {
                let mut crash = finding(ProblemClass::CrashLoop, "boom");
                crash.facts.exit_code = Some(code);
                tell(&crash, locale).cause.replace(&code.to_string(), "N")
            };
            assert_ne!(told(code), told(1), "{code} {locale:?}");
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
        (
            "toomanyrequests: You have reached your pull rate limit",
            PullFault::RateLimited,
        ),
        (
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            PullFault::Untrusted,
        ),
        (
            "no match for platform in manifest: not found",
            PullFault::Platform,
        ),
        ("something new", PullFault::Other),
    ] {
        assert_eq!(
            pull_fault(&finding(ProblemClass::ImagePull, said).facts),
            fault,
            "{said}"
        );
    }
}

//! English.

use super::{
    End, Story, a_pod, end, in_namespace, is_host, logs,
    pull::{PullFault, pull_fault},
    quoted, undo,
};
use crate::alerts::finding::{Finding, ProblemClass};

pub(super) fn tell(finding: &Finding) -> Story {
    let name = &finding.key.owner.name;
    let (title, cause, remedy) = match finding.key.class {
        ProblemClass::CrashLoop => (
            format!("{name} keeps crashing"),
            crash_cause(finding),
            crash_remedy(finding),
        ),
        ProblemClass::ImagePull => (
            format!("{name} cannot start: its image cannot be pulled"),
            pull_cause(finding),
            pull_remedy(finding),
        ),
        ProblemClass::Config => (
            format!("{name} cannot start: its configuration does not fit"),
            format!("Kubernetes cannot make the container{}.", said(finding, ": ")),
            vec![
                "Compare the names of ConfigMaps, Secrets and keys in the pod's spec with those that exist.".into(),
                format!("kubectl describe pod {}{}", a_pod(finding), in_namespace(finding)),
            ],
        ),
        ProblemClass::OomKilled => (
            format!("{name} was ended for using too much memory"),
            "The container reached its memory limit, and the kernel ended it.".into(),
            vec![
                "Look at its memory over time: does it grow without end, or is the limit too low?".into(),
                format!("Raise resources.limits.memory of {name}, or make it use less."),
            ],
        ),
        ProblemClass::ErrorExit => (
            format!("{name} ended with an error"),
            format!("A container ended{}.", exit(finding)),
            last_words(finding),
        ),
        ProblemClass::Evicted => (
            format!("{name} was evicted from its node"),
            format!("The node ran short of something and sent the pod away{}.", said(finding, ": ")),
            vec![
                "Find out what the node ran short of: kubectl describe node".into(),
                format!("Set resources.requests of {name} to what it really uses."),
            ],
        ),
        ProblemClass::Unschedulable => (
            format!("{name} waits: no node can take it"),
            format!("The scheduler finds no place{}.", said(finding, ": ")),
            vec![
                "Free resources or add a node, or lower the pod's requests.".into(),
                "Check its node selector, affinity and tolerations, and whether its volume can be bound.".into(),
            ],
        ),
        ProblemClass::NotReady => (
            format!("{name} runs but is not ready"),
            format!("{} not pass the readiness check{}.", hit(finding, "does", "do"), said(finding, ": ")),
            vec![
                format!("kubectl describe pod {}{}", a_pod(finding), in_namespace(finding)),
                "See what the readiness probe asks for, and whether what it depends on answers.".into(),
            ],
        ),
        ProblemClass::StuckTerminating => (
            format!("{name} does not go away"),
            format!("It was deleted, its grace is over, and it is still there{}.", said(finding, ": ")),
            vec![
                "If finalizers are listed, see whether the controller that removes them runs.".into(),
                "If its node does not answer, bring the node back or remove it from the cluster.".into(),
            ],
        ),
        ProblemClass::RolloutStuck => (
            format!("The rollout of {name} is stuck"),
            format!("It did not progress within its deadline{}.", said(finding, ": ")),
            rollout_remedy(finding),
        ),
        ProblemClass::JobFailed => (
            format!("The job {name} failed"),
            format!("Its last try ended{}.", exit(finding)),
            last_words(finding),
        ),
        ProblemClass::NodeNotReady => (
            format!("The node {name} does not answer"),
            format!("Its kubelet stopped reporting{}.", said(finding, ": ")),
            vec!["Check its power and network, then the kubelet's log.".into()],
        ),
        ProblemClass::NodePressure => (
            format!("The node {name} runs short"),
            format!("It reports pressure{}.", said(finding, ": ")),
            vec!["Free disk or memory on it, or move pods away.".into()],
        ),
        ProblemClass::CertificateExpiring if is_host(finding) => (
            format!("{name} serves a certificate that nears its end{}", ends(finding)),
            format!("What is served was not replaced in time{}.", said(finding, ": ")),
            vec![
                "See whether it was renewed and is only not loaded: kubectl get certificates -A".into(),
                "Renew it where it comes from, and reload what serves it.".into(),
            ],
        ),
        ProblemClass::CertificateNotReady if is_host(finding) => (
            format!("{name} serves the wrong certificate"),
            format!("Browsers will warn people{}.", said(finding, ": ")),
            vec![
                "Look at the tls section of its Ingress or Gateway: is its Secret there, in the same namespace, for this name?".into(),
                "The ingress controller's log says why it does not use it.".into(),
            ],
        ),
        ProblemClass::CertificateExpiring => (
            format!("The certificate {name} is not renewing{}", ends(finding)),
            certificate_cause(finding),
            certificate_remedy(finding),
        ),
        ProblemClass::CertificateNotReady => (
            format!("The certificate {name} is not usable"),
            format!("cert-manager could not issue it{}.", said(finding, ": ")),
            certificate_remedy(finding),
        ),
        ProblemClass::AppDegraded => (
            format!("The application {name} is degraded"),
            format!("Argo CD finds parts of it unhealthy{}.", said(finding, ": ")),
            vec!["Open it in Argo CD and follow its first unhealthy part.".into()],
        ),
        ProblemClass::AppSyncFailed => (
            format!("The application {name} cannot be synced"),
            format!("Argo CD could not apply it{}.", said(finding, ": ")),
            vec!["Correct what the message names in the repository, and push.".into()],
        ),
    };
    Story {
        title,
        cause,
        remedy,
        closes_when: closes_when(finding),
    }
}

fn closes_when(finding: &Finding) -> String {
    let when = match end(finding.key.class) {
        End::Pods => "all its pods have been ready for a while",
        End::Success => "it, or the next run of its CronJob, succeeds",
        End::Gone => "its pods are gone",
        End::Node => "the node has been well for a while",
        End::Renewed if is_host(finding) => "the host serves a good certificate",
        End::Renewed => "the certificate is renewed",
        End::Synced => "Argo CD finds it synced and healthy",
    };
    format!("Closes by itself once {when}.")
}

pub(super) fn said(finding: &Finding, before: &str) -> String {
    let said = quoted(finding.facts.message.as_ref(), "\u{201c}", "\u{201d}");
    if said.is_empty() {
        said
    } else {
        format!("{before}{said}")
    }
}

fn hit(finding: &Finding, one: &str, many: &str) -> String {
    let count = finding.affected.len();
    match finding.total {
        Some(total) => format!(
            "{count} of {total} pods {}",
            if count == 1 { one } else { many }
        ),
        None => format!(
            "{count} {}",
            if count == 1 {
                format!("pod {one}")
            } else {
                format!("pods {many}")
            }
        ),
    }
}

fn exit(finding: &Finding) -> String {
    match (
        finding.facts.exit_code,
        finding.facts.signal.filter(|s| *s > 0),
    ) {
        (_, Some(signal)) => format!(" by signal {signal}"),
        (Some(code), None) => format!(" with exit code {code}"),
        (None, None) => " with an error".into(),
    }
}

fn crash_cause(finding: &Finding) -> String {
    let facts = &finding.facts;
    if facts.reason.as_deref() == Some("OOMKilled") {
        return "The container reaches its memory limit, and the kernel ends it each time.".into();
    }
    let hint = match facts.exit_code {
        Some(126) => " That code means that its command may not be executed.",
        Some(127) => " That code means that its command does not exist in the image.",
        Some(137) => {
            " That code means that it was killed: by the memory limit, or by its liveness probe."
        }
        Some(139) => " That code means a fault in memory access.",
        Some(143) => {
            " That code means that it was asked to stop, for example by its liveness probe."
        }
        Some(0) => " It ends well, but it is meant to keep running.",
        _ => "",
    };
    let restarts = facts
        .restarts
        .map(|n| format!(", {n} times so far"))
        .unwrap_or_default();
    format!(
        "Its container ends{}{restarts}, and Kubernetes waits longer before each new start.{hint}{}",
        exit(finding),
        said(finding, " It says: ")
    )
}

fn crash_remedy(finding: &Finding) -> Vec<String> {
    let mut steps = last_words(finding);
    match finding.facts.exit_code {
        Some(126 | 127) => steps.push("Compare command and args with what the image holds.".into()),
        Some(137 | 143) => steps.push(
            "If its start takes long or waits for a database, give it a startupProbe: a liveness probe must not run before.".into(),
        ),
        _ => {}
    }
    steps.extend(
        undo(finding).map(|command| format!("If the last change broke it, go back: {command}")),
    );
    steps
}

fn rollout_remedy(finding: &Finding) -> Vec<String> {
    let look = format!(
        "See why its new pods are not ready: kubectl get pods{}",
        in_namespace(finding)
    );
    let back = undo(finding).map(|command| format!("Go back: {command}"));
    [look].into_iter().chain(back).collect()
}

fn last_words(finding: &Finding) -> Vec<String> {
    vec![format!("Read its last words: {}", logs(finding))]
}

fn pull_cause(finding: &Finding) -> String {
    let image = finding.facts.image.as_deref().unwrap_or("the image");
    let why = match pull_fault(&finding.facts) {
        PullFault::PlainHttp => "the registry speaks http, and the node expects https",
        PullFault::ClusterName => {
            "the registry's name is only known inside the cluster, and nodes do not use the cluster's DNS"
        }
        PullFault::NoSuchHost => "the node cannot resolve the registry's name",
        PullFault::Unauthorized => {
            "the registry refuses: credentials are missing or wrong, or the repository does not exist"
        }
        PullFault::NotFound => "the registry has no such image or tag",
        PullFault::TokenServer => {
            "the registry sends the node to another server for a token, and the node cannot reach that one"
        }
        PullFault::Refused => "nothing listens at the registry's address",
        PullFault::Untrusted => "the node does not trust the registry's certificate",
        PullFault::RateLimited => {
            "the registry has seen too many pulls from this address or account"
        }
        PullFault::Platform => "it is not made for the node's kind of machine",
        PullFault::Timeout => {
            "the registry, or the server that hands out its tokens, does not answer in time"
        }
        PullFault::InvalidName => "its name is not a valid image name",
        PullFault::Other => "the node was refused",
    };
    format!(
        "{image} cannot be pulled: {why}.{}",
        said(finding, " The node says: ")
    )
}

fn pull_remedy(finding: &Finding) -> Vec<String> {
    let step = match pull_fault(&finding.facts) {
        PullFault::PlainHttp => {
            "Give the registry TLS, or list it as an insecure registry on every node."
        }
        PullFault::ClusterName => {
            "Use an address of the registry that nodes can reach (its ingress or a NodePort), in the image and in the pull secret."
        }
        PullFault::NoSuchHost => {
            "Correct the registry's name, or add it to the DNS that nodes use."
        }
        PullFault::Unauthorized => {
            "Check the pull secret: its server must be spelled as in the image, and imagePullSecrets must name it."
        }
        PullFault::NotFound => "Push the tag, or correct it in the workload.",
        PullFault::Refused => "See whether the registry runs, and whether its port is right.",
        PullFault::Untrusted => {
            "Add the registry's CA to every node, or give the registry a certificate that nodes trust."
        }
        PullFault::RateLimited => {
            "Sign in to the registry with a pull secret, or pull through a mirror of your own."
        }
        PullFault::Platform => {
            "Build the image for the node's architecture too, or choose nodes by kubernetes.io/arch."
        }
        PullFault::TokenServer | PullFault::Timeout => {
            "From the node, open the registry's /v2/ and look at the realm in WWW-Authenticate: the node must reach that address too."
        }
        PullFault::InvalidName => "Correct the image's name in the workload.",
        PullFault::Other => "Read the node's message below.",
    };
    vec![
        step.into(),
        format!(
            "kubectl describe pod {}{}",
            a_pod(finding),
            in_namespace(finding)
        ),
    ]
}

fn ends(finding: &Finding) -> String {
    finding
        .facts
        .not_after
        .map(|end| format!(" and ends on {}", end.format("%-d %B %Y")))
        .unwrap_or_default()
}

fn certificate_cause(finding: &Finding) -> String {
    let renewal = finding
        .facts
        .renewal_at
        .map(|at| {
            format!(
                " It was to be renewed on {}.",
                at.format("%-d %B %Y, %H:%M UTC")
            )
        })
        .unwrap_or_default();
    format!(
        "cert-manager has not renewed it in time.{renewal}{}",
        said(finding, " It says: ")
    )
}

fn certificate_remedy(finding: &Finding) -> Vec<String> {
    let name = &finding.key.owner.name;
    vec![
        format!("Follow the chain: kubectl describe certificate,certificaterequest,order,challenge{}", in_namespace(finding)),
        "For an HTTP-01 challenge, the name must lead to this cluster's ingress on port 80, also from inside the cluster.".into(),
        format!("Then try again: cmctl renew {name}{}", in_namespace(finding)),
    ]
}

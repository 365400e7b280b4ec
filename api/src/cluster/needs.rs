//! The rights Porthole needs in a cluster, and whether it has them.

use futures::{StreamExt, stream};
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::{Api, Client, api::PostParams};

/// Questions that are asked at the same time.
const AT_ONCE: usize = 8;

/// A right that Porthole can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Resource, with its subresource.
    pub resource: &'static str,
    /// Verbs.
    pub verbs: &'static [&'static str],
    /// True when nothing is missed without it but what it is for.
    pub optional: bool,
}

const WATCH: &[&str] = &["list", "watch"];

const fn need(group: &'static str, resource: &'static str) -> Need {
    Need {
        group,
        resource,
        verbs: WATCH,
        optional: false,
    }
}

const fn extra(group: &'static str, resource: &'static str) -> Need {
    Need {
        optional: true,
        ..need(group, resource)
    }
}

/// Everything that `k8s/base/rights.yaml` gives, and the logs of `k8s/components/logs`.
pub const ALL: [Need; 20] = [
    need("", "pods"),
    need("", "nodes"),
    need("", "namespaces"),
    need("", "services"),
    need("", "events"),
    need("apps", "deployments"),
    need("apps", "replicasets"),
    need("apps", "statefulsets"),
    need("apps", "daemonsets"),
    need("batch", "jobs"),
    need("batch", "cronjobs"),
    need("networking.k8s.io", "ingresses"),
    extra("gateway.networking.k8s.io", "gateways"),
    extra("gateway.networking.k8s.io", "httproutes"),
    extra("cert-manager.io", "certificates"),
    extra("cert-manager.io", "certificaterequests"),
    extra("acme.cert-manager.io", "orders"),
    extra("acme.cert-manager.io", "challenges"),
    extra("argoproj.io", "applications"),
    Need {
        verbs: &["get"],
        ..extra("", "pods/log")
    },
];

/// Whether Porthole has a right; `None` when the cluster does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The right.
    pub need: Need,
    /// One of its verbs.
    pub verb: &'static str,
    /// True when it is there.
    pub granted: Option<bool>,
}

/// Asks the cluster for each right.
pub async fn check(client: &Client) -> Vec<Held> {
    let mut questions = Vec::new();
    for need in ALL {
        for verb in need.verbs {
            questions.push(ask(client.clone(), need, verb));
        }
    }
    stream::iter(questions).buffered(AT_ONCE).collect().await
}

async fn ask(client: Client, need: Need, verb: &'static str) -> Held {
    let granted = is_granted(client, need, verb).await;
    Held {
        need,
        verb,
        granted,
    }
}

async fn is_granted(client: Client, need: Need, verb: &str) -> Option<bool> {
    let (resource, part) = match need.resource.split_once('/') {
        Some((resource, part)) => (resource, Some(part.to_owned())),
        None => (need.resource, None),
    };
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                group: Some(need.group.to_owned()),
                resource: Some(resource.to_owned()),
                subresource: part,
                verb: Some(verb.to_owned()),
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    let api: Api<SelfSubjectAccessReview> = Api::all(client);
    let answer = api.create(&PostParams::default(), &review).await.ok()?;
    Some(answer.status?.allowed)
}

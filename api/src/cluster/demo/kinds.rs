//! The kinds of object the demo cluster serves.

/// One kind of object, as discovery would describe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The version inside the group.
    pub version: &'static str,
    /// The name in a path: `pods`.
    pub plural: &'static str,
    /// The name in an object: `Pod`.
    pub kind: &'static str,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
}

impl Kind {
    /// What an object of this kind carries as `apiVersion`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// The kind served at a group, version and plural.
    pub fn find(group: &str, version: &str, plural: &str) -> Option<Self> {
        ALL.into_iter()
            .find(|k| k.group == group && k.version == version && k.plural == plural)
    }
}

const fn namespaced(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    kind: &'static str,
) -> Kind {
    Kind {
        group,
        version,
        plural,
        kind,
        namespaced: true,
    }
}

const fn global(plural: &'static str, kind: &'static str) -> Kind {
    Kind {
        group: "",
        version: "v1",
        plural,
        kind,
        namespaced: false,
    }
}

/// `v1` nodes.
pub const NODE: Kind = global("nodes", "Node");
/// `v1` namespaces.
pub const NAMESPACE: Kind = global("namespaces", "Namespace");
/// `v1` pods.
pub const POD: Kind = namespaced("", "v1", "pods", "Pod");
/// `v1` services.
pub const SERVICE: Kind = namespaced("", "v1", "services", "Service");
/// `v1` events.
pub const EVENT: Kind = namespaced("", "v1", "events", "Event");
/// `apps/v1` deployments.
pub const DEPLOYMENT: Kind = namespaced("apps", "v1", "deployments", "Deployment");
/// `apps/v1` replica sets.
pub const REPLICA_SET: Kind = namespaced("apps", "v1", "replicasets", "ReplicaSet");
/// `apps/v1` stateful sets.
pub const STATEFUL_SET: Kind = namespaced("apps", "v1", "statefulsets", "StatefulSet");
/// `apps/v1` daemon sets.
pub const DAEMON_SET: Kind = namespaced("apps", "v1", "daemonsets", "DaemonSet");
/// `batch/v1` jobs.
pub const JOB: Kind = namespaced("batch", "v1", "jobs", "Job");
/// `batch/v1` cron jobs.
pub const CRON_JOB: Kind = namespaced("batch", "v1", "cronjobs", "CronJob");
/// `networking.k8s.io/v1` ingresses.
pub const INGRESS: Kind = namespaced("networking.k8s.io", "v1", "ingresses", "Ingress");
/// `cert-manager.io/v1` certificates.
pub const CERTIFICATE: Kind = namespaced("cert-manager.io", "v1", "certificates", "Certificate");

/// `argoproj.io/v1alpha1` applications.
pub const APPLICATION: Kind = namespaced("argoproj.io", "v1alpha1", "applications", "Application");

/// Every kind the demo cluster serves.
pub const ALL: [Kind; 14] = [
    NODE,
    NAMESPACE,
    POD,
    SERVICE,
    EVENT,
    DEPLOYMENT,
    REPLICA_SET,
    STATEFUL_SET,
    DAEMON_SET,
    JOB,
    CRON_JOB,
    INGRESS,
    CERTIFICATE,
    APPLICATION,
];

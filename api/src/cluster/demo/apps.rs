//! What the home lab runs.

use Keeper::{DaemonSet as Daemon, Deployment as Deploy, StatefulSet as State};

use super::objects::Container;

/// What keeps an app's pods.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// A deployment, through a replica set.
    Deployment,
    /// A stateful set.
    StatefulSet,
    /// A daemon set: one pod on every machine.
    DaemonSet,
}

/// One thing the lab runs.
pub struct App {
    /// Where it lives.
    pub namespace: &'static str,
    /// What keeps its pods.
    pub keeper: Keeper,
    /// What its pods run; the workload has the container's name.
    pub container: Container,
    /// How many pods it has; a daemon set has one on each machine instead.
    pub replicas: usize,
    /// The name people reach it under; nobody does when empty.
    pub host: &'static str,
}

const fn app(
    namespace: &'static str,
    keeper: Keeper,
    name: &'static str,
    image: &'static str,
    port: u16,
    host: &'static str,
) -> App {
    App {
        namespace,
        keeper,
        container: Container { name, image, port },
        replicas: 1,
        host,
    }
}

/// Everything the lab runs.
#[rustfmt::skip]
pub const APPS: [App; 26] = [
    app("argocd", State, "argocd-application-controller", "quay.io/argoproj/argocd:v3.1.1", 8082, ""),
    app("argocd", Deploy, "argocd-repo-server", "quay.io/argoproj/argocd:v3.1.1", 8081, ""),
    app("argocd", Deploy, "argocd-server", "quay.io/argoproj/argocd:v3.1.1", 8080, "argocd.harbor.internal"),
    app("cert-manager", Deploy, "cert-manager", "quay.io/jetstack/cert-manager-controller:v1.18.2", 9402, ""),
    app("cert-manager", Deploy, "cert-manager-cainjector", "quay.io/jetstack/cert-manager-cainjector:v1.18.2", 9402, ""),
    app("cert-manager", Deploy, "cert-manager-webhook", "quay.io/jetstack/cert-manager-webhook:v1.18.2", 10250, ""),
    app("gitea", Deploy, "gitea", "docker.gitea.com/gitea:1.24.5-rootless", 3000, "git.harbor.example"),
    app("gitea", State, "gitea-postgresql", "docker.io/library/postgres:17.6", 5432, ""),
    app("immich", Deploy, "immich-machine-learning", "ghcr.io/immich-app/immich-machine-learning:v1.140.0", 3003, ""),
    app("immich", Deploy, "immich-server", "ghcr.io/immich-app/immich-server:v1.140.0", 2283, "photos.harbor.example"),
    app("immich", State, "immich-postgresql", "ghcr.io/immich-app/postgres:17-vectorchord0.4.3", 5432, ""),
    app("kube-system", Deploy, "coredns", "docker.io/rancher/mirrored-coredns-coredns:1.12.3", 53, ""),
    app("kube-system", Deploy, "metrics-server", "docker.io/rancher/mirrored-metrics-server:v0.8.0", 10250, ""),
    app("kube-system", Deploy, "traefik", "docker.io/rancher/mirrored-library-traefik:3.3.6", 8000, ""),
    app("ledger", Deploy, LEDGER.1, "registry.harbor.internal/ledger/sync:2.7.0", 0, ""),
    app("ledger", Deploy, "ledger-web", "registry.harbor.internal/ledger/web:2.7.0", 8080, "ledger.harbor.internal"),
    app("monitoring", Deploy, GRAFANA.1, "docker.io/grafana/grafana:12.1.11", 3000, "grafana.harbor.internal"),
    app("monitoring", Daemon, "node-exporter", "quay.io/prometheus/node-exporter:v1.9.1", 9100, ""),
    app("monitoring", State, "prometheus", "quay.io/prometheus/prometheus:v3.5.0", 9090, ""),
    app("nextcloud", Deploy, "nextcloud", NEXTCLOUD, 80, "cloud.harbor.example"),
    app("nextcloud", State, "nextcloud-mariadb", "docker.io/library/mariadb:11.8.3", 3306, ""),
    app("paperless", Deploy, "paperless", "ghcr.io/paperless-ngx/paperless-ngx:2.18.2", 8000, "paper.harbor.example"),
    app("paperless", State, "paperless-redis", "docker.io/library/redis:8.2.1", 6379, ""),
    App { replicas: 2, ..app("wiki", Deploy, WIKI.1, "ghcr.io/requarks/wiki:2.5.308", 3000, "wiki.harbor.internal") },
    app("gitea", Deploy, "gitea-runner", "docker.gitea.com/act_runner:0.2.12", 0, ""),
    app("kube-system", Deploy, "local-path-provisioner", "docker.io/rancher/local-path-provisioner:v0.0.31", 0, ""),
];

/// The image nextcloud and its cron jobs run.
pub const NEXTCLOUD: &str = "docker.io/library/nextcloud:31.0.8-apache";
/// The namespace and name of the deployment that crash-loops.
pub const LEDGER: (&str, &str) = ("ledger", "ledger-sync");
/// The namespace and name of the deployment whose image does not exist.
pub const GRAFANA: (&str, &str) = ("monitoring", "grafana");
/// The namespace and name of the deployment that is updated again and again.
pub const WIKI: (&str, &str) = ("wiki", "wiki");
/// The namespace and name of the deployment that is scaled up and down.
pub const PHOTOS: (&str, &str) = ("immich", "immich-machine-learning");

/// What the crash-looping container last logs.
pub const CRASH: &str = "level=error msg=\"sync failed\" err=\"POST https://api.bank.example/v2/token: \
                         401 Unauthorized: refresh token expired\"\n";

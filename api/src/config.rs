//! Settings: flags and `PORTHOLE_*` variables, checked as a whole at start so that every fault is listed at once.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use ipnet::IpNet;
use url::Url;

use crate::graphql::guard::Limits;

/// Everything an operator can set.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address to listen on.
    #[arg(long, env = "PORTHOLE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Address people use in their browser; cookies are Secure when it is https. Default: http:// and the listen address.
    #[arg(long, env = "PORTHOLE_PUBLIC_URL")]
    pub public_url: Option<Url>,

    /// Accept a plain http public URL on an address other than loopback (passwords then travel unencrypted).
    #[arg(long, env = "PORTHOLE_ALLOW_INSECURE_HTTP", default_value_t = false)]
    pub allow_insecure_http: bool,

    /// Where data is kept: sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(
        long,
        env = "PORTHOLE_DATABASE_URL",
        default_value = "sqlite://data/porthole.db",
        hide_env_values = true
    )]
    pub database_url: String,

    /// Which clusters to watch: auto (kubeconfig or in-cluster, else the demo), demo, off, or kubeconfig contexts by commas.
    #[arg(long, env = "PORTHOLE_CLUSTER", default_value = "auto")]
    pub cluster: String,

    /// Only look into these namespaces, by commas; default: all. Then a RoleBinding in each is enough, and nodes are not seen.
    #[arg(long, env = "PORTHOLE_NAMESPACES", value_delimiter = ',')]
    pub namespaces: Vec<String>,

    /// The kubeconfig to use; default: KUBECONFIG, or ~/.kube/config.
    #[arg(long, env = "PORTHOLE_KUBECONFIG")]
    pub kubeconfig: Option<PathBuf>,

    /// File with the bootstrap password of `admin`; it counts as chosen, so no change is forced.
    #[arg(long, env = "PORTHOLE_ADMIN_PASSWORD_FILE")]
    pub admin_password_file: Option<PathBuf>,

    /// File with the key that seals channel secrets and signs tokens; made beside the database when unset.
    #[arg(long, env = "PORTHOLE_SECRET_KEY_FILE")]
    pub secret_key_file: Option<PathBuf>,

    /// Discord's API. Only tests and proxies change it.
    #[arg(
        long,
        env = "PORTHOLE_DISCORD_API",
        default_value = "https://discord.com/api"
    )]
    pub discord_api: Url,

    /// Extra CA certificates (PEM) that mail servers may be signed by.
    #[arg(long, env = "PORTHOLE_MAIL_CA_FILE")]
    pub mail_ca_file: Option<PathBuf>,

    /// Addresses or networks (10.42.0.0/16) of proxies whose X-Forwarded-For is believed, by commas.
    #[arg(long, env = "PORTHOLE_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Name of this installation, shown in the interface and in alerts.
    #[arg(long, env = "PORTHOLE_NAME", default_value = "Porthole")]
    pub name: String,

    /// Fewest characters of a password.
    #[arg(long, env = "PORTHOLE_PASSWORD_MIN_LENGTH", default_value_t = 12)]
    pub password_min_length: usize,

    /// Sign-in attempts a minute, for each client address and for each account.
    #[arg(long, env = "PORTHOLE_SIGN_IN_PER_MINUTE", default_value_t = 5)]
    pub sign_in_per_minute: u32,

    /// Domain of the cookie that opens internal pages: theirs and this portal's common parent, such as example.org.
    /// Default: the public URL's host.
    #[arg(long, env = "PORTHOLE_COOKIE_DOMAIN")]
    pub cookie_domain: Option<String>,

    /// Minutes until an account that locked after too many wrong passwords opens by itself; 0 leaves it to an admin.
    #[arg(long, env = "PORTHOLE_LOCKOUT_MINUTES", default_value_t = 0)]
    pub lockout_minutes: u32,

    /// What an API token may spend in an hour, in points of query cost.
    #[arg(long, env = "PORTHOLE_TOKEN_BUDGET", default_value_t = 20_000)]
    pub token_budget: u32,

    /// Seconds between two probes of an internal page; 0 probes none.
    #[arg(long, env = "PORTHOLE_PAGE_PROBE_SECONDS", default_value_t = 60)]
    pub page_probe_seconds: u32,

    /// Days that audit events are kept; 0 keeps them for ever.
    #[arg(long, env = "PORTHOLE_AUDIT_DAYS", default_value_t = 400)]
    pub audit_days: u32,

    /// When certificates are looked at as a whole: cron with seconds first, UTC.
    #[arg(
        long,
        env = "PORTHOLE_CERTIFICATE_SWEEP",
        default_value = "0 0 6 * * *"
    )]
    pub certificate_sweep: String,

    /// How long a recovered workload must stay well before the all-clear, in seconds. CRASH_LOOP waits five times as long.
    #[arg(long, env = "PORTHOLE_QUIET_SECONDS", default_value_t = 120)]
    pub quiet_seconds: u32,

    /// How long a problem that may pass by itself must last before it is told, in seconds.
    #[arg(long, env = "PORTHOLE_HOLD_SECONDS", default_value_t = 60)]
    pub hold_seconds: u32,

    /// How long pods may run without being ready before it is told, in seconds; default: five times PORTHOLE_HOLD_SECONDS.
    /// The annotation porthole.dev/not-ready-after says otherwise for one object.
    #[arg(long, env = "PORTHOLE_NOT_READY_SECONDS")]
    pub not_ready_seconds: Option<u32>,

    /// How long a rollout of a StatefulSet or DaemonSet may stand still, in seconds; default: fifteen times
    /// PORTHOLE_HOLD_SECONDS. Deployments have a progress deadline of their own.
    #[arg(long, env = "PORTHOLE_ROLLOUT_STALLED_SECONDS")]
    pub rollout_stalled_seconds: Option<u32>,

    /// Send alerts from this process; false leaves that to `porthole work` (PostgreSQL only).
    #[arg(long, env = "PORTHOLE_WORK", default_value_t = true, action = clap::ArgAction::Set)]
    pub work: bool,

    /// Take only the interface's own GraphQL documents from browsers; API tokens may ask what they like.
    #[arg(long, env = "PORTHOLE_TRUSTED_DOCUMENTS_ONLY", default_value_t = false)]
    pub trusted_documents_only: bool,

    /// Log lines as JSON.
    #[arg(long, env = "PORTHOLE_LOG_JSON", default_value_t = false)]
    pub log_json: bool,

    /// How much may be asked of the API.
    #[command(flatten)]
    pub limits: Limits,
}

impl Config {
    /// The address people use, with a default made from the listen address.
    pub fn public_url(&self) -> Url {
        self.public_url.clone().unwrap_or_else(|| {
            Url::parse(&format!("http://{}", self.listen)).expect("an address makes a URL")
        })
    }

    /// True when people reach the server over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url().scheme() == "https"
    }

    /// Domain of the cookie for internal pages, in lower case; `None` keeps it on the portal's own host.
    pub fn cookie_domain(&self) -> Option<String> {
        if let Some(domain) = &self.cookie_domain {
            return Some(domain.trim_start_matches('.').to_ascii_lowercase());
        }
        match self.public_url().host() {
            Some(url::Host::Domain(host)) if host.contains('.') => Some(host.to_owned()),
            _ => None,
        }
    }

    /// True for the embedded database.
    pub fn is_sqlite(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }

    /// Path of the SQLite file; `None` for PostgreSQL and for `sqlite::memory:`.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.database_url.strip_prefix("sqlite:")?;
        let path = rest.trim_start_matches("//").split('?').next()?;
        (!path.is_empty() && !path.starts_with(":memory:")).then(|| PathBuf::from(path))
    }

    /// Every fault of the settings, each with what to do; empty when all is well.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let url = self.public_url();
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) || self.allow_insecure_http => {}
            "http" => faults.push(format!(
                "PORTHOLE_PUBLIC_URL is {url}: passwords would travel unencrypted. Put TLS in front and use https, or set PORTHOLE_ALLOW_INSECURE_HTTP=true."
            )),
            other => faults.push(format!(
                "PORTHOLE_PUBLIC_URL starts with {other}: use https:// (or http:// on loopback)."
            )),
        }
        if !self.is_sqlite()
            && !self.database_url.starts_with("postgres://")
            && !self.database_url.starts_with("postgresql://")
        {
            faults
                .push("PORTHOLE_DATABASE_URL must start with sqlite:// or postgres://.".to_owned());
        }
        for (name, path) in [
            ("PORTHOLE_ADMIN_PASSWORD_FILE", &self.admin_password_file),
            ("PORTHOLE_MAIL_CA_FILE", &self.mail_ca_file),
        ] {
            if let Some(path) = path
                && let Err(e) = std::fs::File::open(path)
            {
                faults.push(format!("{name}: cannot read {}: {e}.", path.display()));
            }
        }
        if let (Some(_), Some(domain)) = (&self.cookie_domain, self.cookie_domain()) {
            let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
            let is_parent = host == domain || host.ends_with(&format!(".{domain}"));
            let is_name = domain.contains('.')
                && domain
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
            if !is_parent || !is_name {
                faults.push(format!(
                    "PORTHOLE_COOKIE_DOMAIN is {domain}: use the host of PORTHOLE_PUBLIC_URL ({host}) or a parent of it, such as example.org."
                ));
            }
        }
        if self.token_budget == 0 {
            faults.push("PORTHOLE_TOKEN_BUDGET must be at least 1.".to_owned());
        }
        if self.password_min_length < 8 {
            faults.push("PORTHOLE_PASSWORD_MIN_LENGTH must be at least 8.".to_owned());
        }
        if self.sign_in_per_minute == 0 {
            faults.push("PORTHOLE_SIGN_IN_PER_MINUTE must be at least 1.".to_owned());
        }
        if !matches!(self.discord_api.scheme(), "http" | "https") {
            faults.push("PORTHOLE_DISCORD_API must be an http or https URL.".to_owned());
        }
        faults.extend(self.limits.faults());
        faults
    }
}

/// A network, or an address alone.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = text.parse::<std::net::IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse::<IpNet>())
        .map_err(|_| format!("{text} is no address and no network such as 10.42.0.0/16"))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

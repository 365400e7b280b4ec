//! `porthole doctor`: is everything there that Porthole needs? It looks at each part, changes nothing, and says what to do.

mod access;
mod clusters;
mod git;
mod manifests;
mod registry;
mod report;
mod storage;

use std::path::PathBuf;

use clap::Args;

pub use self::report::{Check, Outcome, Report};
use crate::config::Config;

/// What to look at besides the settings, the database, the clusters, the public address and the channels.
#[derive(Args)]
pub struct Options {
    /// Print JSON for programs.
    #[arg(long)]
    pub json: bool,

    /// A folder with manifests: what is defined twice, and NodePorts that clash.
    #[arg(long, value_name = "DIR")]
    pub manifests: Option<PathBuf>,

    /// A git checkout: can it be committed to and pushed from?
    #[arg(long, value_name = "DIR")]
    pub repo: Option<PathBuf>,

    /// A container registry, such as git.example.org:30000: would nodes get a token from it?
    #[arg(long, value_name = "HOST")]
    pub registry: Option<String>,
}

/// Looks at everything.
pub async fn examine(options: &Options, config: &Config) -> Report {
    let mut report = Report::default();
    let faults = config.faults();
    if faults.is_empty() {
        report.ok("settings", "They fit together.");
    }
    for fault in faults {
        report.fail("settings", fault, None);
    }
    storage::examine(&mut report, config).await;
    let services = clusters::examine(&mut report, config).await;
    access::examine(&mut report, config).await;
    if let Some(folder) = &options.manifests {
        manifests::examine(&mut report, folder, &services);
    }
    if let Some(folder) = &options.repo {
        git::examine(&mut report, folder).await;
    }
    if let Some(host) = &options.registry {
        registry::examine(&mut report, host).await;
    }
    report
}

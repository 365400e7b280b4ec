//! A git checkout: who commits here, and is the branch behind its remote? Nothing is fetched or changed.

use std::{path::Path, time::Duration};

use tokio::process::Command;

use super::Report;
use crate::alerts::diagnosis::Diagnosis;

const PART: &str = "git";
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn examine(report: &mut Report, folder: &Path) {
    let Ok(branch) = git(folder, &["symbolic-ref", "--short", "HEAD"]).await else {
        let message = format!("{} is no git checkout with a branch.", folder.display());
        return report.fail(PART, message, None);
    };
    let mut missing = Vec::new();
    for key in ["user.name", "user.email"] {
        if git(folder, &["config", key]).await.is_err() {
            missing.push(key);
        }
    }
    if missing.is_empty() {
        report.ok(PART, "It knows who commits.");
    } else {
        let message = format!("{} is not set.", missing.join(" and "));
        report.fail(PART, message, Some(Diagnosis::GitIdentityMissing));
    }
    remote(report, folder, &branch).await;
}

async fn remote(report: &mut Report, folder: &Path, branch: &str) {
    let setting = |key: &str| format!("branch.{branch}.{key}");
    let (Ok(remote), Ok(merge)) = (
        git(folder, &["config", &setting("remote")]).await,
        git(folder, &["config", &setting("merge")]).await,
    ) else {
        return report.warn(PART, format!("{branch} follows no remote branch."), None);
    };
    let there = match git(folder, &["ls-remote", &remote, &merge]).await {
        Ok(there) => there,
        Err(error) => return report.fail(PART, format!("{remote} cannot be asked: {error}"), None),
    };
    let Some(commit) = there.split_whitespace().next() else {
        return report.info(PART, format!("{remote} has no {branch} yet."), None);
    };
    // Unknown here, or not among the ancestors: somebody else pushed.
    let is_ancestor = git(folder, &["merge-base", "--is-ancestor", commit, "HEAD"]).await;
    if is_ancestor.is_ok() {
        report.ok(PART, format!("{branch} holds all that {remote} has."));
    } else {
        let message =
            format!("{remote} has commits that {branch} does not hold: a push is refused.");
        report.fail(PART, message, Some(Diagnosis::GitNotFastForward));
    }
}

async fn git(folder: &Path, args: &[&str]) -> Result<String, String> {
    let run = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        // Nobody is there to type a password.
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output();
    match tokio::time::timeout(PATIENCE, run).await {
        Err(_) => Err("no answer in time".into()),
        Ok(Err(e)) => Err(format!("git cannot be run: {e}")),
        Ok(Ok(output)) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(Ok(output)) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(said.lines().last().unwrap_or_default().trim().to_owned())
        }
    }
}

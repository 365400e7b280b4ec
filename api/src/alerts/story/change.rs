//! What changed shortly before it broke, in a sentence.

use chrono::TimeDelta;

use crate::{alerts::finding::Finding, locale::Locale};

/// A change so long before is not named: it would be blamed for what it did not do.
const RECENT: TimeDelta = TimeDelta::hours(24);
/// Characters of a commit that people read.
const SHORT_COMMIT: usize = 7;

/// The sentence, with a blank before it; empty when nothing changed lately.
pub(super) fn tell(finding: &Finding, locale: Locale) -> String {
    let Some(change) = &finding.facts.change else {
        return String::new();
    };
    if change.at.is_some_and(|at| finding.since - at > RECENT) {
        return String::new();
    }
    let mut parts: Vec<String> = change
        .images
        .iter()
        .map(|image| format!("{}: {} → {}", image.container, image.before, image.after))
        .collect();
    if let (Some(before), Some(after)) = (change.previous_revision, change.revision) {
        parts.push(locale.pick(
            format!("revision {before} → {after}"),
            format!("리비전 {before} → {after}"),
        ));
    }
    if let Some(commit) = &change.commit {
        let short: String = commit.chars().take(SHORT_COMMIT).collect();
        parts.push(locale.pick(format!("commit {short}"), format!("커밋 {short}")));
    }
    if parts.is_empty() {
        return String::new();
    }
    let at = change
        .at
        .map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string());
    let at = at.map(|at| locale.pick(format!(" at {at}"), format!(" {at}에")));
    let (at, parts) = (at.unwrap_or_default(), parts.join(", "));
    locale.pick(
        format!(" It was changed{at}: {parts}."),
        format!(" 최근 변경:{at} {parts}."),
    )
}

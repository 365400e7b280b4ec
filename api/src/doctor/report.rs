//! What was found, for people and for programs.

use std::fmt;

use serde::Serialize;

use crate::{alerts::diagnosis::Diagnosis, locale::Locale};

/// How a part is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Well.
    Ok,
    /// Worth knowing; nothing is broken.
    Info,
    /// Something will be missing.
    Warn,
    /// Broken.
    Fail,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// The part that was looked at.
    pub part: String,
    /// How it is.
    pub outcome: Outcome,
    /// What was found, and what to do.
    pub message: String,
    /// The known incident that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// What to do about it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub remedy: &'static [&'static str],
}

/// Everything that was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// In the order of looking.
    pub checks: Vec<Check>,
}

impl Report {
    /// A part is well.
    pub fn ok(&mut self, part: &str, message: impl Into<String>) {
        self.add(part, Outcome::Ok, message.into(), None);
    }

    /// Worth knowing.
    pub fn info(&mut self, part: &str, message: impl Into<String>, known: Option<Diagnosis>) {
        self.add(part, Outcome::Info, message.into(), known);
    }

    /// Something will be missing.
    pub fn warn(&mut self, part: &str, message: impl Into<String>, known: Option<Diagnosis>) {
        self.add(part, Outcome::Warn, message.into(), known);
    }

    /// Something is broken.
    pub fn fail(&mut self, part: &str, message: impl Into<String>, known: Option<Diagnosis>) {
        self.add(part, Outcome::Fail, message.into(), known);
    }

    fn add(&mut self, part: &str, outcome: Outcome, message: String, known: Option<Diagnosis>) {
        self.checks.push(Check {
            part: part.to_owned(),
            outcome,
            message,
            diagnosis: known,
            remedy: known.map_or(&[], |known| known.remedy(Locale::En)),
        });
    }

    /// True when nothing is broken.
    pub fn is_well(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.outcome < Outcome::Fail)
    }

    /// For programs: `{"ok": …, "checks": […]}`.
    pub fn json(&self) -> String {
        let report = serde_json::json!({ "ok": self.is_well(), "checks": self.checks });
        serde_json::to_string_pretty(&report).unwrap_or_default()
    }
}

/// For people: a line for each finding, its remedy below.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .checks
            .iter()
            .map(|check| check.part.chars().count())
            .max();
        let width = width.unwrap_or_default();
        for check in &self.checks {
            let word = match check.outcome {
                Outcome::Ok => "ok",
                Outcome::Info => "info",
                Outcome::Warn => "warn",
                Outcome::Fail => "FAIL",
            };
            writeln!(f, "{word:<5} {:<width$}  {}", check.part, check.message)?;
            for step in check.remedy {
                writeln!(f, "{:width$}          → {step}", "")?;
            }
        }
        let count = |outcome| self.checks.iter().filter(|c| c.outcome == outcome).count();
        match (count(Outcome::Fail), count(Outcome::Warn)) {
            (0, 0) => write!(f, "All is well."),
            (0, warnings) => write!(f, "Nothing is broken; warnings: {warnings}."),
            (failures, _) => write!(f, "Broken: {failures}."),
        }
    }
}

//! A message in words, before it takes the form its target wants.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::locale::Locale;

/// How a message should strike the eye.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Somebody must act.
    Critical,
    /// It can wait.
    Warning,
    /// Good news.
    Good,
    /// To know.
    Info,
}

/// One message about one step of an incident, or a test.
#[derive(Clone, Debug)]
pub struct Message {
    /// Stable id of the delivery: a second try is recognisable as one.
    pub id: Uuid,
    /// Incident it belongs to, so that mail clients show its messages together; `None` for a test.
    pub thread: Option<Uuid>,
    /// True for the first message of its incident.
    pub starts_thread: bool,
    /// Language of the labels.
    pub locale: Locale,
    /// How it should strike the eye.
    pub tone: Tone,
    /// One line.
    pub title: String,
    /// What is known about why.
    pub cause: String,
    /// What to do, step by step.
    pub remedy: Vec<String>,
    /// Where: label and value.
    pub facts: Vec<(String, String)>,
    /// What was seen, verbatim.
    pub evidence: Vec<String>,
    /// The incident's page.
    pub link: Option<String>,
    /// Such as "incident #12, step 1".
    pub mark: String,
    /// When it happened.
    pub at: DateTime<Utc>,
}

impl Message {
    /// Heading of the remedy.
    pub fn remedy_label(&self) -> &'static str {
        self.locale.pick("What to do", "조치")
    }

    /// Heading of the evidence.
    pub fn evidence_label(&self) -> &'static str {
        self.locale.pick("What was seen", "근거")
    }

    /// The remedy as numbered lines.
    pub fn numbered_remedy(&self) -> String {
        self.remedy
            .iter()
            .enumerate()
            .map(|(n, step)| format!("{}. {step}", n + 1))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// Cuts a text to at most `max` characters, on a character boundary, with an ellipsis.
pub fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    if max == 0 {
        return String::new();
    }
    let mut short: String = text.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

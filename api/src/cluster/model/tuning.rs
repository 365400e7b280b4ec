//! What an object's annotations ask of Porthole.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use k8s_openapi::jiff::SignedDuration;

/// Nothing is told about the object while this is `off`.
const ALERTS: &str = "porthole.dev/alerts";
/// How long the object's pods may be unready, such as `10m`.
const NOT_READY_AFTER: &str = "porthole.dev/not-ready-after";

/// What an object's annotations ask for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Tuning {
    /// Nothing is to be told about it.
    pub silent: bool,
    /// Seconds that its pods may be unready.
    pub not_ready_after: Option<u32>,
}

impl Tuning {
    /// Reads annotations. What makes no sense is as if it were not there.
    pub fn read(annotations: &BTreeMap<String, String>) -> Self {
        let says_off = |text: &String| matches!(text.as_str(), "off" | "false" | "no");
        Self {
            silent: annotations.get(ALERTS).is_some_and(says_off),
            not_ready_after: annotations.get(NOT_READY_AFTER).and_then(|t| seconds(t)),
        }
    }

    /// Both together: what either asks for; the first decides on times.
    pub fn or(self, other: Self) -> Self {
        Self {
            silent: self.silent || other.silent,
            not_ready_after: self.not_ready_after.or(other.not_ready_after),
        }
    }

    /// How long pods may be unready.
    pub fn not_ready(&self, usual: TimeDelta) -> TimeDelta {
        let asked = self.not_ready_after.map(|s| TimeDelta::seconds(s.into()));
        asked.unwrap_or(usual)
    }
}

/// A duration such as `90s`, `10m` or `1h30m`, in seconds.
fn seconds(text: &str) -> Option<u32> {
    let duration: SignedDuration = text.trim().parse().ok()?;
    u32::try_from(duration.as_secs()).ok().filter(|s| *s > 0)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_are_read_or_refused() {
        for (text, expected) in [
            ("90s", Some(90)),
            ("10m", Some(600)),
            ("1h30m", Some(5_400)),
            (" 48h ", Some(172_800)),
            ("10", None),
            ("m", None),
            ("", None),
            ("0s", None),
            ("-5m", None),
            ("99999999999h", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}

//! When a delivery is tried again, and when it is given up.

use chrono::TimeDelta;

use crate::notify::SendError;

/// Waits before the second, third, … try. After the last one the delivery is dead.
const BACKOFF_SECONDS: [i64; 7] = [5, 30, 120, 600, 3_600, 10_800, 36_000];
/// Waits that providers ask for are no failed tries, but nothing waits for ever.
const MAX_AGE: TimeDelta = TimeDelta::days(3);
/// Share of a wait that is left to chance, so that many rows do not come back at once.
pub const JITTER: f64 = 0.2;

/// Wait before the next try; `None` when it is given up. `chance` is the jitter, 0 to `JITTER`.
pub fn next_attempt(
    attempts: i32,
    age: TimeDelta,
    error: &SendError,
    chance: f64,
) -> Option<TimeDelta> {
    let after = match error {
        SendError::Fail(_) | SendError::Disable(_) => return None,
        SendError::Retry { after, .. } => *after,
    };
    if let Some(after) = after {
        return TimeDelta::from_std(after).ok().filter(|_| age < MAX_AGE);
    }
    let tried = usize::try_from(attempts.max(1)).unwrap_or(1);
    let seconds = *BACKOFF_SECONDS.get(tried - 1)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most a fifth of ten hours"
    )]
    let jitter = (TimeDelta::seconds(seconds).num_milliseconds() as f64 * chance) as i64;
    Some(TimeDelta::seconds(seconds) + TimeDelta::milliseconds(jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_until_it_is_given_up_and_a_named_time_is_honoured() {
        let new = TimeDelta::zero();
        let failed = SendError::Retry {
            after: None,
            error: "x".into(),
        };
        let waits: Vec<_> = (1..=8)
            .map(|n| next_attempt(n, new, &failed, 0.0).map(|w| w.num_seconds()))
            .collect();
        let expected = [5, 30, 120, 600, 3_600, 10_800, 36_000].map(Some);
        assert_eq!(waits[..7], expected);
        assert_eq!(waits[7], None);
        assert_eq!(
            next_attempt(1, new, &failed, 0.2),
            Some(TimeDelta::seconds(6))
        );
        let asked = SendError::Retry {
            after: Some(std::time::Duration::from_millis(1_500)),
            error: "x".into(),
        };
        let asked_for = Some(TimeDelta::milliseconds(1_500));
        assert_eq!(next_attempt(99, new, &asked, 0.1), asked_for);
        assert_eq!(next_attempt(1, TimeDelta::days(4), &asked, 0.1), None);
        assert_eq!(
            next_attempt(1, new, &SendError::Fail("x".into()), 0.0),
            None
        );
    }
}

//! Since when things are as they are, where Kubernetes does not say so. Forgotten at a restart: then it counts anew.

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{alerts::diagnosis::Diagnosis, cluster::registry};

/// How long something that is not looked at any more is remembered.
const FORGET: TimeDelta = TimeDelta::minutes(10);

/// What was seen, and since when it is the same.
#[derive(Debug, Default)]
pub struct Memory {
    seen: HashMap<Arc<str>, Seen>,
    registries: HashMap<String, (DateTime<Utc>, Option<Diagnosis>)>,
    swept: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct Seen {
    state: u64,
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Memory {
    /// Since when the thing with this key is in this state.
    pub fn since(&mut self, key: &Arc<str>, state: impl Hash, now: DateTime<Utc>) -> DateTime<Utc> {
        self.sweep(now);
        let mut hasher = DefaultHasher::new();
        state.hash(&mut hasher);
        let state = hasher.finish();
        let seen = self.seen.entry(Arc::clone(key)).or_insert(Seen {
            state,
            since: now,
            last: now,
        });
        if seen.state != state {
            (seen.state, seen.since) = (state, now);
        }
        seen.last = now;
        seen.since
    }

    /// What is wrong with a registry, asked once in a while.
    pub async fn registry(&mut self, host: &str, now: DateTime<Utc>) -> Option<Diagnosis> {
        self.sweep(now);
        if let Some((_, known)) = self.registries.get(host) {
            return *known;
        }
        let found = registry::diagnose(host).await;
        self.registries.insert(host.to_owned(), (now, found));
        found
    }

    fn sweep(&mut self, now: DateTime<Utc>) {
        if self.swept.is_none_or(|swept| now - swept > FORGET) {
            self.swept = Some(now);
            self.seen.retain(|_, seen| now - seen.last <= FORGET);
            self.registries
                .retain(|_, (asked, _)| now - *asked <= FORGET);
        }
    }
}

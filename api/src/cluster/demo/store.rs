//! The demo cluster's memory: objects, the order they changed in, and a short history of the changes.
//!
//! It keeps the promises watchers lean on: one counter orders every change of every kind, a watch that starts
//! at a version misses nothing after it, and a watch that starts too far back is told so instead of being
//! given a gap.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::kinds::Kind;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It was not there before.
    Added,
    /// It was there and is different now.
    Modified,
    /// It is gone.
    Deleted,
}

impl Verb {
    /// The word a watch uses for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }
}

/// Where an object is kept. Ordered as lists are: by kind, then namespace, then name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The kind of object.
    pub kind: Kind,
    /// Its namespace; empty for kinds that have none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl Key {
    /// The key of an object by kind, namespace and name.
    pub fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        Self {
            kind,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happened.
    pub verb: Verb,
    /// To which object.
    pub key: Key,
    /// The number of the change; also the `resourceVersion` the object carries.
    pub version: u64,
    /// The object after the change, or as it last was when it is gone.
    pub object: Arc<Value>,
}

/// The version a watch asked for can no longer be continued from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too old resource version: {asked} ({oldest})")]
pub struct Expired {
    /// What was asked for.
    pub asked: u64,
    /// The oldest version that can still be continued from.
    pub oldest: u64,
}

/// The start of a watch: what was missed, and where the rest will come from.
pub struct Feed {
    /// Changes of every kind since the version asked for, oldest first.
    pub missed: Vec<Arc<Change>>,
    /// Changes from here on.
    pub changes: broadcast::Receiver<Arc<Change>>,
    /// The version of the newest change so far.
    pub version: u64,
}

struct Inner {
    objects: BTreeMap<Key, Arc<Value>>,
    version: u64,
    history: VecDeque<Arc<Change>>,
    keep: usize,
}

/// The objects of one demo cluster. Clones share them.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Mutex<Inner>>,
    changes: broadcast::Sender<Arc<Change>>,
}

impl Store {
    /// An empty store that remembers the last `keep` changes.
    pub fn new(keep: usize) -> Self {
        let keep = keep.max(1);
        Self {
            inner: Arc::new(Mutex::new(Inner {
                objects: BTreeMap::new(),
                version: 0,
                history: VecDeque::new(),
                keep,
            })),
            // A watcher that falls further behind than the history could not catch up from the history either.
            changes: broadcast::channel(keep).0,
        }
    }

    /// Puts an object in place of whatever was there.
    pub fn put(&self, kind: Kind, object: Value) {
        let text = |p| object.pointer(p).and_then(Value::as_str).unwrap_or("");
        let key = Key::new(kind, text("/metadata/namespace"), text("/metadata/name"));
        let mut inner = self.lock();
        let verb = match inner.objects.contains_key(&key) {
            true => Verb::Modified,
            false => Verb::Added,
        };
        self.record(&mut inner, verb, key, object);
    }

    /// Edits an object; says whether anything changed. An edit that changes nothing is no change, as in the
    /// real thing.
    pub fn edit(&self, key: &Key, edit: impl FnOnce(&mut Value)) -> bool {
        let mut inner = self.lock();
        let Some(before) = inner.objects.get(key) else {
            return false;
        };
        let mut object = Value::clone(before);
        edit(&mut object);
        if object == **before {
            return false;
        }
        self.record(&mut inner, Verb::Modified, key.clone(), object);
        true
    }

    /// Takes an object out; says whether it was there.
    pub fn delete(&self, key: &Key) -> bool {
        let mut inner = self.lock();
        let Some(last) = inner.objects.remove(key) else {
            return false;
        };
        self.record(&mut inner, Verb::Deleted, key.clone(), Value::clone(&last));
        true
    }

    /// The number of the newest change.
    pub fn version(&self) -> u64 {
        self.lock().version
    }

    /// One object.
    pub fn get(&self, key: &Key) -> Option<Arc<Value>> {
        self.lock().objects.get(key).cloned()
    }

    /// The objects of a kind, in one namespace or in all, in order, and the version they are true at.
    pub fn list(&self, kind: Kind, namespace: Option<&str>) -> (u64, Vec<(Key, Arc<Value>)>) {
        let inner = self.lock();
        let objects = inner
            .objects
            .iter()
            .filter(|(k, _)| k.kind == kind && namespace.is_none_or(|n| k.namespace == n))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        (inner.version, objects)
    }

    /// Changes after a version: first those already made, then those to come, with none between lost or doubled.
    pub fn follow(&self, after: u64) -> Result<Feed, Expired> {
        let inner = self.lock();
        // The change before the oldest one remembered is the last one a watcher may have seen.
        let oldest = inner
            .history
            .front()
            .map_or(inner.version, |c| c.version - 1);
        // A version from the future is from another life of this cluster; listing again is the cure for it too.
        if after < oldest || after > inner.version {
            return Err(Expired {
                asked: after,
                oldest,
            });
        }
        Ok(Feed {
            missed: inner
                .history
                .iter()
                .filter(|c| c.version > after)
                .cloned()
                .collect(),
            changes: self.changes.subscribe(),
            version: inner.version,
        })
    }

    /// Numbers a change, keeps it, and tells the watchers; all under the lock, so that they hear in order.
    fn record(&self, inner: &mut Inner, verb: Verb, key: Key, mut object: Value) {
        inner.version += 1;
        object["metadata"]["resourceVersion"] = json!(inner.version.to_string());
        let object = Arc::new(object);
        if verb != Verb::Deleted {
            inner.objects.insert(key.clone(), object.clone());
        }
        let change = Arc::new(Change {
            verb,
            key,
            version: inner.version,
            object,
        });
        inner.history.push_back(change.clone());
        if inner.history.len() > inner.keep {
            inner.history.pop_front();
        }
        // Nobody watching is no error.
        let _ = self.changes.send(change);
    }

    /// A panic elsewhere cannot leave the map half changed, so a poisoned lock is as good as a clean one.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

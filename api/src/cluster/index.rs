//! The objects of one kind, with a short history of changes for those who watch.
//!
//! A plain struct: its tests need no cluster. A subscriber remembers the version it has seen and asks for what came
//! after; when that is not retained any more, it must take a snapshot.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

/// Changes kept for subscribers that fell behind or come back.
const HISTORY: usize = 4_096;

/// Something an index can hold.
pub trait Keyed: PartialEq {
    /// What makes it the same object.
    fn key(&self) -> Arc<str>;
}

/// A step in the life of an object.
#[derive(Debug, PartialEq)]
pub enum Change<T> {
    /// It is new or other than before.
    Upsert(Arc<T>),
    /// It is gone; as it was.
    Delete(Arc<T>),
}

impl<T> Clone for Change<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Upsert(object) => Self::Upsert(Arc::clone(object)),
            Self::Delete(object) => Self::Delete(Arc::clone(object)),
        }
    }
}

impl<T> Change<T> {
    /// The object, as it is or was.
    pub fn object(&self) -> &Arc<T> {
        match self {
            Self::Upsert(object) | Self::Delete(object) => object,
        }
    }
}

/// All objects of one kind.
#[derive(Debug)]
pub struct Index<T> {
    objects: HashMap<Arc<str>, Arc<T>>,
    history: VecDeque<Change<T>>,
    version: u64,
    synced: bool,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            objects: HashMap::new(),
            history: VecDeque::new(),
            version: 0,
            synced: false,
        }
    }
}

impl<T: Keyed> Index<T> {
    /// Takes an object as it is now; true when that is news.
    pub fn apply(&mut self, object: T) -> bool {
        let key = object.key();
        if self.objects.get(&key).is_some_and(|old| **old == object) {
            return false;
        }
        let object = Arc::new(object);
        self.objects.insert(key, Arc::clone(&object));
        self.remember(Change::Upsert(object));
        true
    }

    /// Forgets an object; true when it was there.
    pub fn delete(&mut self, key: &str) -> bool {
        match self.objects.remove(key) {
            Some(object) => {
                self.remember(Change::Delete(object));
                true
            }
            None => false,
        }
    }

    /// Takes a complete list: what is not in it was deleted while nobody looked.
    pub fn reset(&mut self, objects: Vec<T>) -> bool {
        let mut changed = !self.synced;
        self.synced = true;
        let there: HashSet<Arc<str>> = objects.iter().map(Keyed::key).collect();
        let gone: Vec<Arc<str>> = self
            .objects
            .keys()
            .filter(|key| !there.contains(*key))
            .cloned()
            .collect();
        for key in gone {
            changed |= self.delete(&key);
        }
        for object in objects {
            changed |= self.apply(object);
        }
        changed
    }

    /// Forgets everything, because the kind is not served any more.
    pub fn clear(&mut self) {
        let keys: Vec<Arc<str>> = self.objects.keys().cloned().collect();
        for key in keys {
            self.delete(&key);
        }
        self.synced = false;
    }

    /// What happened after `version`, the newest change of each object only; `None` when that is not retained.
    pub fn since(&self, version: u64) -> Option<Vec<Change<T>>> {
        let behind = usize::try_from(self.version.checked_sub(version)?).ok()?;
        let skip = self.history.len().checked_sub(behind)?;
        let mut seen = HashSet::new();
        let mut changes: Vec<Change<T>> = self
            .history
            .iter()
            .skip(skip)
            .rev()
            .filter(|change| seen.insert(change.object().key()))
            .cloned()
            .collect();
        changes.reverse();
        Some(changes)
    }

    fn remember(&mut self, change: Change<T>) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(change);
        self.version += 1;
    }
}

impl<T> Index<T> {
    /// One object.
    pub fn get(&self, key: &str) -> Option<&Arc<T>> {
        self.objects.get(key)
    }

    /// All objects, in no order.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<T>> {
        self.objects.values()
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// True without objects.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Number of changes so far.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// True once a complete list was taken: before, nothing is known, least of all that all is well.
    pub fn is_synced(&self) -> bool {
        self.synced
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Thing(&'static str, u32);

    impl Keyed for Thing {
        fn key(&self) -> Arc<str> {
            self.0.into()
        }
    }

    fn words(changes: Option<Vec<Change<Thing>>>) -> Vec<String> {
        let words = changes
            .expect("retained")
            .into_iter()
            .map(|change| match change {
                Change::Upsert(thing) => format!("+{}{}", thing.0, thing.1),
                Change::Delete(thing) => format!("-{}", thing.0),
            });
        words.collect()
    }

    #[test]
    fn what_was_deleted_during_a_gap_is_noticed_at_the_next_list() {
        let mut index = Index::default();
        assert!(!index.is_synced());
        index.reset(vec![Thing("a", 1), Thing("b", 1)]);
        let before = index.version();
        index.reset(vec![Thing("b", 1), Thing("c", 1)]);
        assert_eq!(words(index.since(before)), ["-a", "+c1"]);
        assert_eq!(index.len(), 2);
    }

    #[test]
    fn the_same_again_is_no_news() {
        let mut index = Index::default();
        assert!(
            index.reset(Vec::new()),
            "the first list is news even when it is empty"
        );
        assert!(index.apply(Thing("a", 1)));
        assert!(!index.apply(Thing("a", 1)));
        assert!(!index.delete("b"));
        assert_eq!(index.version(), 1);
    }

    #[test]
    fn a_late_reader_gets_the_newest_change_of_each_object_or_must_start_again() {
        let mut index = Index::default();
        for n in 0..10 {
            index.apply(Thing("a", n));
        }
        index.apply(Thing("b", 0));
        index.delete("a");
        assert_eq!(words(index.since(3)), ["+b0", "-a"]);
        assert_eq!(words(index.since(12)), [""; 0]);
        assert!(index.since(13).is_none(), "a version of another life");
        for n in 0..u32::try_from(HISTORY).expect("small") {
            index.apply(Thing("c", n + 1));
        }
        assert!(index.since(3).is_none());
    }
}

//! What all loaders share. They use the `dataloader` crate, which dispatches without a timer.
//!
//! Its traps: a key without an entry panics in `load`, so each batch answers every key and `try_load` is used;
//! its caches never forget, so a set of loaders lives for one execution only.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use dataloader::{BatchFn, cached::Loader};
use sea_orm::DbErr;

use crate::error::{Error, Result};

/// Most keys of one statement.
const MAX_BATCH: usize = 500;

/// What a loader keeps for a key: cheap to clone, errors included.
pub type Loaded<T> = Result<Option<Arc<T>>, Arc<DbErr>>;

/// A loader with our batch size.
pub fn cached<K, V, B>(batch: B) -> Loader<K, V, B>
where
    K: Eq + Hash + Clone + std::fmt::Debug,
    V: Clone,
    B: BatchFn<K, V>,
{
    Loader::new(batch).with_max_batch_size(MAX_BATCH)
}

/// Loads one key.
///
/// # Errors
/// The database's.
pub async fn load<K, T, B>(loader: &Loader<K, Loaded<T>, B>, key: K) -> Result<Option<Arc<T>>>
where
    K: Eq + Hash + Clone + std::fmt::Debug,
    B: BatchFn<K, Loaded<T>>,
{
    let loaded = loader
        .try_load(key)
        .await
        .map_err(|e| Error::Internal(e.into()))?;
    Ok(loaded?)
}

/// Sorts rows by key, with an entry for every key asked for, and counts the batch.
pub fn by_key<K, T>(
    name: &'static str,
    keys: &[K],
    rows: Result<Vec<T>, DbErr>,
    key: impl Fn(&T) -> K,
) -> HashMap<K, Loaded<T>>
where
    K: Eq + Hash + Clone,
{
    count(name, keys.len());
    match rows {
        Ok(rows) => {
            let mut found: HashMap<K, Loaded<T>> =
                keys.iter().map(|k| (k.clone(), Ok(None))).collect();
            for row in rows {
                found.insert(key(&row), Ok(Some(Arc::new(row))));
            }
            found
        }
        Err(e) => failed(keys, e),
    }
}

/// As `by_key`, for relations with many rows; their order is kept.
pub fn lists_by_key<K, T>(
    name: &'static str,
    keys: &[K],
    rows: Result<Vec<T>, DbErr>,
    key: impl Fn(&T) -> Option<K>,
) -> HashMap<K, Loaded<Vec<T>>>
where
    K: Eq + Hash + Clone,
{
    count(name, keys.len());
    let rows = match rows {
        Ok(rows) => rows,
        Err(e) => return failed(keys, e),
    };
    let mut lists: HashMap<K, Vec<T>> = keys.iter().map(|k| (k.clone(), Vec::new())).collect();
    for row in rows {
        if let Some(list) = key(&row).and_then(|k| lists.get_mut(&k)) {
            list.push(row);
        }
    }
    lists
        .into_iter()
        .map(|(key, list)| (key, Ok(Some(Arc::new(list)))))
        .collect()
}

/// The same error for every key.
pub fn failed<K: Eq + Hash + Clone, T>(keys: &[K], error: DbErr) -> HashMap<K, Loaded<T>> {
    let error = Arc::new(error);
    keys.iter()
        .map(|k| (k.clone(), Err(error.clone())))
        .collect()
}

/// Counts a batch in the metrics.
pub fn count(name: &'static str, keys: usize) {
    let keys = u32::try_from(keys).unwrap_or(u32::MAX);
    metrics::histogram!("porthole_loader_keys", "loader" => name).record(keys);
}

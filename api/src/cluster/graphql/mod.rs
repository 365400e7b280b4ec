//! Clusters in the schema.

pub mod application;
pub mod certificate;
pub mod cluster;
pub mod event;
mod feed;
pub mod host;
pub mod live;
pub mod logs;
pub mod node;
pub mod object;
pub mod pod;
pub mod service;
pub mod workload;

use std::cmp::Reverse;

use async_graphql::{Enum, Object, OutputType, connection::Connection};

use crate::{
    error::Result,
    graphql::{Page, PageArgs, live::Freshness},
};

/// Direction of an order.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum OrderDirection {
    /// Smallest first.
    Asc,
    /// Greatest first.
    Desc,
}

/// What connections of a cluster's objects carry besides their page.
pub struct Seen {
    total: usize,
    freshness: Freshness,
}

/// What connections of a cluster's objects carry besides their page.
#[Object]
impl Seen {
    /// Number of items over all pages.
    async fn total_count(&self) -> i32 {
        i32::try_from(self.total).unwrap_or(i32::MAX)
    }

    /// How old they are.
    async fn freshness(&self) -> Freshness {
        self.freshness
    }
}

/// The freshness of several sources is that of the worst.
fn worst(all: impl IntoIterator<Item = Freshness>) -> Freshness {
    all.into_iter()
        .reduce(|a, b| Freshness {
            observed_at: match (a.observed_at, b.observed_at) {
                (Some(a), Some(b)) => Some(a.min(b)),
                _ => None,
            },
            stale: a.stale || b.stale,
        })
        .unwrap_or(Freshness {
            observed_at: None,
            stale: false,
        })
}

/// Sort key, namespace and name (or the other way round), uid: unique, and the same for the same object.
type SortKey = (String, String, String, String);

/// Sorts objects that are all in memory, and cuts a page out of them.
fn page<T, N: OutputType>(
    mut rows: Vec<T>,
    args: PageArgs,
    direction: OrderDirection,
    seen: Seen,
    key: impl Fn(&T) -> SortKey,
    node: impl Fn(T) -> N,
) -> Result<Connection<String, N, Seen>> {
    match direction {
        OrderDirection::Asc => {
            let page = Page::<SortKey>::parse(args)?;
            rows.sort_by_cached_key(&key);
            Ok(page.connection(page.cut(rows, &key), seen, &key, node))
        }
        OrderDirection::Desc => {
            let key = |row: &T| Reverse(key(row));
            let page = Page::<Reverse<SortKey>>::parse(args)?;
            rows.sort_by_cached_key(key);
            Ok(page.connection(page.cut(rows, key), seen, key, node))
        }
    }
}

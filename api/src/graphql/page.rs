//! Pages of connections: exactly one of `first` and `last`, 20 when neither is given, never more than 100.

use async_graphql::{
    Object, ObjectType, OutputType,
    connection::{Connection, Edge},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait, Cursor, FromQueryResult, SelectModel, sea_query::IntoValueTuple};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, Result},
    locale::Text,
};

/// Items of a page when the caller does not say.
pub const DEFAULT_SIZE: u64 = 20;
/// Most items of a page.
pub const MAX_SIZE: u64 = 100;
/// First byte of a cursor, so that its form can change.
const CURSOR_VERSION: u8 = 1;

/// The arguments of a connection as they came.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// Items from the front.
    pub first: Option<i32>,
    /// Start behind this cursor.
    pub after: Option<String>,
    /// Items from the back.
    pub last: Option<i32>,
    /// End before this cursor.
    pub before: Option<String>,
}

/// A page to fetch, with cursors of type `K` (sort key and id).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<K> {
    /// Items wanted.
    pub size: u64,
    /// True when the page is counted from the back.
    pub backward: bool,
    /// Start behind this.
    pub after: Option<K>,
    /// End before this.
    pub before: Option<K>,
}

impl<K: DeserializeOwned> Page<K> {
    /// Checks the arguments. Out of range is an error, never clamped.
    ///
    /// # Errors
    /// BAD_USER_INPUT and BAD_CURSOR.
    #[expect(clippy::needless_pass_by_value, reason = "the arguments are used up")]
    pub fn parse(args: PageArgs) -> Result<Self> {
        let (backward, size) = match (args.first, args.last) {
            (Some(_), Some(_)) => {
                return Err(bad("Give either first or last, not both.", "last"));
            }
            (None, Some(n)) => (true, size(n, "last")?),
            (Some(n), None) => (false, size(n, "first")?),
            (None, None) => (false, DEFAULT_SIZE),
        };
        Ok(Self {
            size,
            backward,
            after: args.after.as_deref().map(decode_cursor).transpose()?,
            before: args.before.as_deref().map(decode_cursor).transpose()?,
        })
    }
}

impl<K> Page<K> {
    /// Builds the connection from up to `size + 1` rows in the order they are shown:
    /// the extra one only says that there are more.
    pub fn connection<T, N, C>(
        &self,
        mut rows: Vec<T>,
        fields: C,
        key: impl Fn(&T) -> K,
        node: impl Fn(T) -> N,
    ) -> Connection<String, N, C>
    where
        K: Serialize,
        N: OutputType,
        C: ObjectType,
    {
        let more = rows.len() as u64 > self.size;
        if more && self.backward {
            rows.remove(0);
        } else if more {
            rows.pop();
        }
        let (previous, next) = if self.backward {
            (more, self.before.is_some())
        } else {
            (self.after.is_some(), more)
        };
        let mut connection = Connection::with_additional_fields(previous, next, fields);
        connection.edges.extend(rows.into_iter().map(|row| {
            let cursor = encode_cursor(&key(&row));
            Edge::new(cursor, node(row))
        }));
        connection
    }

    /// Cuts the page out of rows that are all in memory and in order; one extra row is kept for `connection`.
    pub fn cut<T>(&self, rows: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T>
    where
        K: Ord,
    {
        let mut rows: Vec<T> = rows
            .into_iter()
            .filter(|r| self.after.as_ref().is_none_or(|after| key(r) > *after))
            .filter(|r| self.before.as_ref().is_none_or(|before| key(r) < *before))
            .collect();
        let keep = usize::try_from(self.size + 1).unwrap_or(usize::MAX);
        if self.backward {
            rows.drain(..rows.len().saturating_sub(keep));
        } else {
            rows.truncate(keep);
        }
        rows
    }
}

impl<K: Clone> Page<K> {
    /// Runs a keyset query for this page: one row more than wanted, in the order they are shown.
    ///
    /// # Errors
    /// The database's.
    pub async fn query<E>(
        &self,
        cursor: &mut Cursor<SelectModel<E>>,
        db: &impl ConnectionTrait,
    ) -> Result<Vec<E>>
    where
        E: FromQueryResult + Sized + Send + Sync,
        K: IntoValueTuple,
    {
        if let Some(after) = self.after.clone() {
            cursor.after(after);
        }
        if let Some(before) = self.before.clone() {
            cursor.before(before);
        }
        let cursor = if self.backward {
            cursor.last(self.size + 1)
        } else {
            cursor.first(self.size + 1)
        };
        Ok(cursor.all(db).await?)
    }
}

/// What a connection costs: one, and for each item it may hold a tenth of what the item's fields cost.
/// Sizes out of range are refused later; here they only must not wrap around.
pub fn price(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let asked = first
        .or(last)
        .map_or(DEFAULT_SIZE, |n| n.unsigned_abs().into());
    let size = usize::try_from(asked.clamp(1, MAX_SIZE)).unwrap_or(usize::MAX);
    (size.saturating_mul(child) / 10).saturating_add(1)
}

/// `totalCount` of a connection, counted only when asked for.
pub struct Total(Box<dyn Fn() -> BoxFuture<'static, Result<u64>> + Send + Sync>);

impl Total {
    /// A total that is known already.
    pub fn known(count: usize) -> Self {
        Self::counted(move || async move { Ok(count as u64) })
    }

    /// A total that is counted when asked for.
    pub fn counted<F>(count: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<u64>> + Send + 'static,
    {
        Self(Box::new(move || Box::pin(count())))
    }
}

#[Object]
impl Total {
    /// Number of items over all pages.
    #[graphql(complexity = 5)]
    async fn total_count(&self) -> async_graphql::Result<i32> {
        let count = (self.0)().await?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

fn size(n: i32, argument: &str) -> Result<u64> {
    match u64::try_from(n) {
        Ok(n) if (1..=MAX_SIZE).contains(&n) => Ok(n),
        _ => Err(bad(
            &format!("{argument} must be between 1 and {MAX_SIZE}."),
            argument,
        )),
    }
}

fn bad(message: &str, argument: &str) -> Error {
    Error::Invalid(Text::as_is(message.to_owned()), vec![argument.to_owned()])
}

/// Writes a cursor.
pub fn encode_cursor<K: Serialize>(key: &K) -> String {
    let json = serde_json::to_vec(key).expect("a cursor is plain data");
    URL_SAFE_NO_PAD.encode([&[CURSOR_VERSION][..], &json].concat())
}

/// Reads a cursor.
///
/// # Errors
/// BAD_CURSOR.
pub fn decode_cursor<K: DeserializeOwned>(cursor: &str) -> Result<K> {
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| Error::BadCursor)?;
    match bytes.split_first() {
        Some((&CURSOR_VERSION, json)) => serde_json::from_slice(json).map_err(|_| Error::BadCursor),
        _ => Err(Error::BadCursor),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(first: Option<i32>, last: Option<i32>, after: Option<String>) -> Result<Page<u32>> {
        Page::parse(PageArgs {
            first,
            after,
            last,
            before: None,
        })
    }

    #[test]
    fn sizes_out_of_range_are_refused_not_clamped() {
        for wrong in [0, -1, 101, i32::MIN] {
            assert!(matches!(
                page(Some(wrong), None, None),
                Err(Error::Invalid(..))
            ));
        }
        assert!(page(Some(1), Some(1), None).is_err());
        assert_eq!(page(None, None, None).map(|p| p.size).ok(), Some(20));
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for wrong in ["", "x", "AQ", "AjE"] {
            assert!(matches!(
                page(None, None, Some(wrong.into())),
                Err(Error::BadCursor)
            ));
        }
    }

    #[test]
    fn pages_meet_without_gap_or_overlap() {
        let rows: Vec<u32> = (0..7).collect();
        let first = page(Some(3), None, None).expect("page");
        assert_eq!(first.cut(rows.clone(), |r| *r), [0, 1, 2, 3]);
        let next = page(Some(3), None, Some(encode_cursor(&2_u32))).expect("page");
        assert_eq!(next.cut(rows.clone(), |r| *r), [3, 4, 5, 6]);
        let last = page(None, Some(2), None).expect("page");
        assert_eq!(last.cut(rows, |r| *r), [4, 5, 6]);
    }
}

//! Comments and replies, in batches.

use std::{collections::HashMap, sync::Arc};

use dataloader::{BatchFn, cached::Loader};
use entity::comment;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder,
    sea_query::{Alias, Asterisk, Expr, Func, Order, Query, WindowStatement},
};
use uuid::Uuid;

use crate::{
    error::Result,
    graphql::{Page, loader},
};

/// Cursor of a comment: when it was written, and its id.
pub type CommentKey = (chrono::DateTime<chrono::Utc>, Uuid);

/// The first page of the replies to a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct FirstReplies {
    comment: Uuid,
    size: u64,
}

/// What the boards load in batches.
#[derive(Clone)]
pub struct BoardLoaders {
    db: DatabaseConnection,
    comments: Loader<Uuid, loader::Loaded<comment::Model>, CommentBatch>,
    replies: Loader<FirstReplies, loader::Loaded<Vec<comment::Model>>, ReplyBatch>,
    reply_counts: Loader<Uuid, loader::Loaded<u64>, ReplyCountBatch>,
}

impl BoardLoaders {
    /// Empty loaders for one execution.
    pub fn new(db: &DatabaseConnection) -> Self {
        Self {
            db: db.clone(),
            comments: loader::cached(CommentBatch(db.clone())),
            replies: loader::cached(ReplyBatch(db.clone())),
            reply_counts: loader::cached(ReplyCountBatch(db.clone())),
        }
    }

    /// A comment by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn comment(&self, id: Uuid) -> Result<Option<Arc<comment::Model>>> {
        loader::load(&self.comments, id).await
    }

    /// A page of the replies to a comment, one more than wanted. First pages of many comments are one statement.
    ///
    /// # Errors
    /// The database's.
    pub async fn replies(
        &self,
        comment: Uuid,
        page: &Page<CommentKey>,
    ) -> Result<Vec<comment::Model>> {
        if page.backward || page.after.is_some() || page.before.is_some() {
            let mut cursor = comment::Entity::find()
                .filter(comment::Column::ReplyToId.eq(comment))
                .cursor_by((comment::Column::CreatedAt, comment::Column::Id));
            return page.query(&mut cursor, &self.db).await;
        }
        let key = FirstReplies {
            comment,
            size: page.size,
        };
        let rows = loader::load(&self.replies, key).await?;
        Ok(rows.map(|rows| (*rows).clone()).unwrap_or_default())
    }

    /// How many replies a comment has.
    ///
    /// # Errors
    /// The database's.
    pub async fn reply_count(&self, comment: Uuid) -> Result<u64> {
        let count = loader::load(&self.reply_counts, comment).await?;
        Ok(count.map_or(0, |n| *n))
    }
}

struct CommentBatch(DatabaseConnection);

impl BatchFn<Uuid, loader::Loaded<comment::Model>> for CommentBatch {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, loader::Loaded<comment::Model>> {
        let rows = comment::Entity::find()
            .filter(comment::Column::Id.is_in(keys.iter().copied()))
            .all(&self.0)
            .await;
        loader::by_key("comments", keys, rows, |row| row.id)
    }
}

struct ReplyBatch(DatabaseConnection);

impl ReplyBatch {
    /// The first `size + 1` replies of each comment, by a window function.
    async fn first(&self, comments: &[Uuid], size: u64) -> Result<Vec<comment::Model>, DbErr> {
        let rank = Alias::new("rank_in_comment");
        let window = WindowStatement::partition_by(comment::Column::ReplyToId)
            .order_by(comment::Column::CreatedAt, Order::Asc)
            .order_by(comment::Column::Id, Order::Asc)
            .take();
        let ranked = Query::select()
            .column(Asterisk)
            .expr_window_as(Func::cust("ROW_NUMBER"), window, rank.clone())
            .from(comment::Entity)
            .and_where(comment::Column::ReplyToId.is_in(comments.iter().copied()))
            .take();
        let statement = Query::select()
            .column(Asterisk)
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col(rank).lte(size + 1))
            .order_by(comment::Column::CreatedAt, Order::Asc)
            .order_by(comment::Column::Id, Order::Asc)
            .take();
        let statement = self.0.get_database_backend().build(&statement);
        comment::Model::find_by_statement(statement)
            .all(&self.0)
            .await
    }
}

impl BatchFn<FirstReplies, loader::Loaded<Vec<comment::Model>>> for ReplyBatch {
    async fn load(
        &mut self,
        keys: &[FirstReplies],
    ) -> HashMap<FirstReplies, loader::Loaded<Vec<comment::Model>>> {
        loader::count("replies", keys.len());
        let comments: Vec<Uuid> = keys.iter().map(|key| key.comment).collect();
        // A document asks for one size as a rule; with several, the largest serves all.
        let size = keys.iter().map(|key| key.size).max().unwrap_or_default();
        let rows = match self.first(&comments, size).await {
            Ok(rows) => rows,
            Err(e) => return loader::failed(keys, e),
        };
        let mut replies: HashMap<Uuid, Vec<comment::Model>> = HashMap::new();
        for row in rows {
            replies
                .entry(row.reply_to_id.unwrap_or_default())
                .or_default()
                .push(row);
        }
        keys.iter()
            .map(|key| {
                let mut rows = replies.get(&key.comment).cloned().unwrap_or_default();
                rows.truncate(usize::try_from(key.size + 1).unwrap_or(usize::MAX));
                (*key, Ok(Some(Arc::new(rows))))
            })
            .collect()
    }
}

#[derive(FromQueryResult)]
struct ReplyCount {
    reply_to_id: Uuid,
    replies: i64,
}

struct ReplyCountBatch(DatabaseConnection);

impl BatchFn<Uuid, loader::Loaded<u64>> for ReplyCountBatch {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, loader::Loaded<u64>> {
        use sea_orm::QuerySelect;
        loader::count("reply_counts", keys.len());
        let rows = comment::Entity::find()
            .select_only()
            .column(comment::Column::ReplyToId)
            .column_as(comment::Column::Id.count(), "replies")
            .filter(comment::Column::ReplyToId.is_in(keys.iter().copied()))
            .group_by(comment::Column::ReplyToId)
            .order_by_asc(comment::Column::ReplyToId)
            .into_model::<ReplyCount>()
            .all(&self.0)
            .await;
        match rows {
            Ok(rows) => {
                let mut counts: HashMap<Uuid, loader::Loaded<u64>> =
                    keys.iter().map(|key| (*key, Ok(None))).collect();
                for row in rows {
                    counts.insert(
                        row.reply_to_id,
                        Ok(Some(Arc::new(row.replies.unsigned_abs()))),
                    );
                }
                counts
            }
            Err(e) => loader::failed(keys, e),
        }
    }
}

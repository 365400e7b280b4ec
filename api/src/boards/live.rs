//! Comments of a post as they come.

use async_graphql::{Context, ID, SimpleObject, Subscription, Union};
use entity::comment;
use futures::{Stream, StreamExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{graphql::Comment, loader::CommentKey, service};
use crate::{
    app::App,
    error::Result,
    graphql::{
        NodeId,
        live::{Delete, Heartbeat, Resync},
        page::{MAX_SIZE, Page, PageArgs},
        stream::{Next, changes, ticks},
    },
    live::Topic,
    viewer::{Viewer, ViewerExt},
};

/// One step of `commentChanges`.
#[derive(Union)]
pub enum CommentChange {
    /// Where the stream starts.
    Snapshot(CommentSnapshot),
    /// A comment was written or edited.
    Upsert(CommentUpsert),
    /// A comment is gone, and its answers with it.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// The newest comments of a post.
#[derive(SimpleObject)]
pub struct CommentSnapshot {
    /// The newest 100 comments and answers, oldest first.
    items: Vec<Comment>,
    /// Where in the stream this stands.
    cursor: String,
}

/// A comment as it is now.
#[derive(SimpleObject)]
pub struct CommentUpsert {
    /// The comment.
    object: Comment,
    /// Where in the stream this stands.
    cursor: String,
}

/// Boards: subscriptions.
#[derive(Default)]
pub struct BoardSubscription;

#[Subscription]
impl BoardSubscription {
    /// The comments of a post: first a snapshot, then each comment as it is written or removed.
    async fn comment_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post to watch.")] post_id: ID,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<CommentChange>> + use<>>
    {
        // Comments are few: a snapshot is always cheaper than keeping a history for each post.
        let _ = after;
        let viewer = ctx.viewer()?.clone();
        let app = ctx.data_unchecked::<App>().clone();
        let post = NodeId::uuid(&post_id, "Post")?;
        let topics = app.live.subscribe();
        if service::find_post(&app.db, &viewer, post).await?.is_none() {
            return Err(service::no_such_post().into());
        }
        let steps = ticks(ctx, topics).then(move |next| {
            let (app, viewer) = (app.clone(), viewer.clone());
            async move { step(&app, &viewer, post, next).await }
        });
        Ok(changes(ctx, steps))
    }
}

/// What one thing that happened means for this viewer.
async fn step(app: &App, viewer: &Viewer, post: Uuid, next: Next) -> Result<Vec<CommentChange>> {
    Ok(match next {
        Next::Start => vec![snapshot(app, viewer, post).await?],
        Next::Gap(reason) => vec![
            CommentChange::Resync(Resync { reason }),
            snapshot(app, viewer, post).await?,
        ],
        Next::Beat(at) => vec![CommentChange::Heartbeat(Heartbeat {
            at,
            freshness: None,
        })],
        Next::Topic(Topic::Comment(of, id)) if of == post => {
            let found = service::find_comment(&app.db, viewer, id).await?;
            let upsert = found.map(|(row, _)| {
                CommentChange::Upsert(CommentUpsert {
                    cursor: cursor(id),
                    object: row.into(),
                })
            });
            upsert.into_iter().collect()
        }
        Next::Topic(Topic::CommentDeleted(of, id)) if of == post => {
            vec![CommentChange::Delete(Delete {
                id: NodeId::encode("Comment", id),
                cursor: cursor(id),
            })]
        }
        Next::Topic(_) => Vec::new(),
    })
}

async fn snapshot(app: &App, viewer: &Viewer, post: Uuid) -> Result<CommentChange> {
    if service::find_post(&app.db, viewer, post).await?.is_none() {
        return Err(service::post_gone());
    }
    let newest = PageArgs {
        last: i32::try_from(MAX_SIZE).ok(),
        ..PageArgs::default()
    };
    let page = Page::<CommentKey>::parse(newest)?;
    let mut all = comment::Entity::find()
        .filter(comment::Column::PostId.eq(post))
        .cursor_by((comment::Column::CreatedAt, comment::Column::Id));
    let mut rows = page.query(&mut all, &app.db).await?;
    if rows.len() as u64 > MAX_SIZE {
        rows.remove(0);
    }
    let last = rows.last().map(|row| row.id).unwrap_or_default();
    Ok(CommentChange::Snapshot(CommentSnapshot {
        items: rows.into_iter().map(Comment::from).collect(),
        cursor: cursor(last),
    }))
}

fn cursor(id: Uuid) -> String {
    crate::graphql::page::encode_cursor(&id)
}

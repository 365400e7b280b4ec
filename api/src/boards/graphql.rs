//! The boards in the schema.

use async_graphql::{
    ComplexObject, Context, Enum, ID, Object, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::{comment, post};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{
    loader::{BoardLoaders, CommentKey},
    service,
};
use crate::{
    app::App,
    graphql::{NodeId, Page, PageArgs, Total, page::price},
    users::graphql::{User, author},
    viewer::ViewerExt,
};

/// Cursor of a post: when it was written, and its id.
type PostKey = (DateTime<Utc>, uuid::Uuid);

/// The two boards.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "post::Board")]
pub enum BoardKind {
    /// Written by admins for everybody.
    Notice,
    /// Written by anybody for the admins: a member sees their own.
    Request,
}

/// A board.
pub struct Board(post::Board);

/// A board.
#[Object]
impl Board {
    /// Which board this is.
    async fn kind(&self) -> BoardKind {
        self.0.into()
    }

    /// True when you may write on it.
    async fn may_post(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(service::may_post(ctx.viewer()?, self.0))
    }

    /// Its posts that you may see, newest first.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Post, Total>> {
        let page = Page::<PostKey>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let visible = service::visible_posts(ctx.viewer()?).filter(post::Column::Board.eq(self.0));
        let mut cursor = visible
            .clone()
            .cursor_by((post::Column::CreatedAt, post::Column::Id));
        let rows = page.query(cursor.desc(), &db).await?;
        let total = Total::counted(move || {
            let (visible, db) = (visible.clone(), db.clone());
            async move { Ok(visible.count(&db).await?) }
        });
        Ok(page.connection(rows, total, |row| (row.created_at, row.id), Post::from))
    }
}

/// A notice or a request.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Post {
    /// Opaque id.
    pub id: ID,
    /// The board it stands on.
    board: BoardKind,
    /// One line of plain text.
    title: String,
    /// Markdown.
    body: String,
    /// When it was written.
    created_at: DateTime<Utc>,
    /// When it was last edited.
    updated_at: DateTime<Utc>,
    /// How many comments it has, answers included.
    comment_count: i32,
    /// Grows with each edit.
    version: i32,
    #[graphql(skip)]
    row: post::Model,
}

impl From<post::Model> for Post {
    fn from(row: post::Model) -> Self {
        Self {
            id: NodeId::encode("Post", row.id),
            board: row.board.into(),
            title: row.title.clone(),
            body: row.body.clone(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            comment_count: row.comment_count,
            version: row.version,
            row,
        }
    }
}

/// Fields that are looked up.
#[ComplexObject]
impl Post {
    /// Who wrote it; null once the account was deleted.
    async fn author(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<User>> {
        author(ctx, self.row.author_id)
            .await
            .map_err(Into::into)
            .transpose()
    }

    /// True when you may edit or remove it.
    async fn may_edit(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(service::may_edit(ctx.viewer()?, self.row.author_id))
    }

    /// Its comments that are not answers themselves, oldest first.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Comment, Total>> {
        let page = Page::<CommentKey>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let top = comment::Entity::find()
            .filter(comment::Column::PostId.eq(self.row.id))
            .filter(comment::Column::ReplyToId.is_null());
        let mut cursor = top
            .clone()
            .cursor_by((comment::Column::CreatedAt, comment::Column::Id));
        let rows = page.query(&mut cursor, &db).await?;
        let total = Total::counted(move || {
            let (top, db) = (top.clone(), db.clone());
            async move { Ok(top.count(&db).await?) }
        });
        Ok(page.connection(rows, total, comment_key, Comment::from))
    }
}

/// A comment or an answer to one.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct Comment {
    /// Opaque id.
    pub id: ID,
    /// Markdown.
    body: String,
    /// When it was written.
    created_at: DateTime<Utc>,
    /// When it was last edited.
    updated_at: DateTime<Utc>,
    #[graphql(skip)]
    row: comment::Model,
}

impl From<comment::Model> for Comment {
    fn from(row: comment::Model) -> Self {
        Self {
            id: NodeId::encode("Comment", row.id),
            body: row.body.clone(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            row,
        }
    }
}

/// Fields that are looked up.
#[ComplexObject]
impl Comment {
    /// Who wrote it; null once the account was deleted.
    async fn author(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<User>> {
        author(ctx, self.row.author_id)
            .await
            .map_err(Into::into)
            .transpose()
    }

    /// True when you may remove it.
    async fn may_delete(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(service::may_edit(ctx.viewer()?, self.row.author_id))
    }

    /// The comment it answers; null when it is not an answer.
    async fn reply_to(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Comment>> {
        let id = self.row.reply_to_id?;
        let found = ctx.data_unchecked::<BoardLoaders>().comment(id).await;
        found
            .map(|row| row.map(|row| Comment::from((*row).clone())))
            .map_err(Into::into)
            .transpose()
    }

    /// Its answers, oldest first.
    #[graphql(complexity = "price(first, last, child_complexity)")]
    async fn replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Comment, Total>> {
        let page = Page::<CommentKey>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let loaders = ctx.data_unchecked::<BoardLoaders>().clone();
        let id = self.row.id;
        let rows = loaders.replies(id, &page).await?;
        let total = Total::counted(move || {
            let loaders = loaders.clone();
            async move { loaders.reply_count(id).await }
        });
        Ok(page.connection(rows, total, comment_key, Comment::from))
    }
}

fn comment_key(row: &comment::Model) -> CommentKey {
    (row.created_at, row.id)
}

/// Boards: queries.
#[derive(Default)]
pub struct BoardQuery;

#[Object]
impl BoardQuery {
    /// A board.
    async fn board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which board.")] kind: BoardKind,
    ) -> async_graphql::Result<Board> {
        ctx.viewer()?;
        Ok(Board(kind.into()))
    }

    /// A post; null when there is none with this id that you may see.
    async fn post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the post.")] id: ID,
    ) -> async_graphql::Result<Option<Post>> {
        let viewer = ctx.viewer()?;
        let Ok(id) = NodeId::uuid(&id, "Post") else {
            return Ok(None);
        };
        let db = &ctx.data_unchecked::<App>().db;
        Ok(service::find_post(db, viewer, id).await?.map(Post::from))
    }
}

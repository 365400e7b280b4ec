//! Writing on the boards: each resolver parses, looks up, asks for leave, does, commits.

use async_graphql::{Context, ID, Object};
use entity::{comment, post};

use super::{
    graphql::{Comment, Post},
    input::{
        CreateCommentInput, CreateCommentPayload, CreatePostInput, CreatePostPayload,
        DeleteCommentInput, DeleteCommentPayload, DeletePostInput, DeletePostPayload,
        UpdatePostInput, UpdatePostPayload,
    },
    service::{self, PostEdit},
    text::{CommentBody, PostBody, Title},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome},
    text,
    viewer::{Viewer, ViewerExt},
};

/// Boards: mutations.
#[derive(Default)]
pub struct BoardMutation;

#[Object]
impl BoardMutation {
    /// Writes a post. Notices are for those who may write them.
    async fn create_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new post.")] input: CreatePostInput,
    ) -> async_graphql::Result<CreatePostPayload> {
        let made = create_post(ctx.data_unchecked(), ctx.viewer()?, &Actor::of(ctx), input).await;
        let Outcome { value, errors } = Outcome::of(made)?;
        Ok(CreatePostPayload {
            post: value.map(Post::from),
            errors,
        })
    }

    /// Edits a post of yours; admins edit any.
    async fn update_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdatePostInput,
    ) -> async_graphql::Result<UpdatePostPayload> {
        let changed = update_post(ctx.data_unchecked(), ctx.viewer()?, input).await;
        let Outcome { value, errors } = Outcome::of(changed)?;
        Ok(UpdatePostPayload {
            post: value.map(Post::from),
            errors,
        })
    }

    /// Removes a post of yours with its comments; admins remove any.
    async fn delete_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post to remove.")] input: DeletePostInput,
    ) -> async_graphql::Result<DeletePostPayload> {
        let removed = delete_post(
            ctx.data_unchecked(),
            ctx.viewer()?,
            &Actor::of(ctx),
            &input.id,
        )
        .await;
        let Outcome { value, errors } = Outcome::of(removed)?;
        Ok(DeletePostPayload {
            deleted_id: value.map(|()| input.id),
            errors,
        })
    }

    /// Writes a comment on a post you may see.
    async fn create_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new comment.")] input: CreateCommentInput,
    ) -> async_graphql::Result<CreateCommentPayload> {
        let made = create_comment(ctx.data_unchecked(), ctx.viewer()?, input).await;
        let Outcome { value, errors } = Outcome::of(made)?;
        Ok(CreateCommentPayload {
            comment: value.map(Comment::from),
            errors,
        })
    }

    /// Removes a comment of yours with its answers; admins remove any.
    async fn delete_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment to remove.")] input: DeleteCommentInput,
    ) -> async_graphql::Result<DeleteCommentPayload> {
        let removed = delete_comment(
            ctx.data_unchecked(),
            ctx.viewer()?,
            &Actor::of(ctx),
            &input.id,
        )
        .await;
        let Outcome { value, errors } = Outcome::of(removed)?;
        Ok(DeleteCommentPayload {
            deleted_id: value.map(|()| input.id),
            errors,
        })
    }
}

fn comment_gone() -> Error {
    Error::NotFound(text!(
        "There is no comment with this id.",
        "이 id의 댓글이 없습니다."
    ))
}

async fn create_post(
    app: &App,
    viewer: &Viewer,
    by: &Actor,
    input: CreatePostInput,
) -> Result<post::Model> {
    let (title, body) = (Title::parse(&input.title)?, PostBody::parse(&input.body)?);
    let key = input
        .client_mutation_id
        .map(|id| format!("createPost:{id}"));
    let now = app.clock.now();
    let txn = app.begin().await?;
    if let Some(id) = service::earlier_result(&*txn, now, viewer, key.as_deref()).await? {
        return service::find_post(&*txn, viewer, id)
            .await?
            .ok_or_else(service::no_such_post);
    }
    let board = input.board.into();
    let post = service::create_post(&*txn, &app.clock, viewer, board, title, body).await?;
    service::remember_result(&*txn, now, viewer, key.as_deref(), post.id).await?;
    if post.board == post::Board::Notice {
        let event = Event::done(Action::NoticeCreate, post.title.as_str());
        audit::record(&*txn, &app.clock, by, event).await?;
    }
    txn.commit().await?;
    Ok(post)
}

async fn update_post(app: &App, viewer: &Viewer, input: UpdatePostInput) -> Result<post::Model> {
    let edit = PostEdit {
        title: input.title.as_deref().map(Title::parse).transpose()?,
        body: input.body.as_deref().map(PostBody::parse).transpose()?,
        expected_version: input.expected_version,
    };
    let id = NodeId::uuid(&input.id, "Post")?;
    let txn = app.begin().await?;
    let post = service::find_post(&*txn, viewer, id)
        .await?
        .ok_or_else(service::no_such_post)?;
    let post = service::update_post(&*txn, app.clock.now(), viewer, &post, edit).await?;
    txn.commit().await?;
    Ok(post)
}

async fn delete_post(app: &App, viewer: &Viewer, by: &Actor, id: &ID) -> Result<()> {
    let id = NodeId::uuid(id, "Post")?;
    let txn = app.begin().await?;
    let post = service::find_post(&*txn, viewer, id)
        .await?
        .ok_or_else(service::no_such_post)?;
    service::delete_post(&*txn, viewer, &post).await?;
    let event = Event::done(Action::PostDelete, post.title.as_str());
    audit::record(&*txn, &app.clock, by, event).await?;
    Ok(txn.commit().await?)
}

async fn create_comment(
    app: &App,
    viewer: &Viewer,
    input: CreateCommentInput,
) -> Result<comment::Model> {
    let body = CommentBody::parse(&input.body)?;
    let post_id = NodeId::uuid(&input.post_id, "Post")?;
    let reply_to = input
        .reply_to_id
        .map(|id| NodeId::uuid(&id, "Comment"))
        .transpose()?;
    let key = input
        .client_mutation_id
        .map(|id| format!("createComment:{id}"));
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    if let Some(id) = service::earlier_result(&*tx, now, viewer, key.as_deref()).await? {
        let found = service::find_comment(&*tx, viewer, id).await?;
        return found.map(|(comment, _)| comment).ok_or_else(comment_gone);
    }
    let post = service::find_post(&*tx, viewer, post_id)
        .await?
        .ok_or_else(service::no_such_post)?;
    let comment =
        service::create_comment(&mut tx, &app.clock, viewer, &post, reply_to, body).await?;
    service::remember_result(&*tx, now, viewer, key.as_deref(), comment.id).await?;
    tx.commit().await?;
    Ok(comment)
}

async fn delete_comment(app: &App, viewer: &Viewer, by: &Actor, id: &ID) -> Result<()> {
    let id = NodeId::uuid(id, "Comment")?;
    let mut tx = app.begin().await?;
    let found = service::find_comment(&*tx, viewer, id).await?;
    let (comment, _) = found.ok_or_else(comment_gone)?;
    service::delete_comment(&mut tx, viewer, &comment).await?;
    let event = Event::done(Action::CommentDelete, "");
    audit::record(&*tx, &app.clock, by, event).await?;
    Ok(tx.commit().await?)
}

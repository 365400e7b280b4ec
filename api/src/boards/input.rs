//! Inputs and payloads of the boards' mutations.

use async_graphql::{ID, InputObject, SimpleObject};

use super::graphql::{BoardKind, Comment, Post};
use crate::graphql::UserError;

/// A new post.
#[derive(InputObject)]
pub struct CreatePostInput {
    /// The board to write on.
    pub board: BoardKind,
    /// One line of plain text, at most 200 characters.
    pub title: String,
    /// Markdown, at most 20,000 characters.
    pub body: String,
    /// Any text of yours: a second try with the same one makes no second post (kept for 24 hours).
    pub client_mutation_id: Option<String>,
}

/// Answer of `createPost`.
#[derive(SimpleObject)]
pub struct CreatePostPayload {
    /// The post; null when none was made.
    pub post: Option<Post>,
    /// Why none was made.
    pub errors: Vec<UserError>,
}

/// An edit of a post; what is left out stays as it is.
#[derive(InputObject)]
pub struct UpdatePostInput {
    /// The post.
    pub id: ID,
    /// New title.
    pub title: Option<String>,
    /// New text.
    pub body: Option<String>,
    /// The version you saw; another one is a CONFLICT.
    pub expected_version: i32,
}

/// Answer of `updatePost`.
#[derive(SimpleObject)]
pub struct UpdatePostPayload {
    /// The post; null when nothing was changed.
    pub post: Option<Post>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A post to remove.
#[derive(InputObject)]
pub struct DeletePostInput {
    /// The post.
    pub id: ID,
}

/// Answer of `deletePost`.
#[derive(SimpleObject)]
pub struct DeletePostPayload {
    /// Id of the post that is gone; null when nothing was removed.
    pub deleted_id: Option<ID>,
    /// Why nothing was removed.
    pub errors: Vec<UserError>,
}

/// A new comment.
#[derive(InputObject)]
pub struct CreateCommentInput {
    /// The post to comment on.
    pub post_id: ID,
    /// The comment it answers; that one must not be an answer itself.
    pub reply_to_id: Option<ID>,
    /// Markdown, at most 5,000 characters.
    pub body: String,
    /// Any text of yours: a second try with the same one makes no second comment (kept for 24 hours).
    pub client_mutation_id: Option<String>,
}

/// Answer of `createComment`.
#[derive(SimpleObject)]
pub struct CreateCommentPayload {
    /// The comment; null when none was made.
    pub comment: Option<Comment>,
    /// Why none was made.
    pub errors: Vec<UserError>,
}

/// A comment to remove, with its answers.
#[derive(InputObject)]
pub struct DeleteCommentInput {
    /// The comment.
    pub id: ID,
}

/// Answer of `deleteComment`.
#[derive(SimpleObject)]
pub struct DeleteCommentPayload {
    /// Id of the comment that is gone; null when nothing was removed.
    pub deleted_id: Option<ID>,
    /// Why nothing was removed.
    pub errors: Vec<UserError>,
}

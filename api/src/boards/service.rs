//! What can be done on the boards. Rights of writers are checked here, because they depend on the post.

use chrono::{DateTime, Utc};
use entity::{
    comment, idempotency_key,
    post::{self, Board},
    user_right::Right,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    ExprTrait, QueryFilter, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::text::{CommentBody, PostBody, Title};
use crate::{
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    locale::Text,
    text,
    viewer::Viewer,
};

/// How long an answer is kept for a client that tries again.
const IDEMPOTENCY_LIFE: chrono::Duration = chrono::Duration::hours(24);
/// Longest `clientMutationId`.
const MAX_KEY: usize = 100;

/// The posts a viewer may see: all notices, their own requests, and for admins all requests.
pub fn visible_posts(viewer: &Viewer) -> Select<post::Entity> {
    let posts = post::Entity::find();
    if viewer.is_admin() {
        return posts;
    }
    posts.filter(
        Condition::any()
            .add(post::Column::Board.eq(Board::Notice))
            .add(post::Column::AuthorId.eq(viewer.user_id)),
    )
}

/// One post the viewer may see.
///
/// # Errors
/// The database's.
pub async fn find_post(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: Uuid,
) -> Result<Option<post::Model>> {
    let by_id = visible_posts(viewer).filter(post::Column::Id.eq(id));
    Ok(by_id.one(db).await?)
}

/// One comment of a post the viewer may see, with that post.
///
/// # Errors
/// The database's.
pub async fn find_comment(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: Uuid,
) -> Result<Option<(comment::Model, post::Model)>> {
    let Some(comment) = comment::Entity::find_by_id(id).one(db).await? else {
        return Ok(None);
    };
    let post = find_post(db, viewer, comment.post_id).await?;
    Ok(post.map(|post| (comment, post)))
}

/// True when the viewer may write on a board.
pub fn may_post(viewer: &Viewer, board: Board) -> bool {
    board == Board::Request || viewer.has(Right::NoticesWrite)
}

/// True when the viewer may change or remove what `author` wrote.
pub fn may_edit(viewer: &Viewer, author: Option<Uuid>) -> bool {
    viewer.is_admin() || author == Some(viewer.user_id)
}

/// Stores a post.
///
/// # Errors
/// FORBIDDEN on a board the viewer may not write on.
pub async fn create_post(
    txn: &impl ConnectionTrait,
    clock: &Clock,
    viewer: &Viewer,
    board: Board,
    title: Title,
    body: PostBody,
) -> Result<post::Model> {
    if !may_post(viewer, board) {
        return Err(Error::Forbidden(text!(
            "You may not write notices: ask an admin to tick that box.",
            "공지를 쓸 권한이 없습니다. 관리자에게 권한을 요청하세요."
        )));
    }
    let now = clock.now();
    let row = post::ActiveModel {
        id: Set(clock.new_id()),
        board: Set(board),
        title: Set(title.into_string()),
        body: Set(body.into_string()),
        author_id: Set(Some(viewer.user_id)),
        comment_count: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(row.insert(txn).await?)
}

/// What an edit changes; `None` stays as it is.
pub struct PostEdit {
    /// New title.
    pub title: Option<Title>,
    /// New text.
    pub body: Option<PostBody>,
    /// The version the editor saw.
    pub expected_version: i32,
}

/// Edits a post, unless somebody else did so since.
///
/// # Errors
/// FORBIDDEN, or CONFLICT when the version is another one.
pub async fn update_post(
    txn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    viewer: &Viewer,
    post: &post::Model,
    edit: PostEdit,
) -> Result<post::Model> {
    if !may_edit(viewer, post.author_id) {
        return Err(Error::Forbidden(text!(
            "Only the author or an admin edits a post.",
            "글은 작성자나 관리자만 수정할 수 있습니다."
        )));
    }
    let mut update = post::Entity::update_many()
        .col_expr(
            post::Column::Version,
            Expr::value(edit.expected_version.saturating_add(1)),
        )
        .col_expr(post::Column::UpdatedAt, Expr::value(now))
        .filter(post::Column::Id.eq(post.id))
        .filter(post::Column::Version.eq(edit.expected_version));
    if let Some(title) = edit.title {
        update = update.col_expr(post::Column::Title, Expr::value(title.into_string()));
    }
    if let Some(body) = edit.body {
        update = update.col_expr(post::Column::Body, Expr::value(body.into_string()));
    }
    if update.exec(txn).await?.rows_affected == 0 {
        return Err(Error::Conflict(
            text!(
                "Somebody else edited this post: look at it again before you save.",
                "다른 사람이 이 글을 수정했습니다. 다시 확인한 뒤 저장하세요."
            ),
            vec!["input".into(), "expectedVersion".into()],
        ));
    }
    find_post(txn, viewer, post.id).await?.ok_or_else(post_gone)
}

/// An id names no post that the asker may see.
pub fn no_such_post() -> Error {
    Error::NotFound(text!(
        "There is no post with this id.",
        "이 id의 글이 없습니다."
    ))
}

/// A post went away while somebody worked with it.
pub fn post_gone() -> Error {
    Error::NotFound(text!("The post is gone.", "글이 삭제되었습니다."))
}

/// Removes a post with its comments.
///
/// # Errors
/// FORBIDDEN.
pub async fn delete_post(
    txn: &impl ConnectionTrait,
    viewer: &Viewer,
    post: &post::Model,
) -> Result<()> {
    if !may_edit(viewer, post.author_id) {
        return Err(Error::Forbidden(text!(
            "Only the author or an admin removes a post.",
            "글은 작성자나 관리자만 지울 수 있습니다."
        )));
    }
    post::Entity::delete_by_id(post.id).exec(txn).await?;
    Ok(())
}

/// Stores a comment on a post the viewer may see.
///
/// # Errors
/// BAD_USER_INPUT when it answers a reply, or a comment of another post.
pub async fn create_comment(
    tx: &mut Tx,
    clock: &Clock,
    viewer: &Viewer,
    post: &post::Model,
    reply_to: Option<Uuid>,
    body: CommentBody,
) -> Result<comment::Model> {
    if let Some(id) = reply_to {
        let answered = comment::Entity::find_by_id(id).one(&**tx).await?;
        let fits = answered.is_some_and(|c| c.post_id == post.id && c.reply_to_id.is_none());
        if !fits {
            return Err(Error::invalid(
                "replyToId",
                text!(
                    "Answer a comment of this post that is not itself an answer.",
                    "이 글의 댓글에만 답글을 달 수 있습니다. 답글에는 달 수 없습니다."
                ),
            ));
        }
    }
    let now = clock.now();
    let row = comment::ActiveModel {
        id: Set(clock.new_id()),
        post_id: Set(post.id),
        reply_to_id: Set(reply_to),
        author_id: Set(Some(viewer.user_id)),
        body: Set(body.into_string()),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let comment = row.insert(&**tx).await?;
    add_to_count(&**tx, post.id, 1).await?;
    tx.announce(Topic::Comment(post.id, comment.id));
    Ok(comment)
}

/// Removes a comment with its replies.
///
/// # Errors
/// FORBIDDEN.
pub async fn delete_comment(tx: &mut Tx, viewer: &Viewer, comment: &comment::Model) -> Result<()> {
    if !may_edit(viewer, comment.author_id) {
        return Err(Error::Forbidden(text!(
            "Only the author or an admin removes a comment.",
            "댓글은 작성자나 관리자만 지울 수 있습니다."
        )));
    }
    // Answers first: rows that a foreign key takes along are not counted.
    let answers = comment::Entity::delete_many()
        .filter(comment::Column::ReplyToId.eq(comment.id))
        .exec(&**tx)
        .await?
        .rows_affected;
    let itself = comment::Entity::delete_by_id(comment.id)
        .exec(&**tx)
        .await?
        .rows_affected;
    let removed = i32::try_from(answers + itself).unwrap_or(i32::MAX);
    add_to_count(&**tx, comment.post_id, -removed).await?;
    tx.announce(Topic::CommentDeleted(comment.post_id, comment.id));
    Ok(())
}

/// What an earlier try of the same create made, if there was one.
///
/// # Errors
/// BAD_USER_INPUT for a key that is too long.
pub async fn earlier_result(
    txn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    viewer: &Viewer,
    key: Option<&str>,
) -> Result<Option<Uuid>> {
    let Some(key) = key else { return Ok(None) };
    if key.is_empty() || key.len() > MAX_KEY || key.contains('\0') {
        return Err(Error::invalid(
            "clientMutationId",
            Text::as_is(format!("Use 1 to {MAX_KEY} bytes.")),
        ));
    }
    idempotency_key::Entity::delete_many()
        .filter(idempotency_key::Column::CreatedAt.lte(now - IDEMPOTENCY_LIFE))
        .exec(txn)
        .await?;
    let found = idempotency_key::Entity::find_by_id((viewer.user_id, key.to_owned()));
    Ok(found.one(txn).await?.map(|row| row.result_id))
}

/// Remembers what a create made, for a client that tries again.
///
/// # Errors
/// CONFLICT when the same create runs at the same moment.
pub async fn remember_result(
    txn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    viewer: &Viewer,
    key: Option<&str>,
    result: Uuid,
) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    let row = idempotency_key::ActiveModel {
        user_id: Set(viewer.user_id),
        key: Set(key.to_owned()),
        result_id: Set(result),
        created_at: Set(now),
    };
    match row.insert(txn).await {
        Ok(_) => Ok(()),
        Err(e)
            if matches!(
                e.sql_err(),
                Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
            ) =>
        {
            Err(Error::Conflict(
                text!(
                    "The same mutation runs right now: try again to get its answer.",
                    "같은 요청이 처리되고 있습니다. 다시 시도하면 결과를 받습니다."
                ),
                vec!["input".into(), "clientMutationId".into()],
            ))
        }
        Err(e) => Err(e.into()),
    }
}

async fn add_to_count(txn: &impl ConnectionTrait, post: Uuid, by: i32) -> Result<()> {
    post::Entity::update_many()
        .col_expr(
            post::Column::CommentCount,
            Expr::col(post::Column::CommentCount).add(by),
        )
        .filter(post::Column::Id.eq(post))
        .exec(txn)
        .await?;
    Ok(())
}

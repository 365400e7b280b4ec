//! Comments under a post, with one level of replies.

use sea_orm::entity::prelude::*;

/// A row of `comments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The post it belongs to.
    pub post_id: Uuid,
    /// The top-level comment it answers, if it is a reply.
    pub reply_to_id: Option<Uuid>,
    /// Empty once the author's account was deleted.
    pub author_id: Option<Uuid>,
    /// Markdown.
    pub body: String,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

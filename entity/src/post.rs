//! Notices and requests.

use sea_orm::entity::prelude::*;

/// The two boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum Board {
    /// Written by admins for everybody.
    #[sea_orm(string_value = "notice")]
    Notice,
    /// Written by anybody for the admins.
    #[sea_orm(string_value = "request")]
    Request,
}

/// A row of `posts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The board it stands on.
    pub board: Board,
    /// One line of plain text.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Empty once the author's account was deleted.
    pub author_id: Option<Uuid>,
    /// Number of comments, kept by whoever adds or removes one.
    pub comment_count: i32,
    /// Grows with each edit.
    pub version: i32,
    /// When it was written.
    pub created_at: DateTimeUtc,
    /// When it was last edited.
    pub updated_at: DateTimeUtc,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

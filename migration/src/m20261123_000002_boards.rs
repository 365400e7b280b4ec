//! Posts and comments. A deleted author leaves their words behind, unsigned.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn author(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "author_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::SetNull)
        .take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("posts")
                .col(pk_uuid("id"))
                .col(string_len("board", 16))
                .col(string_len("title", 200))
                .col(text("body"))
                .col(uuid_null("author_id"))
                .col(integer("comment_count").default(0))
                .col(integer("version").default(1))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .foreign_key(&mut author("posts"))
                .take(),
        )
        .await?;
        m.create_index(
            Index::create()
                .name("posts_board_idx")
                .table("posts")
                .col("board")
                .col("created_at")
                .col("id")
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("comments")
                .col(pk_uuid("id"))
                .col(uuid("post_id"))
                .col(uuid_null("reply_to_id"))
                .col(uuid_null("author_id"))
                .col(text("body"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .foreign_key(&mut author("comments"))
                .foreign_key(
                    ForeignKey::create()
                        .from("comments", "post_id")
                        .to("posts", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("comments", "reply_to_id")
                        .to("comments", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .take(),
        )
        .await?;
        m.create_index(
            Index::create()
                .name("comments_post_idx")
                .table("comments")
                .col("post_id")
                .col("reply_to_id")
                .col("created_at")
                .col("id")
                .take(),
        )
        .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in ["comments", "posts"] {
            m.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

//! Passkeys, and the challenges that wait for an answer.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn belongs_to_user(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, "user_id")
        .to("users", "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("passkeys")
                .col(pk_uuid("id"))
                .col(uuid("user_id"))
                .col(blob("credential_id").unique_key())
                .col(blob("public_key"))
                .col(big_integer("sign_count"))
                .col(string_len("name", 100))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("last_used_at"))
                .foreign_key(&mut belongs_to_user("passkeys"))
                .take(),
        )
        .await?;
        m.create_index(
            Index::create()
                .name("passkeys_user_idx")
                .table("passkeys")
                .col("user_id")
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("passkey_challenges")
                .col(binary_len("digest", 32).primary_key())
                .col(uuid_null("user_id"))
                .col(timestamp_with_time_zone("expires_at"))
                .foreign_key(&mut belongs_to_user("passkey_challenges"))
                .take(),
        )
        .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in ["passkey_challenges", "passkeys"] {
            m.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

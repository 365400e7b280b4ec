//! Users, their sessions, and the answers of creates that may be retried.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("users")
                .col(pk_uuid("id"))
                .col(string_len_uniq("username", 64))
                .col(string_len("display_name", 100))
                .col(string_len_null("email", 254))
                .col(string_len("role", 16))
                .col(string_len("password_hash", 255))
                .col(boolean("must_change_password"))
                .col(timestamp_with_time_zone_null("password_expires_at"))
                .col(integer("failed_attempts").default(0))
                .col(timestamp_with_time_zone_null("locked_at"))
                .col(timestamp_with_time_zone_null("reset_requested_at"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("last_sign_in_at"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("sessions")
                .col(pk_uuid("id"))
                .col(uuid("user_id"))
                .col(binary_len("refresh_hash", 32))
                .col(binary_len_null("previous_hash", 32))
                .col(timestamp_with_time_zone("rotated_at"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(string_len("user_agent", 200))
                .col(string_len("address", 64))
                .foreign_key(
                    ForeignKey::create()
                        .from("sessions", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .take(),
        )
        .await?;
        m.create_index(
            Index::create()
                .name("sessions_user_idx")
                .table("sessions")
                .col("user_id")
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("idempotency_keys")
                .col(uuid("user_id"))
                .col(string_len("key", 160))
                .col(uuid("result_id"))
                .col(timestamp_with_time_zone("created_at"))
                .primary_key(Index::create().col("user_id").col("key"))
                .foreign_key(
                    ForeignKey::create()
                        .from("idempotency_keys", "user_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("sign_in_windows")
                .col(string_len("bucket", 200).primary_key())
                .col(timestamp_with_time_zone("started_at"))
                .col(integer("attempts"))
                .take(),
        )
        .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in ["sign_in_windows", "idempotency_keys", "sessions", "users"] {
            m.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

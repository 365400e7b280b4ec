//! Channels with their targets; incidents with their steps; the outbox.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn belongs(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    gone: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(to, "id")
        .on_delete(gone)
        .take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        use ForeignKeyAction::{Cascade, SetNull};
        m.create_table(
            Table::create()
                .table("channels")
                .col(pk_uuid("id"))
                .col(string_len_uniq("name", 100))
                .col(string_len("locale", 8))
                .col(boolean("enabled"))
                .col(integer("version").default(1))
                .col(timestamp_with_time_zone("created_at"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("channel_targets")
                .col(pk_uuid("id"))
                .col(uuid("channel_id"))
                .col(integer("position"))
                .col(json_binary("settings"))
                .col(blob_null("secret"))
                .col(text_null("disabled_reason"))
                .foreign_key(&mut belongs(
                    "channel_targets",
                    "channel_id",
                    "channels",
                    Cascade,
                ))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("incidents")
                .col(pk_uuid("id"))
                .col(integer_uniq("number"))
                .col(text_null("open_key").unique_key())
                .col(string_len("state", 16))
                .col(text("cluster"))
                .col(string_len("source", 16))
                .col(text_null("namespace"))
                .col(json_binary("finding"))
                .col(integer("seq"))
                .col(timestamp_with_time_zone("opened_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .col(timestamp_with_time_zone_null("closed_at"))
                .col(timestamp_with_time_zone_null("recovering_since"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("transitions")
                .col(pk_uuid("id"))
                .col(uuid("incident_id"))
                .col(integer("seq"))
                .col(string_len("kind", 16))
                .col(timestamp_with_time_zone("at"))
                .col(json_binary("finding"))
                .foreign_key(&mut belongs(
                    "transitions",
                    "incident_id",
                    "incidents",
                    Cascade,
                ))
                .index(Index::create().unique().col("incident_id").col("seq"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("deliveries")
                .col(pk_uuid("id"))
                .col(uuid("transition_id"))
                .col(uuid("incident_id"))
                .col(integer("seq"))
                .col(uuid_null("target_id"))
                .col(uuid_null("channel_id"))
                .col(text("target_hint"))
                .col(string_len("state", 16))
                .col(integer("attempts").default(0))
                .col(timestamp_with_time_zone("next_attempt_at"))
                .col(timestamp_with_time_zone_null("lease_until"))
                .col(integer("lease_token").default(0))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("delivered_at"))
                .col(text_null("error"))
                .foreign_key(&mut belongs(
                    "deliveries",
                    "transition_id",
                    "transitions",
                    Cascade,
                ))
                .foreign_key(&mut belongs(
                    "deliveries",
                    "incident_id",
                    "incidents",
                    Cascade,
                ))
                .foreign_key(&mut belongs(
                    "deliveries",
                    "target_id",
                    "channel_targets",
                    SetNull,
                ))
                .foreign_key(&mut belongs(
                    "deliveries",
                    "channel_id",
                    "channels",
                    SetNull,
                ))
                .index(
                    Index::create()
                        .unique()
                        .col("transition_id")
                        .col("target_id"),
                )
                .take(),
        )
        .await?;
        for (name, table, columns) in [
            (
                "channel_targets_channel_idx",
                "channel_targets",
                ["channel_id", "position"],
            ),
            ("incidents_state_idx", "incidents", ["state", "number"]),
            (
                "deliveries_due_idx",
                "deliveries",
                ["state", "next_attempt_at"],
            ),
            (
                "deliveries_incident_idx",
                "deliveries",
                ["incident_id", "seq"],
            ),
            ("deliveries_channel_idx", "deliveries", ["channel_id", "id"]),
        ] {
            let [first, second] = columns;
            let index = Index::create()
                .name(name)
                .table(table)
                .col(first)
                .col(second)
                .take();
            m.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "deliveries",
            "transitions",
            "incidents",
            "channel_targets",
            "channels",
        ] {
            m.drop_table(Table::drop().table(table).take()).await?;
        }
        Ok(())
    }
}

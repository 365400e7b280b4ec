//! Pages, groups and ticked boxes; API tokens; second factors; the audit log.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Columns that earlier tables gain: table, column.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        (
            "sessions",
            timestamp_with_time_zone_null("last_seen_at").take(),
        ),
        ("users", blob_null("totp_secret").take()),
        (
            "users",
            timestamp_with_time_zone_null("totp_enabled_at").take(),
        ),
        ("users", big_integer_null("totp_last_step").take()),
        ("users", boolean("locked_by_admin").default(false).take()),
        ("incidents", text_null("owner").take()),
    ]
}

/// A table of pairs, whose rows go with either side.
fn pairs(
    table: &'static str,
    left: (&'static str, &'static str),
    right: (&'static str, &'static str),
) -> TableCreateStatement {
    let mut create = Table::create();
    create.table(table);
    for (column, of) in [left, right] {
        create
            .col(uuid(column))
            .foreign_key(&mut belongs(table, column, of));
    }
    create
        .primary_key(Index::create().col(left.0).col(right.0))
        .take()
}

/// A table of named rights of a user or a group.
fn rights(table: &'static str, column: &'static str, of: &'static str) -> TableCreateStatement {
    Table::create()
        .table(table)
        .col(uuid(column))
        .col(string_len("right", 32))
        .primary_key(Index::create().col(column).col("right"))
        .foreign_key(&mut belongs(table, column, of))
        .take()
}

fn belongs(
    table: &'static str,
    column: &'static str,
    to: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(to, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index.take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            m.alter_table(Table::alter().table(table).add_column(column).take())
                .await?;
        }
        m.create_table(
            Table::create()
                .table("pages")
                .col(pk_uuid("id"))
                .col(string_len("name", 100))
                .col(text("url"))
                .col(string_len("host", 300))
                .col(text("path"))
                .col(text_null("icon"))
                .col(string_len("category", 60))
                .col(string_len("description", 300))
                .col(integer("position").default(0))
                .col(boolean("for_everyone").default(false))
                .col(text_null("runs_in"))
                .col(boolean("probed").default(true))
                .col(string_len("health", 16))
                .col(timestamp_with_time_zone_null("health_since"))
                .col(timestamp_with_time_zone_null("checked_at"))
                .col(text_null("problem"))
                .col(integer("failures").default(0))
                .col(text_null("discovered_from").unique_key())
                .col(integer("version").default(1))
                .col(timestamp_with_time_zone("created_at"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("groups")
                .col(pk_uuid("id"))
                .col(string_len_uniq("name", 60))
                .col(integer("version").default(1))
                .col(timestamp_with_time_zone("created_at"))
                .take(),
        )
        .await?;
        m.create_table(pairs(
            "group_members",
            ("group_id", "groups"),
            ("user_id", "users"),
        ))
        .await?;
        m.create_table(pairs(
            "user_pages",
            ("user_id", "users"),
            ("page_id", "pages"),
        ))
        .await?;
        m.create_table(pairs(
            "group_pages",
            ("group_id", "groups"),
            ("page_id", "pages"),
        ))
        .await?;
        m.create_table(rights("user_rights", "user_id", "users"))
            .await?;
        m.create_table(rights("group_rights", "group_id", "groups"))
            .await?;
        // Who was here before rights existed saw the cluster, and goes on seeing it.
        m.get_connection()
            .execute_unprepared(
                "INSERT INTO user_rights (user_id, \"right\") SELECT id, 'cluster_view' FROM users",
            )
            .await?;
        m.create_table(
            Table::create()
                .table("api_tokens")
                .col(pk_uuid("id"))
                .col(uuid("user_id"))
                .col(string_len("name", 100))
                .col(binary_len("hash", 32).unique_key())
                .col(string_len("hint", 16))
                .col(text("scopes"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("last_used_at"))
                .col(string_len_null("last_used_from", 64))
                .col(timestamp_with_time_zone("window_started_at"))
                .col(big_integer("spent").default(0))
                .foreign_key(&mut belongs("api_tokens", "user_id", "users"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("recovery_codes")
                .col(uuid("user_id"))
                .col(binary_len("hash", 32))
                .primary_key(Index::create().col("user_id").col("hash"))
                .foreign_key(&mut belongs("recovery_codes", "user_id", "users"))
                .take(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("audit_events")
                .col(pk_uuid("id"))
                .col(timestamp_with_time_zone("at"))
                .col(string_len("action", 40))
                .col(string_len("outcome", 8))
                .col(uuid_null("actor_id"))
                .col(string_len_null("actor", 64))
                .col(string_len_null("token", 100))
                .col(string_len("address", 64))
                .col(string_len_null("target", 300))
                .col(text_null("detail"))
                .col(string_len_null("request_id", 40))
                .take(),
        )
        .await?;
        for (name, table, columns) in [
            ("pages_host_idx", "pages", &["host"][..]),
            ("group_members_user_idx", "group_members", &["user_id"]),
            ("api_tokens_user_idx", "api_tokens", &["user_id"]),
            ("audit_events_at_idx", "audit_events", &["at", "id"]),
            (
                "audit_events_actor_idx",
                "audit_events",
                &["actor_id", "at"],
            ),
        ] {
            m.create_index(index(name, table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "audit_events",
            "recovery_codes",
            "api_tokens",
            "group_rights",
            "user_rights",
            "group_pages",
            "user_pages",
            "group_members",
            "groups",
            "pages",
        ] {
            m.drop_table(Table::drop().table(table).take()).await?;
        }
        for (table, column) in columns() {
            let name = column.get_column_name();
            m.alter_table(Table::alter().table(table).drop_column(name).take())
                .await?;
        }
        Ok(())
    }
}

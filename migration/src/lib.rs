//! The steps that bring a database to the shape `entity` describes. A released step is never edited.

pub use sea_orm_migration::prelude::*;

mod m20261123_000001_accounts;
mod m20261123_000002_boards;
mod m20261123_000003_alerts;
mod m20261123_000004_access;
mod m20261123_000005_passkeys;
mod m20261123_000006_restarts;

/// Runs the steps in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_accounts::Migration),
            Box::new(m20261123_000002_boards::Migration),
            Box::new(m20261123_000003_alerts::Migration),
            Box::new(m20261123_000004_access::Migration),
            Box::new(m20261123_000005_passkeys::Migration),
            Box::new(m20261123_000006_restarts::Migration),
        ]
    }
}

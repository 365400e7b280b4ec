//! A fresh database for each test, on SQLite and on PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;

/// A database of this test's own.
pub struct TestDb {
    /// What PORTHOLE_DATABASE_URL would hold.
    pub url: String,
    /// Where keys and files go; removed with this value.
    pub folder: TempDir,
}

/// A file in a new folder.
pub fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/porthole.db", folder.path().display());
    TestDb { url, folder }
}

/// A new database in the PostgreSQL that the set-up started.
pub async fn postgres() -> TestDb {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = crate::app::set_up("PORTHOLE_TEST_POSTGRES_URL");
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("porthole_{}_{number}", std::process::id());
    let admin = Database::connect(&server)
        .await
        .expect("PostgreSQL answers");
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database");
    admin.close().await.expect("closed");
    let mut url = url::Url::parse(&server).expect("a URL");
    url.set_path(&name);
    TestDb {
        url: url.into(),
        folder: tempfile::tempdir().expect("a folder"),
    }
}

/// Both, one after the other: a test of data runs on each.
pub async fn both() -> [TestDb; 2] {
    [sqlite(), postgres().await]
}

//! Opening the database: SQLite in one file for one process, PostgreSQL for several.

use std::{path::Path, time::Duration};

use anyhow::{Context, bail};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use crate::{config::Config, telemetry};

/// How long a request waits for a connection before it is told that the database does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a SQLite writer waits for another.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the database named by the settings.
///
/// # Errors
/// Says what is wrong with the folder, the file or the server, without the password.
pub async fn connect(config: &Config) -> anyhow::Result<DatabaseConnection> {
    let mut db = open(config).await?;
    db.set_metric_callback(|statement| telemetry::statement(statement.elapsed));
    Ok(db)
}

async fn open(config: &Config) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(&config.database_url);
    options
        .sqlx_logging(false)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT);
    if config.is_sqlite() {
        if let Some(file) = config.sqlite_file() {
            prepare_folder(&file)?;
            options.max_connections(8).min_connections(1);
        } else {
            // An in-memory database lives as long as its only connection.
            options
                .max_connections(1)
                .min_connections(1)
                .idle_timeout(None::<Duration>)
                .max_lifetime(None::<Duration>);
        }
        options.map_sqlx_sqlite_opts(|o| {
            o.create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(BUSY_TIMEOUT)
        });
        return Database::connect(options).await.with_context(|| {
            format!("cannot open the SQLite file of PORTHOLE_DATABASE_URL ({}): is it a Porthole database, and writable?", config.database_url)
        });
    }
    options
        .max_connections(20)
        .set_application_name("porthole")
        .statement_timeout(Duration::from_secs(15))
        .test_before_acquire_if_idle_for(Duration::from_secs(30));
    match Database::connect(options).await {
        Ok(db) => Ok(db),
        Err(e) => bail!(
            "cannot reach PostgreSQL at {}: {}. Check PORTHOLE_DATABASE_URL and that the server runs.",
            without_password(&config.database_url),
            e.to_string()
                .replace(&config.database_url, "the database URL")
        ),
    }
}

/// Starts a transaction that writes. SQLite takes the write lock at once: a reader that later wants to write would fail.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    if db.get_database_backend() == DbBackend::Sqlite {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        return db.begin_with_options(immediate).await;
    }
    db.begin().await
}

/// Makes the folder of a SQLite file and proves that it can be written to.
///
/// # Errors
/// Names the folder and what to do.
pub fn prepare_folder(file: &Path) -> anyhow::Result<()> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let advice = || {
        format!(
            "cannot write to the data folder {}: make it writable for this user, or name another file in PORTHOLE_DATABASE_URL",
            folder.display()
        )
    };
    std::fs::create_dir_all(folder).with_context(advice)?;
    tempfile_in(folder).with_context(advice)
}

/// Proves that the folder can be written to: SQLite's own message would not say which folder.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".porthole-{}", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

fn without_password(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut url) => {
            let _ = url.set_password(None);
            url.to_string()
        }
        Err(_) => "the given URL".to_owned(),
    }
}

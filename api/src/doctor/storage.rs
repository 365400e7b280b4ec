//! The database, what is sealed in it, and the channels that alerts go to.

use argon2::PasswordHash;
use entity::{channel, channel_target, user};
use migration::{Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, EntityTrait};

use super::Report;
use crate::{
    alerts::{diagnosis::Diagnosis, target},
    boot,
    config::Config,
    db,
    notify::Notifier,
    secrets::Secrets,
};

const PART: &str = "database";

pub(super) async fn examine(report: &mut Report, config: &Config) {
    // Connecting would make the file: a doctor makes nothing.
    if config.sqlite_file().is_some_and(|file| !file.exists()) {
        report.info(PART, "There is none yet: the first start makes it.", None);
        return;
    }
    let db = match db::connect(config).await {
        Ok(db) => db,
        Err(e) => return report.fail(PART, format!("{e:#}"), None),
    };
    let pending = match Migrator::get_pending_migrations(&db).await {
        Ok(pending) => pending.len(),
        Err(e) => return report.fail(PART, format!("It cannot be read: {e}"), None),
    };
    if pending > 0 {
        let message = format!(
            "{pending} steps behind this program: the next start brings it up, or porthole migrate."
        );
        return report.warn(PART, message, None);
    }
    report.ok(
        PART,
        format!("{:?}, up to date.", db.get_database_backend()),
    );
    passwords(report, &db).await;
    channels(report, &db, config).await;
}

/// A hash that no hashing makes never fits a password. The name is said, never the hash.
async fn passwords(report: &mut Report, db: &DatabaseConnection) {
    let Ok(users) = user::Entity::find().all(db).await else {
        return report.fail("passwords", "The accounts cannot be read.", None);
    };
    let is_bad = |user: &&user::Model| {
        let hash = user.password_hash.as_str();
        hash.chars().any(|c| c.is_control() || c.is_whitespace())
            || PasswordHash::new(hash).is_err()
    };
    let bad: Vec<&user::Model> = users.iter().filter(is_bad).collect();
    if bad.is_empty() {
        report.ok(
            "passwords",
            format!("{} accounts, every hash is one.", users.len()),
        );
    }
    for user in bad {
        let message = format!(
            "The stored hash of {} is polluted: no password fits it.",
            user.username
        );
        report.fail("passwords", message, Some(Diagnosis::PollutedPasswordHash));
    }
}

async fn channels(report: &mut Report, db: &DatabaseConnection, config: &Config) {
    let notifier = match Notifier::new(config) {
        Ok(notifier) => notifier,
        Err(e) => return report.fail("channels", format!("{e:#}"), None),
    };
    // Loading would make a key file where there is none.
    let keys = boot::key_file(config).ok().filter(|path| path.exists());
    let secrets = keys.and_then(|path| Secrets::load_or_create(&path).ok());
    let Some(secrets) = secrets else {
        return report.warn(
            "channels",
            "There is no key file to open their secrets with.",
            None,
        );
    };
    let (Ok(channels), Ok(targets)) = (
        channel::Entity::find().all(db).await,
        channel_target::Entity::find().all(db).await,
    ) else {
        return report.fail("channels", "They cannot be read.", None);
    };
    if channels.is_empty() {
        report.info(
            "channels",
            "There are none: nobody is told of incidents.",
            None,
        );
    }
    for channel in channels {
        for row in targets.iter().filter(|row| row.channel_id == channel.id) {
            let part = format!("channel {}", channel.name);
            let opened = match target::open(&secrets, row) {
                Ok(Some(opened)) => opened,
                Ok(None) => {
                    report.fail(&part, target::SEALED_ELSEWHERE, None);
                    continue;
                }
                Err(_) => {
                    report.fail(&part, "A target cannot be read.", None);
                    continue;
                }
            };
            let hint = opened.settings.hint();
            match notifier.check(&opened.target()).await {
                Ok(()) => report.ok(&part, format!("{hint} answers.")),
                Err(error) => report.fail(&part, format!("{hint}: {error}"), None),
            }
        }
    }
}

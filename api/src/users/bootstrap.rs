//! The first account.

use anyhow::{Context, bail};
use entity::user::{self, Role};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, PaginatorTrait};
use secrecy::{ExposeSecret, SecretString};

use super::{password, profile::Username, service};
use crate::{app::App, error::Error, locale::Locale};

/// Name of the first account.
const ADMIN: &str = "admin";

/// Makes `admin` when there is no account yet, and returns the password to print, if the server made one.
///
/// As long as nobody ever signed in, each start prints a fresh one: the first may have scrolled away.
///
/// # Errors
/// A password file that is empty or polluted, or the database's.
pub async fn bootstrap(app: &App) -> anyhow::Result<Option<SecretString>> {
    let users = user::Entity::find().count(&app.db).await?;
    if users == 0 {
        return create_admin(app).await;
    }
    let admin = service::find_by_name(&app.db, ADMIN)
        .await
        .map_err(Error::into_anyhow)?;
    match admin {
        Some(admin) if users == 1 && is_untouched(app, &admin) => reissue(app, admin).await,
        _ => Ok(None),
    }
}

async fn create_admin(app: &App) -> anyhow::Result<Option<SecretString>> {
    let chosen = chosen_password(app)?;
    let is_chosen = chosen.is_some();
    let secret = chosen.unwrap_or_else(password::temporary);
    let hash = password::hash(secret.clone())
        .await
        .map_err(Error::into_anyhow)?;
    let new = service::NewUser {
        username: Username::parse(ADMIN).map_err(Error::into_anyhow)?,
        display_name: "Admin".into(),
        email: None,
        role: Role::Admin,
        rights: Vec::new(),
    };
    let txn = app.begin().await?;
    match service::create(&*txn, &app.clock, new, hash).await {
        Ok(admin) if is_chosen => {
            let mut row = admin.into_active_model();
            row.must_change_password = Set(false);
            row.password_expires_at = Set(None);
            row.update(&*txn).await?;
        }
        Ok(_) => {}
        // Another replica was first, and prints its own.
        Err(Error::Conflict(..)) => return Ok(None),
        Err(e) => return Err(e.into_anyhow()),
    }
    txn.commit().await?;
    Ok((!is_chosen).then_some(secret))
}

async fn reissue(app: &App, admin: user::Model) -> anyhow::Result<Option<SecretString>> {
    let secret = password::temporary();
    let hash = password::hash(secret.clone())
        .await
        .map_err(Error::into_anyhow)?;
    let mut tx = app.begin().await?;
    service::set_temporary_password(&mut tx, &app.clock, admin, hash)
        .await
        .map_err(Error::into_anyhow)?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// With PostgreSQL another replica may just have printed the password: only an expired one is replaced there.
fn is_untouched(app: &App, admin: &user::Model) -> bool {
    let expired = admin
        .password_expires_at
        .is_some_and(|end| end <= app.clock.now());
    admin.last_sign_in_at.is_none()
        && admin.must_change_password
        && (app.config.is_sqlite() || expired)
}

fn chosen_password(app: &App) -> anyhow::Result<Option<SecretString>> {
    let Some(path) = &app.config.admin_password_file else {
        return Ok(None);
    };
    let text = std::fs::read_to_string(path).with_context(|| {
        format!(
            "PORTHOLE_ADMIN_PASSWORD_FILE: cannot read {}",
            path.display()
        )
    })?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() || text.chars().any(char::is_control) {
        bail!(
            "PORTHOLE_ADMIN_PASSWORD_FILE: {} must hold one line of text without control characters (terminal colours, for instance)",
            path.display()
        );
    }
    let secret = SecretString::from(text);
    if let Err(reason) = password::judge(&secret, app.config.password_min_length, &[ADMIN]) {
        let reason = reason.to(Locale::En);
        tracing::warn!("the admin's password from PORTHOLE_ADMIN_PASSWORD_FILE is weak: {reason}");
    }
    Ok(Some(secret))
}

/// The line that tells the password, once.
pub fn announcement(secret: &SecretString) -> String {
    format!(
        "Sign in as {ADMIN} with the single-use password: {}",
        secret.expose_secret()
    )
}

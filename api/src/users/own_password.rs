//! What asks for somebody's own password: to confirm who they are, and to change it.

use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use secrecy::SecretString;

use super::{
    password::{self, Verdict},
    service::find,
    session,
    sign_in::gone_meanwhile,
    throttle,
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    live::Topic,
    text,
    viewer::Viewer,
};

/// Takes one of the tries a signed-in person has to prove themselves again.
///
/// # Errors
/// RATE_LIMITED.
pub async fn take_try(app: &App, viewer: &Viewer) -> Result<()> {
    let bucket = [format!("again:{}", viewer.user_id)];
    let txn = app.begin().await?;
    let now = app.clock.now();
    let taken = throttle::take(&*txn, now, app.config.sign_in_per_minute, &bucket).await;
    txn.commit().await?;
    taken
}

/// The viewer's account, once they gave their password again. A stolen session must not be a way to guess it.
///
/// # Errors
/// BAD_USER_INPUT at `field` for a wrong one; RATE_LIMITED.
pub async fn confirm_password(
    app: &App,
    viewer: &Viewer,
    field: &str,
    password: SecretString,
) -> Result<user::Model> {
    take_try(app, viewer).await?;
    let user = find(&app.db, viewer.user_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let stored = Some(user.password_hash.clone());
    if password::verify(password, stored).await? == Verdict::Wrong {
        return Err(Error::invalid(
            field,
            text!(
                "This is not your current password.",
                "현재 비밀번호가 아닙니다."
            ),
        ));
    }
    Ok(user)
}

/// Changes the viewer's own password, and ends their other sessions.
///
/// # Errors
/// BAD_USER_INPUT when the old one is wrong or the new one weak.
pub async fn change_password(
    app: &App,
    viewer: &Viewer,
    by: &Actor,
    current: SecretString,
    new: SecretString,
) -> Result<user::Model> {
    let user = confirm_password(app, viewer, "currentPassword", current).await?;
    let stored = Some(user.password_hash.clone());
    let known = [
        user.username.as_str(),
        user.display_name.as_str(),
        "porthole",
    ];
    password::judge(&new, app.config.password_min_length, &known)
        .map_err(|message| Error::invalid("newPassword", message))?;
    if password::verify(new.clone(), stored).await? != Verdict::Wrong {
        return Err(Error::invalid(
            "newPassword",
            text!(
                "Choose a password that differs from the current one.",
                "현재 비밀번호와 다른 비밀번호를 고르세요."
            ),
        ));
    }
    let hash = password::hash(new).await?;
    let mut txn = app.begin().await?;
    let row = user::ActiveModel {
        id: Set(user.id),
        password_hash: Set(hash),
        must_change_password: Set(false),
        password_expires_at: Set(None),
        reset_requested_at: Set(None),
        ..Default::default()
    };
    let user = row.update(&*txn).await.map_err(gone_meanwhile)?;
    session::end_others(&*txn, user.id, viewer.session()).await?;
    let event = Event::done(Action::PasswordChange, &user.username);
    audit::record(&*txn, &app.clock, by, event).await?;
    txn.announce(Topic::User(user.id));
    txn.commit().await?;
    Ok(user)
}

//! The second factor: six digits of an authenticator (RFC 6238), or a recovery code when it is lost.
//!
//! The authenticator's secret is sealed. A code is taken once: the time step of the last one is kept and must grow, in
//! one statement, so that no replica takes it again. A wrong code counts as a wrong password does.

pub mod graphql;

use chrono::{DateTime, Utc};
use entity::{recovery_code, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, sea_query::Expr,
};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Secret, TOTP};

use crate::{
    app::App,
    error::{Error, Result},
    secrets::{Secrets, sha256},
    text,
};

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps that a clock may be off, either way.
const SKEW: i64 = 1;
/// Recovery codes of an account.
const RECOVERY_CODES: usize = 10;

/// What somebody scans or types into their authenticator.
pub struct Enrolment {
    /// `otpauth://` URI.
    pub uri: String,
    /// The secret in base32.
    pub secret: String,
}

/// How a code was right.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Passed {
    /// From the authenticator.
    Authenticator,
    /// A recovery code, which is used up now.
    Recovery,
}

/// Makes a secret. It is not in use before `confirm`.
///
/// # Errors
/// CONFLICT when the second factor is on already.
pub async fn start(app: &App, txn: &impl ConnectionTrait, user: user::Model) -> Result<Enrolment> {
    if user.totp_enabled_at.is_some() {
        return Err(Error::Conflict(
            text!(
                "The second factor is on already: turn it off first.",
                "2단계 인증이 이미 켜져 있습니다. 먼저 끄세요."
            ),
            vec!["input".into()],
        ));
    }
    let secret = Secret::Raw(rand::random::<[u8; 20]>().to_vec());
    let encoded = secret.to_encoded().to_string();
    let totp = authenticator(app, &user, &encoded)?;
    let uri = totp.get_url();
    let sealed = app
        .secrets
        .seal(user.id.as_bytes(), &SecretString::from(encoded.clone()));
    let mut row = user.into_active_model();
    row.totp_secret = Set(Some(sealed));
    row.update(txn).await?;
    Ok(Enrolment {
        uri,
        secret: encoded,
    })
}

/// Turns the second factor on, once a code shows that the authenticator has the secret; gives the recovery codes.
///
/// # Errors
/// BAD_USER_INPUT for a wrong code; CONFLICT without `start`.
pub async fn confirm(
    app: &App,
    txn: &impl ConnectionTrait,
    user: user::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<(user::Model, Vec<String>)> {
    if user.totp_enabled_at.is_some() || user.totp_secret.is_none() {
        return Err(Error::Conflict(
            text!(
                "Start again: there is no second factor to confirm.",
                "확인할 2단계 인증이 없습니다. 처음부터 다시 하세요."
            ),
            vec!["input".into()],
        ));
    }
    let Some(step) = matching_step(app, &user, code, now)? else {
        return Err(Error::invalid(
            "code",
            text!(
                "This code is not right: check the clock of your device, and wait for the next code.",
                "코드가 맞지 않습니다. 기기의 시계를 확인하고 다음 코드를 기다리세요."
            ),
        ));
    };
    let mut row = user.into_active_model();
    row.totp_enabled_at = Set(Some(now));
    row.totp_last_step = Set(Some(step));
    let user = row.update(txn).await?;
    let codes = renew_recovery_codes(txn, &user).await?;
    Ok((user, codes))
}

/// Checks a code at a sign-in, and uses it up. `None` when it is wrong or was used.
///
/// # Errors
/// The database's.
pub async fn check(
    app: &App,
    txn: &impl ConnectionTrait,
    user: &user::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<Passed>> {
    if let Some(step) = matching_step(app, user, code, now)? {
        let unused = Condition::any()
            .add(user::Column::TotpLastStep.is_null())
            .add(user::Column::TotpLastStep.lt(step));
        let taken = user::Entity::update_many()
            .col_expr(user::Column::TotpLastStep, Expr::value(step))
            .filter(user::Column::Id.eq(user.id))
            .filter(unused)
            .exec(txn)
            .await?;
        return Ok((taken.rows_affected == 1).then_some(Passed::Authenticator));
    }
    let used = recovery_code::Entity::delete_by_id((user.id, digest(code)))
        .exec(txn)
        .await?;
    Ok((used.rows_affected == 1).then_some(Passed::Recovery))
}

/// Turns the second factor off.
///
/// # Errors
/// The database's.
pub async fn disable(txn: &impl ConnectionTrait, user: user::Model) -> Result<user::Model> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user.id))
        .exec(txn)
        .await?;
    let mut row = user.into_active_model();
    row.totp_secret = Set(None);
    row.totp_enabled_at = Set(None);
    row.totp_last_step = Set(None);
    Ok(row.update(txn).await?)
}

/// Makes new recovery codes; the old ones no longer work.
///
/// # Errors
/// The database's.
pub async fn renew_recovery_codes(
    txn: &impl ConnectionTrait,
    user: &user::Model,
) -> Result<Vec<String>> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user.id))
        .exec(txn)
        .await?;
    let codes: Vec<String> = (0..RECOVERY_CODES)
        .map(|_| super::password::temporary().expose_secret().to_owned())
        .collect();
    let rows = codes.iter().map(|code| recovery_code::ActiveModel {
        user_id: Set(user.id),
        hash: Set(digest(code)),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(codes)
}

/// The time step a code belongs to; `None` for everything that is no code of now.
fn matching_step(
    app: &App,
    user: &user::Model,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    let secret = open(&app.secrets, user)?;
    let totp = authenticator(app, user, secret.expose_secret())?;
    let current = now.timestamp().div_euclid(STEP);
    let step = (current - SKEW..=current + SKEW).find(|step| {
        let expected = totp.generate(u64::try_from(step * STEP).unwrap_or_default());
        bool::from(expected.as_bytes().ct_eq(code.as_bytes()))
    });
    Ok(step)
}

fn open(secrets: &Secrets, user: &user::Model) -> Result<SecretString> {
    let sealed = user.totp_secret.as_deref().unwrap_or_default();
    secrets.open(user.id.as_bytes(), sealed).ok_or_else(|| {
        Error::Unavailable(
            text!("The second factor cannot be checked: the secret key file is another one. Ask whoever runs the server.", "비밀 키 파일이 달라 2단계 인증을 확인할 수 없습니다. 서버 관리자에게 문의하세요."),
        )
    })
}

fn authenticator(app: &App, user: &user::Model, secret: &str) -> Result<TOTP> {
    let bytes = Secret::Encoded(secret.to_owned())
        .to_bytes()
        .map_err(|e| anyhow::anyhow!("an authenticator's secret is damaged: {e:?}"))?;
    // The library refuses colons, which separate the two names in the URI.
    let issuer = app.config.name.replace(':', " ");
    TOTP::new(
        Algorithm::SHA1,
        6,
        1,
        STEP.unsigned_abs(),
        bytes,
        Some(issuer),
        user.username.clone(),
    )
    .map_err(|e| anyhow::anyhow!("an authenticator's secret is damaged: {e}").into())
}

/// Hash of a recovery code, however it was typed.
fn digest(code: &str) -> Vec<u8> {
    let code: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    sha256(code.as_bytes()).to_vec()
}

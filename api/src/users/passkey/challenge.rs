//! Challenges are rows: any replica takes the answer to one, once.

use chrono::{DateTime, Duration, Utc};
use entity::passkey_challenge;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use uuid::Uuid;

use crate::{
    error::Result,
    secrets::{random_token, sha256},
};

/// How long a challenge waits for its answer.
const LIFE: Duration = Duration::minutes(5);

/// Makes a challenge: for somebody who adds a passkey, or for whoever wants to sign in. Also removes old ones.
///
/// # Errors
/// The database's.
pub async fn make(
    txn: &impl ConnectionTrait,
    user: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<String> {
    passkey_challenge::Entity::delete_many()
        .filter(passkey_challenge::Column::ExpiresAt.lte(now))
        .exec(txn)
        .await?;
    let challenge = random_token::<32>();
    let row = passkey_challenge::ActiveModel {
        digest: Set(digest(&challenge)),
        user_id: Set(user),
        expires_at: Set(now + LIFE),
    };
    row.insert(txn).await?;
    Ok(challenge)
}

/// Uses a challenge up. False for one that was not made for this, is too old, or was answered before.
///
/// # Errors
/// The database's.
pub async fn take(
    db: &impl ConnectionTrait,
    challenge: &str,
    user: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let owner = passkey_challenge::Column::UserId;
    let taken = passkey_challenge::Entity::delete_by_id(digest(challenge))
        .filter(passkey_challenge::Column::ExpiresAt.gt(now))
        .filter(user.map_or_else(|| owner.is_null(), |user| owner.eq(user)))
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Forgets the challenges of somebody who adds passkeys.
///
/// # Errors
/// The database's.
pub async fn forget(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    passkey_challenge::Entity::delete_many()
        .filter(passkey_challenge::Column::UserId.eq(user))
        .exec(txn)
        .await?;
    Ok(())
}

fn digest(challenge: &str) -> Vec<u8> {
    sha256(challenge.as_bytes()).to_vec()
}

//! Sign-in attempts a minute, counted in the database so that all replicas see them.
//!
//! A successful sign-in gives its attempt back: an office behind one address is not shut out by its own people,
//! and a guesser gains nothing.

use chrono::{DateTime, Duration, Utc};
use entity::sign_in_window;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use crate::error::{Error, Result};

/// Length of a window.
const WINDOW: Duration = Duration::seconds(60);

/// Takes one attempt from each bucket.
///
/// # Errors
/// RATE_LIMITED with the seconds until the window ends.
pub async fn take(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u32,
    buckets: &[String],
) -> Result<()> {
    sign_in_window::Entity::delete_many()
        .filter(sign_in_window::Column::StartedAt.lte(now - WINDOW))
        .exec(db)
        .await?;
    let mut longest = 0;
    for bucket in buckets {
        let row = count(db, now, bucket).await?;
        if row.attempts > i32::try_from(limit).unwrap_or(i32::MAX) {
            let left = (row.started_at + WINDOW - now).num_seconds();
            longest = std::cmp::max(longest, std::cmp::max(left, 1).unsigned_abs());
        }
    }
    match longest {
        0 => Ok(()),
        seconds => Err(Error::RateLimited(seconds)),
    }
}

/// Gives one attempt back.
///
/// # Errors
/// The database's.
pub async fn give_back(db: &impl ConnectionTrait, buckets: &[String]) -> Result<()> {
    sign_in_window::Entity::update_many()
        .col_expr(
            sign_in_window::Column::Attempts,
            Expr::col(sign_in_window::Column::Attempts).sub(1),
        )
        .filter(sign_in_window::Column::Bucket.is_in(buckets))
        .filter(sign_in_window::Column::Attempts.gt(0))
        .exec(db)
        .await?;
    Ok(())
}

/// Two writes that mean nothing, for a failure that has no account to count at.
///
/// # Errors
/// The database's.
pub async fn write_as_much(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    let nobody = "nobody".to_owned();
    count(db, now, &nobody).await?;
    give_back(db, &[nobody]).await
}

async fn count(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    bucket: &str,
) -> Result<sign_in_window::Model> {
    let row = sign_in_window::ActiveModel {
        bucket: Set(bucket.to_owned()),
        started_at: Set(now),
        attempts: Set(1),
    };
    let one_more = OnConflict::column(sign_in_window::Column::Bucket)
        .value(
            sign_in_window::Column::Attempts,
            Expr::col((sign_in_window::Entity, sign_in_window::Column::Attempts)).add(1),
        )
        .to_owned();
    Ok(sign_in_window::Entity::insert(row)
        .on_conflict(one_more)
        .exec_with_returning(db)
        .await?)
}

//! The outbox: claiming due rows, and settling what became of them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery::{self, State};
use rand::RngExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, Statement, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    app::App,
    error::Result,
    live::{Topic, Tx},
    notify::{Receipt, SendError},
};

/// How long a worker may take to send; longer than any sender's own timeout.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// Waits before the second, third, … try. After the last one the delivery is dead.
const BACKOFF_SECONDS: [i64; 7] = [5, 30, 120, 600, 3_600, 10_800, 36_000];
/// Share of a wait that is left to chance, so that many rows do not come back at once.
const JITTER: f64 = 0.2;

/// Takes up to `limit` due rows. Steps of one incident to one target go in order: a later one waits for an earlier.
///
/// # Errors
/// The database's.
pub async fn claim(tx: &mut Tx, now: DateTime<Utc>, limit: u32) -> Result<Vec<delivery::Model>> {
    let skip_locked = match tx.get_database_backend() {
        DbBackend::Postgres => "FOR UPDATE OF d SKIP LOCKED",
        _ => "",
    };
    let due = format!(
        "SELECT d.id FROM deliveries d \
         WHERE ((d.state IN ('pending', 'retrying') AND d.next_attempt_at <= $1) \
             OR (d.state = 'sending' AND d.lease_until <= $1)) \
           AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.incident_id = d.incident_id \
             AND e.target_id = d.target_id AND e.seq < d.seq \
             AND e.state IN ('pending', 'sending', 'retrying')) \
         ORDER BY d.created_at, d.id LIMIT {limit} {skip_locked}"
    );
    #[derive(FromQueryResult)]
    struct Due {
        id: Uuid,
    }
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), due, [now.into()]);
    let ids: Vec<Uuid> = Due::find_by_statement(statement)
        .all(&**tx)
        .await?
        .into_iter()
        .map(|due| due.id)
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    use sea_orm::ExprTrait;
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(State::Sending))
        .col_expr(
            delivery::Column::Attempts,
            Expr::col(delivery::Column::Attempts).add(1),
        )
        .col_expr(
            delivery::Column::LeaseToken,
            Expr::col(delivery::Column::LeaseToken).add(1),
        )
        .col_expr(delivery::Column::LeaseUntil, Expr::value(now + LEASE))
        .filter(delivery::Column::Id.is_in(ids.iter().copied()))
        .exec(&**tx)
        .await?;
    for id in &ids {
        tx.announce(Topic::Delivery(*id));
    }
    Ok(delivery::Entity::find()
        .filter(delivery::Column::Id.is_in(ids))
        .order_by_asc(delivery::Column::CreatedAt)
        .order_by_asc(delivery::Column::Id)
        .all(&**tx)
        .await?)
}

/// Writes down what became of a claimed row, unless another worker took it over meanwhile.
///
/// # Errors
/// The database's.
pub async fn settle(
    app: &App,
    row: &delivery::Model,
    outcome: &Result<Receipt, SendError>,
) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.begin().await?;
    let mut update = delivery::Entity::update_many()
        .col_expr(
            delivery::Column::LeaseUntil,
            Expr::value(None::<DateTime<Utc>>),
        )
        .filter(delivery::Column::Id.eq(row.id))
        .filter(delivery::Column::LeaseToken.eq(row.lease_token))
        .filter(delivery::Column::State.eq(State::Sending));
    update = match outcome {
        Ok(_) => update
            .col_expr(delivery::Column::State, Expr::value(State::Delivered))
            .col_expr(delivery::Column::DeliveredAt, Expr::value(now))
            .col_expr(delivery::Column::Error, Expr::value(None::<String>)),
        Err(error) => {
            let next = next_attempt(row.attempts, error, rand::rng().random_range(0.0..JITTER));
            let (state, at) = match next {
                Some(wait) => (State::Retrying, now + wait),
                None => (State::Dead, now),
            };
            // A wait the provider asked for is not a failed try.
            let attempts = match error {
                SendError::Retry { after: Some(_), .. } => row.attempts - 1,
                _ => row.attempts,
            };
            update
                .col_expr(delivery::Column::State, Expr::value(state))
                .col_expr(delivery::Column::NextAttemptAt, Expr::value(at))
                .col_expr(delivery::Column::Attempts, Expr::value(attempts))
                .col_expr(delivery::Column::Error, Expr::value(error.text()))
        }
    };
    let settled = update.exec(&*tx).await?.rows_affected == 1;
    if let (true, Err(SendError::Disable(reason)), Some(target)) = (settled, outcome, row.target_id)
    {
        disable(&tx, target, reason).await?;
    }
    tx.announce(Topic::Delivery(row.id));
    Ok(tx.commit().await?)
}

/// When the earliest waiting row is due.
///
/// # Errors
/// The database's.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    Ok(delivery::Entity::find()
        .select_only()
        .column_as(delivery::Column::NextAttemptAt.min(), "due")
        .filter(delivery::Column::State.is_in([State::Pending, State::Retrying]))
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(db)
        .await?
        .flatten())
}

/// Wait before the next try; `None` when it is given up. `chance` is the jitter, 0 to `JITTER`.
fn next_attempt(attempts: i32, error: &SendError, chance: f64) -> Option<TimeDelta> {
    let after = match error {
        SendError::Fail(_) | SendError::Disable(_) => return None,
        SendError::Retry { after, .. } => *after,
    };
    if let Some(after) = after {
        return TimeDelta::from_std(after).ok();
    }
    let tried = usize::try_from(attempts.max(1)).unwrap_or(1);
    let seconds = *BACKOFF_SECONDS.get(tried - 1)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most a fifth of ten hours"
    )]
    let jitter = (TimeDelta::seconds(seconds).num_milliseconds() as f64 * chance) as i64;
    Some(TimeDelta::seconds(seconds) + TimeDelta::milliseconds(jitter))
}

/// The provider does not know the target any more: nothing more is sent there, and its channel says so.
async fn disable(tx: &Tx, target: Uuid, reason: &str) -> Result<()> {
    use entity::channel_target;
    tracing::error!(%target, reason, "a target refuses messages and is disabled: see its channel");
    channel_target::Entity::update_many()
        .col_expr(channel_target::Column::DisabledReason, Expr::value(reason))
        .filter(channel_target::Column::Id.eq(target))
        .exec(&**tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_until_it_is_given_up_and_a_named_time_is_honoured() {
        let failed = SendError::Retry {
            after: None,
            error: "x".into(),
        };
        let waits: Vec<_> = (1..=8)
            .map(|n| next_attempt(n, &failed, 0.0).map(|w| w.num_seconds()))
            .collect();
        let expected = [5, 30, 120, 600, 3_600, 10_800, 36_000].map(Some);
        assert_eq!(waits[..7], expected);
        assert_eq!(waits[7], None);
        assert_eq!(next_attempt(1, &failed, 0.2), Some(TimeDelta::seconds(6)));
        let asked = SendError::Retry {
            after: Some(std::time::Duration::from_millis(1_500)),
            error: "x".into(),
        };
        assert_eq!(
            next_attempt(99, &asked, 0.1),
            Some(TimeDelta::milliseconds(1_500))
        );
        assert_eq!(next_attempt(1, &SendError::Fail("x".into()), 0.0), None);
    }
}

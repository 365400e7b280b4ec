//! The outbox: filling it, claiming due rows, and settling what became of them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    channel_target,
    delivery::{self, State},
    transition,
};
use rand::RngExt;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    backoff::{JITTER, next_attempt},
    channel,
    target::TargetSettings,
};
use crate::{
    app::App,
    clock::Clock,
    error::{Error, Result},
    live::{Topic, Tx},
    locale::Text,
    notify::{Receipt, SendError},
    text,
};

/// How long a claimed row is its worker's own; longer than the worker's patience with a sender.
pub const LEASE: TimeDelta = TimeDelta::seconds(90);
/// PostgreSQL's lock that makes workers take turns at rows whose worker never came back.
const SUSPECT_LOCK: i64 = 0x7375_7370_6563_7400;
/// A row that was claimed so often and is not settled may end its worker each time: nobody claims it again.
const MAX_CLAIMS: i32 = 8;
/// No earlier step of the same incident to the same target is under way.
const ITS_TURN: &str = "NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.incident_id = d.incident_id \
    AND e.target_id = d.target_id AND e.seq < d.seq AND e.state IN ('pending', 'sending', 'retrying'))";

/// Writes a row for every target of every channel that is on, in the transaction of the step they tell.
///
/// # Errors
/// The database's.
pub async fn fill(
    tx: &mut Tx,
    clock: &Clock,
    now: DateTime<Utc>,
    step: &transition::Model,
) -> Result<()> {
    for target in targets(&**tx).await? {
        // A disabled target was to be told too: the row says that it was not, and can be tried again by hand.
        let state = match target.disabled_reason {
            None => State::Pending,
            Some(_) => State::Dead,
        };
        let row = delivery::ActiveModel {
            id: Set(clock.new_id()),
            transition_id: Set(step.id),
            incident_id: Set(step.incident_id),
            seq: Set(step.seq),
            target_id: Set(Some(target.id)),
            channel_id: Set(Some(target.channel_id)),
            target_hint: Set(TargetSettings::stored(&target.settings)?.hint()),
            state: Set(state),
            attempts: Set(0),
            next_attempt_at: Set(now),
            lease_until: Set(None),
            lease_token: Set(0),
            created_at: Set(now),
            delivered_at: Set(None),
            error: Set(target.disabled_reason),
        };
        let row = row.insert(&**tx).await?;
        tx.announce(Topic::Delivery(row.id));
    }
    tx.announce(Topic::Outbox);
    Ok(())
}

async fn targets(db: &impl ConnectionTrait) -> Result<Vec<channel_target::Model>> {
    let enabled: Vec<Uuid> = entity::channel::Entity::find()
        .select_only()
        .column(entity::channel::Column::Id)
        .filter(entity::channel::Column::Enabled.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    Ok(channel_target::Entity::find()
        .filter(channel_target::Column::ChannelId.is_in(enabled))
        .order_by_asc(channel_target::Column::ChannelId)
        .order_by_asc(channel_target::Column::Position)
        .all(db)
        .await?)
}

/// Takes up to `limit` due rows. Steps of one incident to one target go in order: a later one waits for an earlier.
///
/// A row whose worker never came back may be what ended it. Such rows go last and one at a time, so that the one that
/// ends every worker is given up alone, and not those that happened to be on their way beside it.
///
/// # Errors
/// The database's.
pub async fn claim(tx: &mut Tx, now: DateTime<Utc>, limit: u32) -> Result<Vec<delivery::Model>> {
    bury(tx, now).await?;
    let skip_locked = match tx.get_database_backend() {
        DbBackend::Postgres => "FOR UPDATE OF d SKIP LOCKED",
        _ => "",
    };
    let fresh = format!(
        "SELECT d.id FROM deliveries d \
         WHERE d.state IN ('pending', 'retrying') AND d.next_attempt_at <= $1 AND {ITS_TURN} \
         ORDER BY d.created_at, d.id LIMIT {limit} {skip_locked}"
    );
    let mut ids = ids(tx, fresh, vec![now.into()]).await?;
    if ids.is_empty() {
        ids = suspect(tx, now).await?;
    }
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

/// One row whose worker never came back, unless another such row is being tried.
async fn suspect(tx: &Tx, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({SUSPECT_LOCK})");
        tx.execute_unprepared(&lock).await?;
    }
    let alone = format!(
        "SELECT d.id FROM deliveries d \
         WHERE d.state = 'sending' AND d.lease_until <= $1 AND {ITS_TURN} \
           AND NOT EXISTS (SELECT 1 FROM deliveries s \
             WHERE s.state = 'sending' AND s.lease_until > $1 AND s.attempts > 1) \
         ORDER BY d.attempts, d.created_at, d.id LIMIT 1"
    );
    ids(tx, alone, vec![now.into()]).await
}

/// Gives up what was claimed too often and never settled. Tries count at the claim, so that such a row ends somewhere.
async fn bury(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    let poison = "SELECT d.id FROM deliveries d \
        WHERE d.state = 'sending' AND d.lease_until <= $1 AND d.attempts >= $2";
    let ids = ids(tx, poison.into(), vec![now.into(), MAX_CLAIMS.into()]).await?;
    if ids.is_empty() {
        return Ok(());
    }
    tracing::error!(?ids, "deliveries that no worker could finish are given up");
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(State::Dead))
        .col_expr(
            delivery::Column::LeaseUntil,
            Expr::value(None::<DateTime<Utc>>),
        )
        .col_expr(
            delivery::Column::Error,
            Expr::value(format!(
                "Given up after {MAX_CLAIMS} tries: the last one ended without an answer. See the server's log."
            )),
        )
        .filter(delivery::Column::Id.is_in(ids.iter().copied()))
        .filter(delivery::Column::State.eq(State::Sending))
        .filter(delivery::Column::LeaseUntil.lte(now))
        .exec(&**tx)
        .await?;
    for id in ids {
        tx.announce(Topic::Delivery(id));
    }
    Ok(())
}

async fn ids(tx: &Tx, sql: String, values: Vec<sea_orm::Value>) -> Result<Vec<Uuid>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let rows = Row::find_by_statement(statement).all(&**tx).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
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
            let chance = rand::rng().random_range(0.0..JITTER);
            let next = next_attempt(row.attempts, now - row.created_at, error, chance);
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

/// Puts a delivery that was given up back in line, as if it were new, and uses its target again if that was disabled.
///
/// # Errors
/// CONFLICT when it was not given up, or nobody is left to send it to.
pub async fn revive(
    tx: &mut Tx,
    now: DateTime<Utc>,
    delivery: delivery::Model,
) -> Result<delivery::Model> {
    let conflict = |why: Text| Error::Conflict(why, vec!["input".into(), "id".into()]);
    if delivery.state != State::Dead {
        return Err(conflict(text!(
            "Only a delivery that was given up can be tried again.",
            "포기한 전송만 다시 시도할 수 있습니다."
        )));
    }
    let Some(target) = delivery.target_id else {
        return Err(conflict(text!(
            "Its target was removed from the channel: there is nobody left to send it to.",
            "대상이 채널에서 지워져 보낼 곳이 없습니다."
        )));
    };
    channel::enable_target(&**tx, target).await?;
    let mut row = delivery.into_active_model();
    row.state = Set(State::Pending);
    row.attempts = Set(0);
    row.next_attempt_at = Set(now);
    let delivery = row.update(&**tx).await?;
    tx.announce(Topic::Delivery(delivery.id));
    tx.announce(Topic::Outbox);
    Ok(delivery)
}

/// When there is something to do next: a wait that ends, or a lease. A step behind an earlier one has no time of its own.
///
/// # Errors
/// The database's.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
    #[derive(FromQueryResult)]
    struct Next {
        due: Option<DateTime<Utc>>,
    }
    let next = format!(
        "SELECT MIN(CASE WHEN d.state = 'sending' THEN d.lease_until ELSE d.next_attempt_at END) AS due \
         FROM deliveries d WHERE d.state IN ('pending', 'sending', 'retrying') AND {ITS_TURN}"
    );
    let statement = Statement::from_string(db.get_database_backend(), next);
    let next = Next::find_by_statement(statement).one(db).await?;
    Ok(next.and_then(|next| next.due))
}

/// The provider does not know the target any more: nothing more is sent there, and its channel says so.
async fn disable(tx: &Tx, target: Uuid, reason: &str) -> Result<()> {
    tracing::error!(%target, reason, "a target refuses messages and is disabled: see its channel");
    channel_target::Entity::update_many()
        .col_expr(channel_target::Column::DisabledReason, Expr::value(reason))
        .filter(channel_target::Column::Id.eq(target))
        .exec(&**tx)
        .await?;
    Ok(())
}

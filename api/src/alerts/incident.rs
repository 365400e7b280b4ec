//! Opening, changing and closing incidents: an observation against what the database remembers.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    incident::{self, State},
    transition::{self, Kind},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{
    finding::{Finding, Key, Observation, OwnerState, ProblemClass, SourceKind},
    outbox,
};
use crate::{
    clock::Clock,
    error::Result,
    live::{Topic, Tx},
};

/// A crash loop looks well between two crashes: it must stay well for so many quiet periods.
const CRASH_LOOP_PERIODS: i32 = 5;
/// How long after a close a replica may still see what began before it: its watch lags. What really is there stays.
const ECHO: TimeDelta = TimeDelta::seconds(30);
/// PostgreSQL's lock that makes reconcilers of several replicas take turns.
const RECONCILE_LOCK: i64 = 0x696e_6369_6465_6e74;

/// Writes what an observation changes; returns how many transitions that made.
///
/// # Errors
/// The database's; nothing is told then, and the next look finds the same.
pub async fn reconcile(
    tx: &mut Tx,
    clock: &Clock,
    quiet: TimeDelta,
    seen: &Observation,
) -> Result<usize> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({RECONCILE_LOCK})");
        tx.execute_unprepared(&lock).await?;
    }
    let now = clock.now();
    let mut open = open_incidents(&**tx, seen).await?;
    let mut transitions = 0;
    let closed = just_closed(&**tx, now, seen).await?;
    for finding in &seen.findings {
        let key = text_key(&finding.key);
        transitions += match open.remove(&key) {
            None if closed.get(&key).is_some_and(|end| finding.since <= *end) => 0,
            None => begin(tx, clock, now, key, finding).await?,
            Some(incident) => go_on(tx, clock, now, incident, finding).await?,
        };
    }
    for incident in open.into_values() {
        transitions += settle(tx, clock, now, quiet, incident, seen).await?;
    }
    Ok(transitions)
}

/// The finding an incident or a transition was stored with.
///
/// # Errors
/// A row that an older or newer Porthole wrote in another form.
pub fn stored_finding(json: &serde_json::Value) -> Result<Finding> {
    Ok(serde_json::from_value(json.clone()).map_err(anyhow::Error::from)?)
}

async fn open_incidents(
    db: &impl ConnectionTrait,
    seen: &Observation,
) -> Result<HashMap<String, incident::Model>> {
    let rows = incident::Entity::find()
        .filter(incident::Column::State.eq(State::Open))
        .filter(incident::Column::Cluster.eq(seen.cluster.as_str()))
        .filter(incident::Column::Source.eq(source_name(seen.source)))
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.open_key.clone()?, row)))
        .collect())
}

/// Ends of the incidents that were closed a moment ago, by key.
async fn just_closed(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    seen: &Observation,
) -> Result<HashMap<String, DateTime<Utc>>> {
    let rows = incident::Entity::find()
        .filter(incident::Column::State.ne(State::Open))
        .filter(incident::Column::ClosedAt.gt(now - ECHO))
        .filter(incident::Column::Cluster.eq(seen.cluster.as_str()))
        .filter(incident::Column::Source.eq(source_name(seen.source)))
        .all(db)
        .await?;
    let end = |row: incident::Model| {
        let finding = stored_finding(&row.finding)?;
        Ok((text_key(&finding.key), row.closed_at.unwrap_or(now)))
    };
    rows.into_iter().map(end).collect()
}

async fn begin(
    tx: &mut Tx,
    clock: &Clock,
    now: DateTime<Utc>,
    key: String,
    finding: &Finding,
) -> Result<usize> {
    let last: Option<i32> = incident::Entity::find()
        .select_only()
        .column_as(incident::Column::Number.max(), "number")
        .into_tuple()
        .one(&**tx)
        .await?
        .flatten();
    let row = incident::ActiveModel {
        id: Set(clock.new_id()),
        number: Set(last.unwrap_or_default() + 1),
        open_key: Set(Some(key)),
        state: Set(State::Open),
        cluster: Set(finding.key.cluster.clone()),
        source: Set(source_name(SourceKind::of(&finding.key)).to_owned()),
        namespace: Set(finding.key.namespace.clone()),
        owner: Set(Some(finding.key.owner.name.clone())),
        finding: Set(to_json(finding)?),
        seq: Set(0),
        opened_at: Set(finding.since),
        updated_at: Set(now),
        closed_at: Set(None),
        recovering_since: Set(None),
    };
    let incident = row.insert(&**tx).await?;
    step(tx, clock, now, incident, Kind::Opened).await
}

/// The problem is still there: told again only when it got worse.
async fn go_on(
    tx: &mut Tx,
    clock: &Clock,
    now: DateTime<Utc>,
    incident: incident::Model,
    finding: &Finding,
) -> Result<usize> {
    let before = stored_finding(&incident.finding)?;
    let mut finding = finding.clone();
    // The beginning stays what it was when it was told.
    finding.since = before.since;
    if finding == before && incident.recovering_since.is_none() {
        return Ok(0);
    }
    let is_worse = finding.severity > before.severity;
    let mut row = incident.into_active_model();
    row.finding = Set(to_json(&finding)?);
    row.recovering_since = Set(None);
    row.updated_at = Set(now);
    let incident = row.update(&**tx).await?;
    tx.announce(Topic::Incident(incident.id));
    if is_worse {
        step(tx, clock, now, incident, Kind::Changed).await
    } else {
        Ok(0)
    }
}

/// The problem is not seen any more: is the object well, gone, or neither?
async fn settle(
    tx: &mut Tx,
    clock: &Clock,
    now: DateTime<Utc>,
    quiet: TimeDelta,
    incident: incident::Model,
    seen: &Observation,
) -> Result<usize> {
    let key = stored_finding(&incident.finding)?.key;
    let owner = (key.namespace.clone(), key.owner.clone());
    match seen.owners.get(&owner) {
        None | Some(OwnerState::Idle) => close(tx, clock, now, incident, Kind::Removed).await,
        Some(OwnerState::Unsettled) => mark(tx, now, incident, None).await,
        Some(OwnerState::Healthy) => {
            let since = incident.recovering_since.unwrap_or(now);
            if now - since >= quiet_period(key.class, quiet) {
                close(tx, clock, now, incident, Kind::Recovered).await
            } else {
                mark(tx, now, incident, Some(since)).await
            }
        }
    }
}

fn quiet_period(class: ProblemClass, quiet: TimeDelta) -> TimeDelta {
    match class {
        ProblemClass::CrashLoop => quiet * CRASH_LOOP_PERIODS,
        // A renewed certificate does not flicker.
        ProblemClass::CertificateExpiring | ProblemClass::CertificateNotReady => TimeDelta::zero(),
        _ => quiet,
    }
}

async fn mark(
    tx: &mut Tx,
    now: DateTime<Utc>,
    incident: incident::Model,
    recovering_since: Option<DateTime<Utc>>,
) -> Result<usize> {
    if incident.recovering_since != recovering_since {
        let id = incident.id;
        let mut row = incident.into_active_model();
        row.recovering_since = Set(recovering_since);
        row.updated_at = Set(now);
        row.update(&**tx).await?;
        tx.announce(Topic::Incident(id));
    }
    Ok(0)
}

async fn close(
    tx: &mut Tx,
    clock: &Clock,
    now: DateTime<Utc>,
    incident: incident::Model,
    kind: Kind,
) -> Result<usize> {
    let state = if kind == Kind::Recovered {
        State::Recovered
    } else {
        State::Removed
    };
    let mut row = incident.into_active_model();
    row.state = Set(state);
    row.open_key = Set(None);
    row.closed_at = Set(Some(now));
    row.recovering_since = Set(None);
    let incident = row.update(&**tx).await?;
    step(tx, clock, now, incident, kind).await
}

/// Writes a transition and its deliveries.
async fn step(
    tx: &mut Tx,
    clock: &Clock,
    now: DateTime<Utc>,
    incident: incident::Model,
    kind: Kind,
) -> Result<usize> {
    let seq = incident.seq + 1;
    let transition = transition::ActiveModel {
        id: Set(clock.new_id()),
        incident_id: Set(incident.id),
        seq: Set(seq),
        kind: Set(kind),
        at: Set(now),
        finding: Set(incident.finding.clone()),
    };
    let transition = transition.insert(&**tx).await?;
    let id = incident.id;
    let mut row = incident.into_active_model();
    row.seq = Set(seq);
    row.updated_at = Set(now);
    row.update(&**tx).await?;
    outbox::fill(tx, clock, now, &transition).await?;
    tx.announce(Topic::Incident(id));
    Ok(1)
}

fn source_name(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Pods => "PODS",
        SourceKind::Nodes => "NODES",
        SourceKind::Certificates => "CERTIFICATES",
        SourceKind::Hosts => "HOSTS",
        SourceKind::Applications => "APPLICATIONS",
    }
}

/// The key as text. Kubernetes names hold no slash, so parts cannot run into each other.
fn text_key(key: &Key) -> String {
    format!(
        "{}/{}/{}/{}/{:?}/{}",
        key.cluster.replace('/', "|"),
        key.namespace.as_deref().unwrap_or_default(),
        key.owner.kind,
        key.owner.name,
        key.class,
        key.container.as_deref().unwrap_or_default()
    )
}

fn to_json(finding: &Finding) -> Result<serde_json::Value> {
    Ok(serde_json::to_value(finding).map_err(anyhow::Error::from)?)
}

//! The worker: claims what is due, commits, sends, settles. It looks at rows, not at messages about them.

use std::time::Duration;

use entity::{channel, channel_target, delivery, incident, transition};
use futures::{StreamExt, stream};
use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::sync::broadcast::error::RecvError;

use super::{incident::stored_finding, outbox, story, target};
use crate::{
    app::App,
    error::{Error, Result},
    live::Topic,
    notify::{Locale, Message, Notifier, Receipt, SendError, Target},
};

/// Rows of one claim.
const BATCH: u32 = 20;
/// Messages on their way at once.
const PARALLEL: usize = 4;
/// Longest time without a look.
const PERIOD: Duration = Duration::from_secs(30);
/// Shortest time between two looks after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends until the server stops: poked by new rows, at the next due time, and every 30 s.
pub async fn run(app: App, notifier: Notifier) {
    let mut topics = app.live.subscribe();
    loop {
        match drain(&app, &notifier).await {
            Ok(_) => {}
            Err(e) => {
                tracing::error!(
                    error = e.into_anyhow().to_string(),
                    "the outbox cannot be read"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
        let due = outbox::next_due(&app.db).await.ok().flatten();
        let wait = due
            .and_then(|due| (due - app.clock.now()).to_std().ok())
            .map_or(PERIOD, |wait| {
                wait.min(PERIOD).max(Duration::from_millis(50))
            });
        let poked = async {
            loop {
                match topics.recv().await {
                    Ok(Topic::Outbox | Topic::Gap) | Err(RecvError::Lagged(_)) => return,
                    Ok(_) => {}
                    Err(RecvError::Closed) => return std::future::pending().await,
                }
            }
        };
        let _ = tokio::time::timeout(wait, poked).await;
    }
}

/// Sends everything that is due now; returns how many rows were settled.
///
/// # Errors
/// The database's.
pub async fn drain(app: &App, notifier: &Notifier) -> Result<usize> {
    let mut settled = 0;
    loop {
        let mut tx = app.begin().await?;
        let rows = outbox::claim(&mut tx, app.clock.now(), BATCH).await?;
        tx.commit().await?;
        if rows.is_empty() {
            return Ok(settled);
        }
        settled += rows.len();
        let mut sending = stream::iter(rows)
            .map(|row| async move {
                let outcome = send(app, notifier, &row).await;
                outbox::settle(app, &row, &outcome).await
            })
            .buffer_unordered(PARALLEL);
        while let Some(result) = sending.next().await {
            result?;
        }
    }
}

async fn send(app: &App, notifier: &Notifier, row: &delivery::Model) -> Result<Receipt, SendError> {
    match load(app, row).await {
        Ok(Some((target, message))) => notifier.send(&target, &message, app.clock.now()).await,
        Ok(None) => Err(SendError::Fail(
            "The target was removed from its channel, or its channel is off.".into(),
        )),
        Err(Error::Unavailable(reason)) => Err(SendError::Fail(reason)),
        Err(e) => Err(SendError::Retry {
            after: None,
            error: {
                tracing::error!(
                    error = e.into_anyhow().to_string(),
                    "a delivery cannot be prepared"
                );
                "The message could not be prepared.".into()
            },
        }),
    }
}

/// Everything a row needs to be sent; `None` when there is nobody to send it to any more.
async fn load(app: &App, row: &delivery::Model) -> Result<Option<(Target, Message)>> {
    let (Some(target_id), Some(channel_id)) = (row.target_id, row.channel_id) else {
        return Ok(None);
    };
    let db = &app.db;
    let target = channel_target::Entity::find_by_id(target_id)
        .one(db)
        .await?;
    let channel = channel::Entity::find_by_id(channel_id).one(db).await?;
    let (Some(target), Some(channel)) = (target, channel) else {
        return Ok(None);
    };
    if !channel.enabled || target.disabled_reason.is_some() {
        return Ok(None);
    }
    let locale = Locale::parse(&channel.locale);
    let message = message(app, db, row, locale).await?;
    let opened = target::open(&app.secrets, &target)?;
    Ok(Some((opened.target(), message)))
}

async fn message(
    app: &App,
    db: &impl ConnectionTrait,
    row: &delivery::Model,
    locale: Locale,
) -> Result<Message> {
    let gone = || Error::Internal(anyhow::anyhow!("a delivery without its incident"));
    let step = transition::Entity::find_by_id(row.transition_id)
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let incident = incident::Entity::find_by_id(row.incident_id)
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let finding = stored_finding(&step.finding)?;
    let told = story::tell(&finding, locale);
    let is_open = matches!(
        step.kind,
        transition::Kind::Opened | transition::Kind::Changed
    );
    let mark = locale.pick(
        format!("incident #{}, step {}", incident.number, step.seq),
        format!("장애 #{}, {}단계", incident.number, step.seq),
    );
    Ok(Message {
        id: row.id,
        thread: Some(incident.id),
        starts_thread: step.seq == 1,
        locale,
        tone: story::summary::tone(step.kind, finding.severity),
        title: story::summary::headline(step.kind, &finding, &told, locale),
        cause: if is_open {
            told.cause
        } else {
            story::summary::ending(step.kind, &finding, step.at - incident.opened_at, locale)
        },
        remedy: if is_open { told.remedy } else { Vec::new() },
        facts: story::summary::facts(&finding, locale),
        evidence: if is_open {
            finding
                .evidence
                .iter()
                .map(|seen| format!("{}: {}", seen.source, seen.text))
                .collect()
        } else {
            Vec::new()
        },
        link: app
            .config
            .public_url()
            .join(&format!("incidents/{}", incident.number))
            .ok()
            .map(Into::into),
        mark,
        at: step.at,
    })
}

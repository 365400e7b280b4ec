//! The worker: claims what is due, commits, sends, settles. It looks at rows, not at messages about them.
//!
//! It works in lanes, each with one row at a time: a mail server that does not answer holds up one lane, not the
//! alerts of everybody else, and a row's lease begins when its sending does.

use std::time::Duration;

use entity::{channel, channel_target, delivery, incident, transition};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{incident::stored_finding, outbox, story, target};
use crate::{
    app::App,
    error::{Error, Result},
    live::Topic,
    locale::Locale,
    notify::{Message, Notifier, Receipt, SendError, Target},
};

/// Messages on their way at once.
pub const LANES: usize = 4;
/// Longest time without a look.
const PERIOD: Duration = Duration::from_secs(30);
/// Shortest time between two looks.
const BREATH: Duration = Duration::from_millis(250);
/// Time between two tries of a database that does not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// How long one message may take, whatever its sender thinks; shorter than the lease, so that nobody else takes it over.
const PATIENCE: Duration = Duration::from_secs(60);
const _: () = assert!(PATIENCE.as_secs() < outbox::LEASE.num_seconds().unsigned_abs());

/// One lane: sends until the server stops, poked by new rows, at the next due time, and every 30 s.
///
/// It ends between two messages, never within one: what was sent is also settled.
pub async fn run(app: App, notifier: Notifier) {
    let mut topics = app.live.subscribe();
    while !app.stop.is_cancelled() {
        if let Err(e) = lane(&app, &notifier).await {
            let error = e.into_anyhow();
            tracing::error!(
                error = format!("{error:#}"),
                "the outbox cannot be read or written"
            );
            tokio::time::sleep(PAUSE).await;
        }
        let wait = wait(&app).await;
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = tokio::time::timeout(wait, poke(&mut topics)) => {}
        }
    }
}

/// How long there is nothing to do, unless somebody pokes.
async fn wait(app: &App) -> Duration {
    match outbox::next_due(&app.db).await {
        // What is due already is another worker's this very moment, or waits until a suspect was tried.
        Ok(Some(due)) => (due - app.clock.now())
            .to_std()
            .unwrap_or_default()
            .clamp(BREATH, PERIOD),
        Ok(None) | Err(_) => PERIOD,
    }
}

async fn poke(topics: &mut Receiver<Topic>) {
    loop {
        match topics.recv().await {
            Ok(Topic::Outbox | Topic::Gap) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}

/// Sends everything that is due now, in all lanes; returns how many rows were settled.
///
/// # Errors
/// The database's, after all lanes ended.
pub async fn drain(app: &App, notifier: &Notifier) -> Result<usize> {
    let lanes = join_all((0..LANES).map(|_| lane(app, notifier))).await;
    lanes.into_iter().sum()
}

async fn lane(app: &App, notifier: &Notifier) -> Result<usize> {
    let mut settled = 0;
    while !app.stop.is_cancelled() {
        let mut tx = app.begin().await?;
        let claimed = outbox::claim(&mut tx, app.clock.now(), 1).await?.pop();
        tx.commit().await?;
        let Some(row) = claimed else { break };
        let (at, to, one) = (app.clone(), notifier.clone(), row.clone());
        let outcome = guarded(PATIENCE, async move { send(&at, &to, &one).await }).await;
        settle(app, &row, &outcome).await?;
        settled += 1;
    }
    Ok(settled)
}

/// Sending in a task of its own: neither a sender that hangs nor one that panics takes the lane with it.
async fn guarded(
    patience: Duration,
    sending: impl Future<Output = Result<Receipt, SendError>> + Send + 'static,
) -> Result<Receipt, SendError> {
    let task = tokio::spawn(sending);
    let stop = task.abort_handle();
    let error = match tokio::time::timeout(patience, task).await {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(_)) => {
            "The server met an error of its own while it sent this: see its log.".to_owned()
        }
        Err(_) => {
            stop.abort();
            format!("no answer within {} s", patience.as_secs())
        }
    };
    Err(SendError::Retry { after: None, error })
}

/// The message is out: to forget that would send it twice, so a database that is away gets until the lease ends.
async fn settle(
    app: &App,
    row: &delivery::Model,
    outcome: &Result<Receipt, SendError>,
) -> Result<()> {
    let tries = (outbox::LEASE.to_std().unwrap_or_default() - PATIENCE).as_secs();
    for _ in 1..tries {
        match outbox::settle(app, row, outcome).await {
            Ok(()) => return Ok(()),
            Err(_) if app.stop.is_cancelled() => break,
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    outbox::settle(app, row, outcome).await
}

async fn send(app: &App, notifier: &Notifier, row: &delivery::Model) -> Result<Receipt, SendError> {
    let (target, message) = match prepare(app, row).await {
        Ok(prepared) => prepared?,
        Err(e) => {
            let error = e.into_anyhow();
            tracing::error!(
                error = format!("{error:#}"),
                "a delivery cannot be prepared"
            );
            return Err(SendError::Retry {
                after: None,
                error: "The message could not be prepared: see the server's log.".into(),
            });
        }
    };
    notifier.send(&target, &message, app.clock.now()).await
}

/// Everything a row needs to be sent. The outer error is ours and may pass; the inner one says why nobody can be told.
async fn prepare(
    app: &App,
    row: &delivery::Model,
) -> Result<std::result::Result<(Target, Message), SendError>> {
    let fail = |why: &str| Ok(Err(SendError::Fail(why.to_owned())));
    let (Some(target_id), Some(channel_id)) = (row.target_id, row.channel_id) else {
        return fail("The target was removed from its channel.");
    };
    let db = &app.db;
    let target = channel_target::Entity::find_by_id(target_id)
        .one(db)
        .await?;
    let channel = channel::Entity::find_by_id(channel_id).one(db).await?;
    let (Some(target), Some(channel)) = (target, channel) else {
        return fail("The target was removed from its channel.");
    };
    if !channel.enabled {
        return fail("The channel is off.");
    }
    if let Some(reason) = &target.disabled_reason {
        return fail(reason);
    }
    let locale = Locale::parse(&channel.locale);
    let message = message(app, db, row, locale).await?;
    Ok(match target::open(&app.secrets, &target)? {
        Some(opened) => Ok((opened.target(), message)),
        None => Err(SendError::Fail(target::SEALED_ELSEWHERE.into())),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sender_that_hangs_or_panics_is_tried_again_and_takes_nobody_with_it() {
        let hung = guarded(Duration::from_millis(1), std::future::pending()).await;
        let later = |outcome: Result<Receipt, SendError>, words: &str| match outcome {
            Err(SendError::Retry { after: None, error }) => {
                assert!(error.contains(words), "{error}");
            }
            other => panic!("{other:?}"),
        };
        later(hung, "no answer within 0 s");
        later(
            guarded(PATIENCE, async { panic!("a fault") }).await,
            "error of its own",
        );
    }
}

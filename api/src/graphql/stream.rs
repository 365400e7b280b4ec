//! What drives a live stream: a start, topics, gaps and heartbeats; and what it tells whoever runs it beside its answers.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::Context;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, stream};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

use super::live::ResyncReason;
use crate::{app::App, error::Result, live::Topic};

/// How often a silent stream proves that it is alive.
pub const HEARTBEAT: Duration = Duration::from_secs(20);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Next {
    /// The stream starts: send a snapshot.
    Start,
    /// Something changed.
    Topic(Topic),
    /// Topics may have been missed: send a resync and a snapshot.
    Gap(ResyncReason),
    /// Nothing happened for a while.
    Beat(DateTime<Utc>),
}

/// A heartbeat's timer; the first beat comes after one period.
pub fn heartbeat() -> Interval {
    let mut beat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

/// Where a stream stands after a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// With this step its beginning is whole: what follows are changes.
    pub begun: bool,
    /// Version of each source it reads, up to and with this step; none for a step or a stream without versions.
    pub versions: Vec<u64>,
}

/// Put into a request by whoever runs it: the stream writes its mark here before each answer.
#[derive(Clone, Debug, Default)]
pub struct Marks(Arc<Mutex<Mark>>);

impl Marks {
    /// The mark of the answer that was just taken.
    pub fn take(&self) -> Mark {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes the mark of the next answer.
    pub fn set(&self, mark: Mark) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mark;
    }
}

/// Put into a request whose subscriber lost changes: its stream begins with a resync, and then a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Restart(pub ResyncReason);

/// A stream of changes out of steps that may bring several, or none. The first step is the beginning.
pub fn changes<C, S>(
    ctx: &Context<'_>,
    steps: S,
) -> impl Stream<Item = async_graphql::Result<C>> + Send + use<C, S>
where
    C: Send + 'static,
    S: Stream<Item = Result<Vec<C>>> + Send + 'static,
{
    let mut marks = ctx.data_opt::<Marks>().cloned();
    steps.flat_map(move |step| {
        let beginning = marks.take();
        let changes: Vec<async_graphql::Result<C>> = match step {
            Ok(changes) => changes.into_iter().map(Ok).collect(),
            Err(e) => vec![Err(e.into())],
        };
        let last = changes.len().saturating_sub(1);
        stream::iter(changes.into_iter().enumerate()).map(move |(at, change)| {
            if let (true, Some(marks)) = (at == last, &beginning) {
                marks.set(Mark {
                    begun: true,
                    versions: Vec::new(),
                });
            }
            change
        })
    })
}

/// Everything that happens from now on. Subscribe to the topics before you read anything.
pub fn ticks(
    ctx: &Context<'_>,
    topics: Receiver<Topic>,
) -> impl Stream<Item = Next> + Send + use<> {
    let clock = ctx.data_unchecked::<App>().clock.clone();
    let first = match ctx.data_opt::<Restart>() {
        Some(Restart(reason)) => Next::Gap(*reason),
        None => Next::Start,
    };
    let later = stream::unfold(
        (topics, heartbeat(), clock),
        |(mut topics, mut beat, clock)| async {
            let next = tokio::select! {
                topic = topics.recv() => match topic {
                    Ok(Topic::Gap) => Next::Gap(ResyncReason::Reconnected),
                    Ok(topic) => Next::Topic(topic),
                    Err(RecvError::Lagged(_)) => Next::Gap(ResyncReason::Lagged),
                    Err(RecvError::Closed) => return None,
                },
                _ = beat.tick() => Next::Beat(clock.now()),
            };
            Some((next, (topics, beat, clock)))
        },
    );
    stream::once(async { first }).chain(later)
}

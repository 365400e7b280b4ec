//! What drives a live stream that reads the database: a start, topics, gaps and heartbeats.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, stream};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

use super::live::ResyncReason;
use crate::{clock::Clock, live::Topic};

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

/// Everything that happens from now on. Subscribe to the topics before you read anything.
pub fn ticks(clock: Clock, topics: Receiver<Topic>) -> impl Stream<Item = Next> {
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
    stream::once(async { Next::Start }).chain(later)
}

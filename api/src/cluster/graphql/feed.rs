//! Following one kind of object over all clusters for one subscriber.

use std::{
    collections::VecDeque,
    sync::{Arc, LazyLock},
};

use chrono::{DateTime, Utc};
use futures::{Stream, stream};
use tokio::time::Interval;

use super::{
    super::{
        Cluster,
        index::{Change, Keyed},
        source::Source,
    },
    worst,
};
use crate::{
    clock::Clock,
    graphql::{
        live::{Freshness, Heartbeat, ResyncReason},
        page::encode_cursor,
        stream::{Mark, Marks, heartbeat},
    },
};

/// Versions of an index mean nothing to another process: cursors carry this.
static EPOCH: LazyLock<String> = LazyLock::new(crate::secrets::random_token::<6>);

/// What happens next in a stream of objects.
pub(super) enum Step<T> {
    Snapshot {
        items: Vec<(Arc<Cluster>, Arc<T>)>,
        cursor: String,
        freshness: Freshness,
    },
    Upsert {
        cluster: Arc<Cluster>,
        object: Arc<T>,
        cursor: String,
    },
    Delete {
        cluster: Arc<Cluster>,
        key: Arc<str>,
        cursor: String,
    },
    Resync(ResyncReason),
    Heartbeat(Heartbeat),
}

/// Cursor: the process it was made by, and the version of each index, in the order of the sources.
type Cursor = (String, Vec<u64>);

/// How a feed begins.
pub(super) enum Start {
    /// With a snapshot.
    Anew,
    /// Behind a cursor; with a snapshot when that is not known any more.
    After(String),
    /// With a resync and a snapshot: changes were lost.
    Again(ResyncReason),
}

type Ticks = tokio::sync::watch::Receiver<u64>;

/// Follows one kind of object over all clusters for one subscriber. It keeps versions, not messages: whoever is slow
/// gets the newest state of each object, never a growing queue.
pub(super) struct Feed<T, F> {
    sources: Vec<(Arc<Cluster>, Arc<Source<T>>)>,
    ticks: Vec<Ticks>,
    versions: Vec<u64>,
    clock: Clock,
    fits: F,
    beat: Interval,
    stale: bool,
    queue: VecDeque<(Step<T>, Mark)>,
}

impl<T, F> Feed<T, F>
where
    T: Keyed + Send + Sync + 'static,
    F: Fn(&Cluster, &T, DateTime<Utc>) -> bool + Send + 'static,
{
    pub(super) fn new(
        sources: Vec<(Arc<Cluster>, Arc<Source<T>>)>,
        clock: Clock,
        start: Start,
        fits: F,
    ) -> Self {
        // The receivers come before the first look, so that nothing falls between.
        let ticks = sources
            .iter()
            .map(|(_, source)| source.subscribe())
            .collect();
        let mut feed = Self {
            sources,
            ticks,
            versions: Vec::new(),
            clock,
            fits,
            beat: heartbeat(),
            stale: false,
            queue: VecDeque::new(),
        };
        match start {
            Start::Again(reason) => {
                feed.push(Step::Resync(reason));
                feed.snapshot();
            }
            Start::After(cursor) => {
                let cursor = crate::graphql::page::decode_cursor::<Cursor>(&cursor).ok();
                if !cursor.is_some_and(|cursor| feed.resume(cursor)) {
                    feed.snapshot();
                }
            }
            Start::Anew => feed.snapshot(),
        }
        feed
    }

    /// Its changes; `marks` says of each where the feed stands with it.
    pub(super) fn stream<C>(
        self,
        marks: Option<Marks>,
        as_change: impl Fn(Step<T>) -> C + Send + 'static,
    ) -> impl Stream<Item = C> + Send {
        stream::unfold(
            (self, marks, as_change),
            |(mut feed, marks, as_change)| async move {
                let (step, mark) = feed.next().await;
                if let Some(marks) = &marks {
                    marks.set(mark);
                }
                let change = as_change(step);
                Some((change, (feed, marks, as_change)))
            },
        )
    }

    async fn next(&mut self) -> (Step<T>, Mark) {
        loop {
            if let Some(step) = self.queue.pop_front() {
                return step;
            }
            let beat = beats_first(&mut self.ticks, &mut self.beat).await;
            if beat {
                return (self.heartbeat(), Mark::default());
            }
            self.catch_up();
        }
    }

    /// Queues a step that stands nowhere in particular.
    fn push(&mut self, step: Step<T>) {
        self.queue.push_back((step, Mark::default()));
    }

    /// Queues a step up to which everything is told; `begun` for the last one of the beginning.
    fn push_marked(&mut self, step: Step<T>, begun: bool) {
        let versions = self.versions.clone();
        self.queue.push_back((step, Mark { begun, versions }));
    }

    /// Queues what changed since the last look.
    fn catch_up(&mut self) {
        let now = self.clock.now();
        for number in 0..self.sources.len() {
            let (cluster, source) = self.sources[number].clone();
            let (version, changes) = {
                let index = source.read();
                (index.version(), index.since(self.versions[number]))
            };
            let Some(changes) = changes else {
                self.push(Step::Resync(ResyncReason::Lagged));
                self.snapshot();
                return;
            };
            self.versions[number] = version;
            for change in changes {
                self.queue_change(&cluster, change, now);
            }
        }
        if self.freshness().stale != self.stale {
            let heartbeat = self.heartbeat();
            self.push(heartbeat);
        }
    }

    /// An object that does not fit any more is gone for this subscriber.
    fn queue_change(&mut self, cluster: &Arc<Cluster>, change: Change<T>, now: DateTime<Utc>) {
        let cursor = self.cursor();
        let step = match change {
            Change::Upsert(object) if (self.fits)(cluster, &object, now) => Step::Upsert {
                cluster: Arc::clone(cluster),
                object,
                cursor,
            },
            Change::Upsert(object) | Change::Delete(object) => Step::Delete {
                cluster: Arc::clone(cluster),
                key: object.key(),
                cursor,
            },
        };
        self.push_marked(step, false);
    }

    fn snapshot(&mut self) {
        let now = self.clock.now();
        let mut items = Vec::new();
        self.versions.clear();
        for (cluster, source) in &self.sources {
            let index = source.read();
            self.versions.push(index.version());
            let fitting = index
                .objects()
                .filter(|object| (self.fits)(cluster, object, now));
            items.extend(fitting.map(|object| (Arc::clone(cluster), Arc::clone(object))));
        }
        let freshness = self.freshness();
        self.stale = freshness.stale;
        let cursor = self.cursor();
        let snapshot = Step::Snapshot {
            items,
            cursor,
            freshness,
        };
        self.push_marked(snapshot, true);
    }

    /// Goes on behind a cursor; false when it is of another life or too old.
    fn resume(&mut self, (epoch, versions): Cursor) -> bool {
        let mut all = self.sources.iter().zip(&versions);
        let known = all.all(|((_, source), version)| source.read().since(*version).is_some());
        if epoch != *EPOCH || versions.len() != self.sources.len() || !known {
            return false;
        }
        self.versions = versions;
        self.catch_up();
        let heartbeat = self.heartbeat();
        self.push_marked(heartbeat, true);
        true
    }

    fn heartbeat(&mut self) -> Step<T> {
        let freshness = self.freshness();
        self.stale = freshness.stale;
        Step::Heartbeat(Heartbeat {
            at: self.clock.now(),
            freshness: Some(freshness),
        })
    }

    fn freshness(&self) -> Freshness {
        let now = self.clock.now();
        worst(self.sources.iter().map(|(_, source)| source.freshness(now)))
    }

    fn cursor(&self) -> String {
        encode_cursor(&(&*EPOCH, &self.versions))
    }
}

/// Waits for a change or the heartbeat; true when it was the heartbeat.
async fn beats_first(ticks: &mut [Ticks], beat: &mut Interval) -> bool {
    if ticks.is_empty() {
        beat.tick().await;
        return true;
    }
    let changes = ticks.iter_mut().map(|ticks| Box::pin(ticks.changed()));
    tokio::select! {
        _ = futures::future::select_all(changes) => false,
        _ = beat.tick() => true,
    }
}

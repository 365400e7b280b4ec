//! The pages somebody may open, as they and their boxes change.

use std::collections::HashSet;

use async_graphql::{Context, SimpleObject, Subscription, Union};
use entity::page;
use futures::{Stream, StreamExt, stream};
use sea_orm::QueryOrder;
use uuid::Uuid;

use super::{graphql::Page, service};
use crate::{
    app::App,
    error::Result,
    graphql::{
        NodeId,
        live::{Delete, Heartbeat, Resync},
        page::encode_cursor,
        stream::{Next, changes, ticks},
    },
    live::Topic,
    viewer::{Viewer, ViewerExt},
};

/// One step of `pageChanges`.
#[derive(Union)]
pub enum PageChange {
    /// Where the stream starts.
    Snapshot(PageSnapshot),
    /// A page was added, edited or opened to you, or its health changed.
    Upsert(Box<PageUpsert>),
    /// A page is gone, or no longer yours to open.
    Delete(Delete),
    /// Deltas were lost.
    Resync(Resync),
    /// The stream is alive.
    Heartbeat(Heartbeat),
}

/// The pages you may open.
#[derive(SimpleObject)]
pub struct PageSnapshot {
    /// By category, position and name.
    items: Vec<Page>,
    /// Where in the stream this stands.
    cursor: String,
}

/// A page as it is now.
#[derive(SimpleObject)]
pub struct PageUpsert {
    /// The page.
    object: Page,
    /// Where in the stream this stands.
    cursor: String,
}

/// Pages: subscriptions.
#[derive(Default)]
pub struct PageSubscription;

#[Subscription]
impl PageSubscription {
    /// The pages you may open: first all of them, then each as it, its health or your box changes.
    async fn page_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Cursor of the last step you saw; the stream starts with a snapshot when it is no longer known."
        )]
        after: Option<String>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<PageChange>> + use<>> {
        // Pages are few: a snapshot is always cheaper than a history.
        let _ = after;
        let watch = Watch {
            viewer: ctx.viewer()?.clone(),
            app: ctx.data_unchecked::<App>().clone(),
            shown: HashSet::new(),
        };
        let topics = watch.app.live.subscribe();
        let next = Box::pin(ticks(ctx, topics));
        let steps = stream::unfold((next, watch), |(mut next, mut watch)| async {
            let step = watch.step(next.next().await?).await;
            Some((step, (next, watch)))
        });
        Ok(changes(ctx, steps))
    }
}

/// One subscriber, and what they were shown.
struct Watch {
    app: App,
    viewer: Viewer,
    shown: HashSet<Uuid>,
}

impl Watch {
    /// What one thing that happened means for this viewer.
    async fn step(&mut self, next: Next) -> Result<Vec<PageChange>> {
        Ok(match next {
            Next::Start => vec![self.snapshot().await?],
            Next::Gap(reason) => {
                vec![
                    PageChange::Resync(Resync { reason }),
                    self.snapshot().await?,
                ]
            }
            Next::Beat(at) => vec![PageChange::Heartbeat(Heartbeat {
                at,
                freshness: None,
            })],
            Next::Topic(Topic::Page(id)) => self.page(id).await?,
            Next::Topic(Topic::User(user)) if user == self.viewer.user_id => self.boxes().await?,
            Next::Topic(_) => Vec::new(),
        })
    }

    async fn all(&self) -> Result<Vec<page::Model>> {
        Ok(service::visible_to(&self.viewer)
            .order_by_asc(page::Column::Category)
            .order_by_asc(page::Column::Position)
            .order_by_asc(page::Column::Name)
            .order_by_asc(page::Column::Id)
            .all(&self.app.db)
            .await?)
    }

    async fn snapshot(&mut self) -> Result<PageChange> {
        let rows = self.all().await?;
        self.shown = rows.iter().map(|row| row.id).collect();
        Ok(PageChange::Snapshot(PageSnapshot {
            cursor: encode_cursor(&self.app.clock.now()),
            items: rows.into_iter().map(Page::from).collect(),
        }))
    }

    async fn page(&mut self, id: Uuid) -> Result<Vec<PageChange>> {
        let row = service::find_visible(&self.app.db, &self.viewer, id).await?;
        Ok(match row {
            Some(row) => vec![self.upsert(row)],
            None if self.shown.remove(&id) => vec![delete(id)],
            None => Vec::new(),
        })
    }

    /// The boxes changed: what is new to the viewer comes, what is no longer theirs goes.
    async fn boxes(&mut self) -> Result<Vec<PageChange>> {
        let rows = self.all().await?;
        let open: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
        let gone: Vec<Uuid> = self.shown.difference(&open).copied().collect();
        self.shown.retain(|id| open.contains(id));
        let mut steps: Vec<PageChange> = gone.into_iter().map(delete).collect();
        for row in rows {
            if !self.shown.contains(&row.id) {
                steps.push(self.upsert(row));
            }
        }
        Ok(steps)
    }

    fn upsert(&mut self, row: page::Model) -> PageChange {
        self.shown.insert(row.id);
        PageChange::Upsert(Box::new(PageUpsert {
            cursor: encode_cursor(&row.id),
            object: row.into(),
        }))
    }
}

fn delete(id: Uuid) -> PageChange {
    PageChange::Delete(Delete {
        id: NodeId::encode("Page", id),
        cursor: encode_cursor(&id),
    })
}

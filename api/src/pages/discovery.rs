//! Pages found in the cluster: objects whose annotations say that they are one.

use std::collections::{BTreeMap, HashMap};

use entity::page;
use sea_orm::{ColumnTrait, EntityTrait, ModelTrait, QueryFilter};

use super::{
    address::Address,
    mutation::{MAX_CATEGORY, MAX_DESCRIPTION, MAX_NAME},
    service::{self, Card, Treatment, icon, line, runs_in},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::Result,
    live::{Topic, Tx},
};

/// What an object must say to become a page: its name.
pub const TITLE: &str = "porthole.dev/title";
const ICON: &str = "porthole.dev/icon";
const CATEGORY: &str = "porthole.dev/category";
const DESCRIPTION: &str = "porthole.dev/description";
const URL: &str = "porthole.dev/url";
const WORKLOAD: &str = "porthole.dev/workload";
const PROBE: &str = "porthole.dev/probe";

/// An object that says it is a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// `Ingress namespace/name`.
    pub source: String,
    /// Its namespace.
    pub namespace: String,
    /// The URL its rules make.
    pub url: String,
    /// Service behind it.
    pub service: Option<String>,
    /// What it says.
    pub annotations: BTreeMap<String, String>,
}

impl Found {
    /// The card; `None` when what it says is none, which is logged once by whoever asks.
    ///
    /// # Errors
    /// A sentence that names the annotation.
    fn card(&self) -> Result<Card> {
        let says = |key: &str| self.annotations.get(key).map_or("", String::as_str);
        let url = match says(URL) {
            "" => &self.url,
            url => url,
        };
        Ok(Card {
            name: line(TITLE, says(TITLE), 1, MAX_NAME)?,
            address: Address::parse(url)?,
            icon: icon(says(ICON))?,
            category: line(CATEGORY, says(CATEGORY), 0, MAX_CATEGORY)?,
            description: line(DESCRIPTION, says(DESCRIPTION), 0, MAX_DESCRIPTION)?,
        })
    }

    fn place(&self) -> Option<String> {
        let workload = self.annotations.get(WORKLOAD).or(self.service.as_ref())?;
        runs_in(&format!("{}/{workload}", self.namespace)).ok()?
    }
}

/// Brings the catalogue in line with what a cluster has of a kind now: new ones come, changed ones change, gone ones go. Boxes
/// stay with a page as long as its source is there. Nobody gets a box by a new page.
///
/// # Errors
/// The database's.
pub async fn reconcile(app: &App, cluster: &str, kind: &str, found: &[Found]) -> Result<()> {
    let by = &Actor::cluster(cluster);
    let prefix = format!("{cluster}/{kind} ");
    let mut tx = app.begin().await?;
    let known = page::Entity::find()
        .filter(page::Column::DiscoveredFrom.starts_with(&prefix))
        .all(&*tx)
        .await?;
    let mut known: HashMap<String, page::Model> = known
        .into_iter()
        .filter_map(|row| Some((row.discovered_from.clone()?, row)))
        .collect();
    for one in found {
        let source = format!("{cluster}/{}", one.source);
        let card = match one.card() {
            Ok(card) => card,
            Err(e) => {
                // A typing error must not take boxes away: a page that was there stays as it was.
                known.remove(&source);
                tracing::warn!(
                    source,
                    reason = e.message(),
                    "an annotated object is no page"
                );
                continue;
            }
        };
        match known.remove(&source) {
            None => add(app, &mut tx, by, source, card, one).await?,
            Some(row) if differs(&row, &card) => change(app, &mut tx, by, row, card).await?,
            Some(_) => {}
        }
    }
    for (source, row) in known {
        let event = Event::done(Action::PageDelete, &row.name).detail(format!("gone: {source}"));
        tx.announce(Topic::Page(row.id));
        row.delete(&*tx).await?;
        audit::record(&*tx, &app.clock, by, event).await?;
    }
    Ok(tx.commit().await?)
}

async fn add(
    app: &App,
    tx: &mut Tx,
    by: &Actor,
    source: String,
    card: Card,
    one: &Found,
) -> Result<()> {
    let treatment = Treatment {
        runs_in: one.place(),
        probed: one.annotations.get(PROBE).is_none_or(|says| says != "off"),
        ..Treatment::default()
    };
    let event = Event::done(Action::PageCreate, &card.name).detail(format!("found: {source}"));
    let page = service::create(&**tx, &app.clock, card, treatment, Some(source)).await?;
    audit::record(&**tx, &app.clock, by, event).await?;
    tx.announce(Topic::Page(page.id));
    Ok(())
}

async fn change(app: &App, tx: &mut Tx, by: &Actor, row: page::Model, card: Card) -> Result<()> {
    let treatment = Treatment {
        position: row.position,
        for_everyone: row.for_everyone,
        runs_in: row.runs_in.clone(),
        probed: row.probed,
    };
    let (id, version) = (row.id, row.version);
    let event = Event::done(Action::PageUpdate, &card.name).detail(card.address.url.as_str());
    service::update(&**tx, row, version, card, treatment).await?;
    audit::record(&**tx, &app.clock, by, event).await?;
    tx.announce(Topic::Page(id));
    Ok(())
}

fn differs(row: &page::Model, card: &Card) -> bool {
    row.name != card.name
        || row.url != card.address.url
        || row.icon != card.icon
        || row.category != card.category
        || row.description != card.description
}

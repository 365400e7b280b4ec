//! Editing the catalogue. For admins.

use async_graphql::{Context, ID, Object};
use entity::page;
use sea_orm::ModelTrait;

use super::{
    address::Address,
    graphql::Page,
    input::{
        CreatePageInput, CreatePagePayload, DeletePageInput, DeletePagePayload, UpdatePageInput,
        UpdatePagePayload,
    },
    service::{self, Card, Treatment, icon, line, runs_in},
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome},
    live::Topic,
    text,
    viewer::ViewerExt,
};

/// Longest name, heading and line about a page.
pub(super) const MAX_NAME: usize = 100;
pub(super) const MAX_CATEGORY: usize = 60;
pub(super) const MAX_DESCRIPTION: usize = 300;

/// Pages: mutations.
#[derive(Default)]
pub struct PageMutation;

#[Object]
impl PageMutation {
    /// Adds a page to the catalogue. Nobody but admins may open it before a box is ticked. For admins.
    async fn create_page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new page.")] input: CreatePageInput,
    ) -> async_graphql::Result<CreatePagePayload> {
        ctx.admin()?;
        let made = create(ctx.data_unchecked(), &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(made)?;
        Ok(CreatePagePayload {
            page: value.map(Page::from),
            errors,
        })
    }

    /// Edits a page. For admins.
    async fn update_page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdatePageInput,
    ) -> async_graphql::Result<UpdatePagePayload> {
        ctx.admin()?;
        let changed = update(ctx.data_unchecked(), &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(changed)?;
        Ok(UpdatePagePayload {
            page: value.map(Page::from),
            errors,
        })
    }

    /// Removes a page and its boxes: proxies let nobody through to it any more. For admins.
    async fn delete_page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The page.")] input: DeletePageInput,
    ) -> async_graphql::Result<DeletePagePayload> {
        ctx.admin()?;
        let removed = delete(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(removed)?;
        Ok(DeletePagePayload {
            deleted_id: value.map(|()| input.id),
            errors,
        })
    }
}

async fn create(app: &App, by: &Actor, input: &CreatePageInput) -> Result<page::Model> {
    let card = Card {
        name: line("name", &input.name, 1, MAX_NAME)?,
        address: Address::parse(&input.url)?,
        icon: icon(input.icon.as_deref().unwrap_or_default())?,
        category: line("category", &input.category, 0, MAX_CATEGORY)?,
        description: line("description", &input.description, 0, MAX_DESCRIPTION)?,
    };
    let treatment = Treatment {
        position: input.position,
        for_everyone: input.for_everyone,
        runs_in: runs_in(input.runs_in.as_deref().unwrap_or_default())?,
        probed: input.probed,
    };
    let mut tx = app.begin().await?;
    let page = service::create(&*tx, &app.clock, card, treatment, None).await?;
    let event = Event::done(Action::PageCreate, &page.name).detail(page.url.as_str());
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.announce(Topic::Page(page.id));
    tx.commit().await?;
    Ok(page)
}

async fn update(app: &App, by: &Actor, input: &UpdatePageInput) -> Result<page::Model> {
    let id = NodeId::uuid(&input.id, "Page")?;
    let mut tx = app.begin().await?;
    let before = service::find(&*tx, id).await?;
    let card = edited_card(&before, input)?;
    let treatment = Treatment {
        position: input.position.unwrap_or(before.position),
        for_everyone: input.for_everyone.unwrap_or(before.for_everyone),
        runs_in: match &input.runs_in {
            Some(text) => runs_in(text)?,
            None => before.runs_in.clone(),
        },
        probed: input.probed.unwrap_or(before.probed),
    };
    let opened = treatment.for_everyone && !before.for_everyone;
    let page = service::update(&*tx, before, input.expected_version, card, treatment).await?;
    let detail = if opened {
        format!("{}, open to everybody", page.url)
    } else {
        page.url.clone()
    };
    let event = Event::done(Action::PageUpdate, &page.name).detail(detail);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.announce(Topic::Page(id));
    tx.commit().await?;
    Ok(page)
}

/// What the card will say. A discovered page says what its source says.
fn edited_card(before: &page::Model, input: &UpdatePageInput) -> Result<Card> {
    let edits = [
        ("name", &input.name, Some(before.name.as_str())),
        ("url", &input.url, Some(before.url.as_str())),
        ("icon", &input.icon, before.icon.as_deref()),
        ("category", &input.category, Some(before.category.as_str())),
        (
            "description",
            &input.description,
            Some(before.description.as_str()),
        ),
    ];
    let foreign = edits.iter().find(|(_, new, old)| {
        new.as_deref()
            .is_some_and(|new| new != old.unwrap_or_default())
    });
    if let (Some(source), Some((field, ..))) = (&before.discovered_from, foreign) {
        let message = text!(
            "This comes from {source}: change its annotations there.",
            "{source}에서 온 페이지입니다. 그곳의 주석을 고치세요."
        );
        return Err(Error::invalid(field, message));
    }
    let [name, url, icon_name, category, description] =
        edits.map(|(_, new, old)| new.as_deref().or(old).unwrap_or_default());
    Ok(Card {
        name: line("name", name, 1, MAX_NAME)?,
        address: Address::parse(url)?,
        icon: icon(icon_name)?,
        category: line("category", category, 0, MAX_CATEGORY)?,
        description: line("description", description, 0, MAX_DESCRIPTION)?,
    })
}

async fn delete(app: &App, by: &Actor, id: &ID) -> Result<()> {
    let id = NodeId::uuid(id, "Page")?;
    let mut tx = app.begin().await?;
    let page = service::find(&*tx, id).await?;
    if let Some(source) = &page.discovered_from {
        let message = text!(
            "This comes from {source}: remove its annotations there.",
            "{source}에서 온 페이지입니다. 그곳의 주석을 지우세요."
        );
        return Err(Error::Conflict(message, vec!["input".into(), "id".into()]));
    }
    let event = Event::done(Action::PageDelete, &page.name).detail(page.url.as_str());
    page.delete(&*tx).await?;
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.announce(Topic::Page(id));
    Ok(tx.commit().await?)
}

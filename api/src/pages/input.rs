//! Inputs and payloads of the pages' mutations.

use async_graphql::{ID, InputObject, SimpleObject};

use super::graphql::Page;
use crate::graphql::UserError;

/// A new page.
#[derive(InputObject)]
pub struct CreatePageInput {
    /// Name on the card.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Name of a Tabler icon such as `brand-git`, or an https URL of a picture.
    pub icon: Option<String>,
    /// Heading its card stands under.
    #[graphql(default)]
    pub category: String,
    /// One line about it.
    #[graphql(default)]
    pub description: String,
    /// Place among the pages of its category.
    #[graphql(default)]
    pub position: i32,
    /// Open it to everybody who is signed in.
    #[graphql(default)]
    pub for_everyone: bool,
    /// What runs it: `namespace` or `namespace/workload`.
    pub runs_in: Option<String>,
    /// Look every minute whether it answers.
    #[graphql(default = true)]
    pub probed: bool,
}

/// Answer of `createPage`.
#[derive(SimpleObject)]
pub struct CreatePagePayload {
    /// The page; null when none was added.
    pub page: Option<Page>,
    /// Why none was added.
    pub errors: Vec<UserError>,
}

/// An edit of a page; what is left out stays as it is. Name, URL, icon, category and description of a discovered page
/// come from where it was found.
#[derive(InputObject)]
pub struct UpdatePageInput {
    /// The page.
    pub id: ID,
    /// The version you saw; another one is a CONFLICT.
    pub expected_version: i32,
    /// New name.
    pub name: Option<String>,
    /// New URL.
    pub url: Option<String>,
    /// New icon; empty removes it.
    pub icon: Option<String>,
    /// New heading.
    pub category: Option<String>,
    /// New line about it.
    pub description: Option<String>,
    /// New place.
    pub position: Option<i32>,
    /// Open to everybody, or by boxes.
    pub for_everyone: Option<bool>,
    /// What runs it; empty removes it.
    pub runs_in: Option<String>,
    /// Probed, or not.
    pub probed: Option<bool>,
}

/// Answer of `updatePage`.
#[derive(SimpleObject)]
pub struct UpdatePagePayload {
    /// The page; null when nothing was changed.
    pub page: Option<Page>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A page to remove.
#[derive(InputObject)]
pub struct DeletePageInput {
    /// The page.
    pub id: ID,
}

/// Answer of `deletePage`.
#[derive(SimpleObject)]
pub struct DeletePagePayload {
    /// Id of the page that is gone; null when none was removed.
    pub deleted_id: Option<ID>,
    /// Why none was removed.
    pub errors: Vec<UserError>,
}

//! Internal pages.

use sea_orm::entity::prelude::*;

/// What the probes of a page found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum Health {
    /// It answered.
    #[sea_orm(string_value = "up")]
    Up,
    /// It did not answer, or with an error of its own, several times in a row.
    #[sea_orm(string_value = "down")]
    Down,
    /// It was not probed yet, or is not to be.
    #[sea_orm(string_value = "unknown")]
    Unknown,
}

/// A row of `pages`: one page in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pages")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name on the card.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Host, and port unless it is the scheme's own, in lower case: what a proxy asks for.
    pub host: String,
    /// Path the page begins at; requests below it belong to it.
    pub path: String,
    /// Name of an icon, or URL of a picture.
    pub icon: Option<String>,
    /// Heading it stands under; may be empty.
    pub category: String,
    /// One line about it.
    pub description: String,
    /// Place among the pages of its category.
    pub position: i32,
    /// True when everybody who is signed in may open it.
    pub for_everyone: bool,
    /// What runs it: `namespace` or `namespace/workload`.
    pub runs_in: Option<String>,
    /// True when it is probed.
    pub probed: bool,
    /// What the last probes found.
    pub health: Health,
    /// Since when.
    pub health_since: Option<DateTimeUtc>,
    /// When it was probed last.
    pub checked_at: Option<DateTimeUtc>,
    /// What the last probe met.
    pub problem: Option<String>,
    /// Failed probes in a row.
    pub failures: i32,
    /// `cluster/Kind namespace/name` of the object it was found at; unique.
    #[sea_orm(unique)]
    pub discovered_from: Option<String>,
    /// Grows with each edit.
    pub version: i32,
    /// When it was added.
    pub created_at: DateTimeUtc,
}

/// Relations are loaded by the API's loaders, not by joins.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! What can be done with pages. Verbs take a transaction and plain values; rights were checked before.

use entity::page::{self, Health};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::address::Address;
use crate::{
    clock::Clock,
    error::{Error, Result},
    text,
    users::access,
    viewer::Viewer,
};

/// Most pages.
const MAX_PAGES: u64 = 500;

/// What a page says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Name.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// Name of an icon, or URL of a picture.
    pub icon: Option<String>,
    /// Heading; may be empty.
    pub category: String,
    /// One line; may be empty.
    pub description: String,
}

/// How a page is treated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Treatment {
    /// Place among the pages of its category.
    pub position: i32,
    /// Open to everybody who is signed in.
    pub for_everyone: bool,
    /// What runs it.
    pub runs_in: Option<String>,
    /// Probed.
    pub probed: bool,
}

/// Checks a text on one line.
///
/// # Errors
/// BAD_USER_INPUT at `field`.
pub fn line(field: &str, text: &str, least: usize, most: usize) -> Result<String> {
    let text = text.trim();
    if (least..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Error::invalid(
        field,
        text!(
            "Use {least} to {most} characters on one line.",
            "한 줄로 {least}~{most}자를 쓰세요."
        ),
    ))
}

/// Checks an icon: a name such as `brand-git`, or a picture's https URL; empty is none.
///
/// # Errors
/// BAD_USER_INPUT at `icon`.
pub fn icon(text: &str) -> Result<Option<String>> {
    let text = line("icon", text, 0, 500)?;
    let is_name = text
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_picture = || super::address::clean(&text).is_some_and(|url| url.scheme() == "https");
    if is_name || is_picture() {
        return Ok(Some(text).filter(|t| !t.is_empty()));
    }
    Err(Error::invalid(
        "icon",
        text!(
            "Use an icon's name such as brand-git, or the https URL of a picture.",
            "brand-git 같은 아이콘 이름이나 그림의 https URL을 쓰세요."
        ),
    ))
}

/// Checks what runs a page: `namespace` or `namespace/workload`; empty is nothing.
///
/// # Errors
/// BAD_USER_INPUT at `runsIn`.
pub fn runs_in(text: &str) -> Result<Option<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let is_name = |part: &str| {
        (1..=253).contains(&part.len())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.'))
    };
    let parts: Vec<&str> = text.split('/').collect();
    if parts.len() <= 2 && parts.iter().all(|part| is_name(part)) {
        return Ok(Some(text.to_owned()));
    }
    Err(Error::invalid(
        "runsIn",
        text!(
            "Use a namespace such as lab, or a namespace and a workload such as lab/grafana.",
            "lab 같은 네임스페이스나 lab/grafana 같은 네임스페이스와 워크로드를 쓰세요."
        ),
    ))
}

/// The pages somebody may open.
pub fn visible_to(viewer: &Viewer) -> Select<page::Entity> {
    page::Entity::find().filter(access::may_open(viewer.role, viewer.user_id))
}

/// Finds a page somebody may open.
///
/// # Errors
/// The database's.
pub async fn find_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: Uuid,
) -> Result<Option<page::Model>> {
    let one = visible_to(viewer).filter(page::Column::Id.eq(id));
    Ok(one.one(db).await?)
}

/// Adds a page.
///
/// # Errors
/// CONFLICT when there are as many as may be.
pub async fn create(
    txn: &impl ConnectionTrait,
    clock: &Clock,
    card: Card,
    treatment: Treatment,
    discovered_from: Option<String>,
) -> Result<page::Model> {
    if page::Entity::find().count(txn).await? >= MAX_PAGES {
        let message = text!(
            "There are {MAX_PAGES} pages already: remove one first.",
            "페이지가 이미 {MAX_PAGES}개입니다. 먼저 하나를 지우세요."
        );
        return Err(Error::Conflict(message, vec!["input".into()]));
    }
    let row = page::ActiveModel {
        id: Set(clock.new_id()),
        name: Set(card.name),
        url: Set(card.address.url),
        host: Set(card.address.host),
        path: Set(card.address.path),
        icon: Set(card.icon),
        category: Set(card.category),
        description: Set(card.description),
        position: Set(treatment.position),
        for_everyone: Set(treatment.for_everyone),
        runs_in: Set(treatment.runs_in),
        probed: Set(treatment.probed),
        health: Set(Health::Unknown),
        health_since: Set(None),
        checked_at: Set(None),
        problem: Set(None),
        failures: Set(0),
        discovered_from: Set(discovered_from),
        version: Set(1),
        created_at: Set(clock.now()),
    };
    Ok(row.insert(txn).await?)
}

/// Edits a page, unless somebody else did so since.
///
/// # Errors
/// CONFLICT when the version is another one.
pub async fn update(
    txn: &impl ConnectionTrait,
    page: page::Model,
    expected_version: i32,
    card: Card,
    treatment: Treatment,
) -> Result<page::Model> {
    let next = expected_version.saturating_add(1);
    let claimed = page::Entity::update_many()
        .col_expr(page::Column::Version, Expr::value(next))
        .filter(page::Column::Id.eq(page.id))
        .filter(page::Column::Version.eq(expected_version))
        .exec(txn)
        .await?;
    if claimed.rows_affected == 0 {
        return Err(Error::Conflict(
            text!(
                "Somebody else edited this page: look at it again before you save.",
                "다른 사람이 이 페이지를 수정했습니다. 다시 확인한 뒤 저장하세요."
            ),
            vec!["input".into(), "expectedVersion".into()],
        ));
    }
    let forget = !treatment.probed || page.url != card.address.url;
    let mut row = page.into_active_model();
    row.version = Set(next);
    row.name = Set(card.name);
    row.url = Set(card.address.url);
    row.host = Set(card.address.host);
    row.path = Set(card.address.path);
    row.icon = Set(card.icon);
    row.category = Set(card.category);
    row.description = Set(card.description);
    row.position = Set(treatment.position);
    row.for_everyone = Set(treatment.for_everyone);
    row.runs_in = Set(treatment.runs_in);
    row.probed = Set(treatment.probed);
    if forget {
        row.health = Set(Health::Unknown);
        row.health_since = Set(None);
        row.checked_at = Set(None);
        row.problem = Set(None);
        row.failures = Set(0);
    }
    Ok(row.update(txn).await?)
}

/// Finds any page.
///
/// # Errors
/// NOT_FOUND.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<page::Model> {
    let found = page::Entity::find_by_id(id).one(db).await?;
    found.ok_or_else(|| Error::NotFound(text!("This page is gone.", "없는 페이지입니다.")))
}

//! May this person open this URL? Asked by proxies with every request, so it is two statements and no memory.

use entity::{page, user};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use url::Url;

use super::address::{covers, host, is_doubtful};
use crate::{error::Result, users::access};

/// The page a URL belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// No page has this host.
    Unknown,
    /// Pages have this host, but none covers this path, or it could be read in two ways.
    Uncovered,
    /// This one's, by its name; true for somebody who may open it.
    Page(String, bool),
}

#[derive(FromQueryResult)]
struct Row {
    name: String,
    path: String,
    allowed: i32,
}

/// Finds the page of a URL, and whether somebody may open it; `None` is nobody.
///
/// # Errors
/// The database's.
pub async fn decide(
    db: &impl ConnectionTrait,
    url: &Url,
    raw_path: &str,
    user: Option<&user::Model>,
) -> Result<Place> {
    let allowed = match user {
        None => Expr::value(0),
        Some(user) => {
            let may = Condition::all().add(access::may_open(user.role, user.id));
            CaseStatement::new().case(may, 1).finally(0).into()
        }
    };
    let rows: Vec<Row> = page::Entity::find()
        .select_only()
        .column(page::Column::Name)
        .column(page::Column::Path)
        .expr_as(allowed, "allowed")
        .filter(page::Column::Host.eq(host(url)))
        .into_model()
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Place::Unknown);
    }
    // Where one page has the whole host there is nothing to mistake.
    if rows.iter().any(|row| !row.path.is_empty()) && is_doubtful(raw_path) {
        return Ok(Place::Uncovered);
    }
    // The deepest page wins; of two at the same place, one that may be opened.
    let covering = rows.into_iter().filter(|row| covers(&row.path, url.path()));
    let found = covering.max_by_key(|row| (row.path.len(), row.allowed));
    Ok(match found {
        None => Place::Uncovered,
        Some(row) => Place::Page(row.name, row.allowed == 1),
    })
}

/// True when a page has this host.
///
/// # Errors
/// The database's.
pub async fn is_host_of_a_page(db: &impl ConnectionTrait, url: &Url) -> Result<bool> {
    let one = page::Entity::find().filter(page::Column::Host.eq(host(url)));
    Ok(one.one(db).await?.is_some())
}

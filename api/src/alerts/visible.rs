//! Who sees which incident: all of them with the right to see the cluster, and everybody those of their pages.

use entity::{incident, user_right::Right};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{app::App, error::Result, users::access, viewer::Viewer};

/// What an incident must be like for somebody to see it.
///
/// # Errors
/// The database's.
pub async fn to(app: &App, viewer: &Viewer) -> Result<Condition> {
    if viewer.has(Right::ClusterView) {
        return Ok(Condition::all());
    }
    let places = access::runs_in(&app.db, viewer).await?;
    // An empty `any` would let everything through.
    let nothing = Condition::any().add(incident::Column::Id.is_null());
    Ok(places.iter().fold(nothing, |any, place| any.add(at(place))))
}

/// Incidents of a place: `namespace` or `namespace/workload`.
pub fn at(place: &str) -> Condition {
    let (namespace, owner) = match place.split_once('/') {
        Some((namespace, owner)) => (namespace, Some(owner)),
        None => (place, None),
    };
    let all = Condition::all().add(incident::Column::Namespace.eq(namespace));
    match owner {
        Some(owner) => all.add(incident::Column::Owner.eq(owner)),
        None => all,
    }
}

/// An incident that somebody may see.
///
/// # Errors
/// The database's.
pub async fn find(app: &App, viewer: &Viewer, id: Uuid) -> Result<Option<incident::Model>> {
    let one = incident::Entity::find_by_id(id).filter(to(app, viewer).await?);
    Ok(one.one(&app.db).await?)
}

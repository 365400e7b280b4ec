//! Boxes, groups and members by owner, in batches.

use std::{collections::HashMap, sync::Arc};

use dataloader::{BatchFn, cached::Loader};
use entity::{group, group_member, group_page, group_right, page, user, user_page, user_right};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use super::{Holder, Object};
use crate::{error::Result, graphql::loader};

/// A set of loaders for one execution.
#[derive(Clone)]
pub struct AccessLoaders {
    boxes: Loader<BoxKey, loader::Loaded<Vec<Object>>, BoxBatch>,
    groups: Loader<Uuid, loader::Loaded<Vec<group::Model>>, GroupBatch>,
    members: Loader<Uuid, loader::Loaded<Vec<user::Model>>, MemberBatch>,
    everyone: Loader<(), loader::Loaded<Vec<page::Model>>, PageBatch>,
}

impl AccessLoaders {
    /// Empty loaders.
    pub fn new(db: &DatabaseConnection) -> Self {
        Self {
            boxes: loader::cached(BoxBatch(db.clone())),
            groups: loader::cached(GroupBatch(db.clone())),
            members: loader::cached(MemberBatch(db.clone())),
            everyone: loader::cached(PageBatch(db.clone())),
        }
    }

    /// Boxes ticked for a person or a group alone.
    ///
    /// # Errors
    /// The database's.
    pub async fn boxes(&self, holder: Holder) -> Result<Vec<Object>> {
        let list = loader::load(&self.boxes, holder.into()).await?;
        Ok(list.map(|list| list.to_vec()).unwrap_or_default())
    }

    /// Groups of a person, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn groups(&self, user: Uuid) -> Result<Arc<Vec<group::Model>>> {
        Ok(loader::load(&self.groups, user).await?.unwrap_or_default())
    }

    /// Members of a group, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn members(&self, group: Uuid) -> Result<Arc<Vec<user::Model>>> {
        Ok(loader::load(&self.members, group)
            .await?
            .unwrap_or_default())
    }

    /// All pages.
    ///
    /// # Errors
    /// The database's.
    pub async fn pages(&self) -> Result<Arc<Vec<page::Model>>> {
        Ok(loader::load(&self.everyone, ()).await?.unwrap_or_default())
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
struct BoxKey {
    is_group: bool,
    id: Uuid,
}

impl From<Holder> for BoxKey {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::User(id) => Self {
                is_group: false,
                id,
            },
            Holder::Group(id) => Self { is_group: true, id },
        }
    }
}

#[derive(Clone)]
struct BoxBatch(DatabaseConnection);

impl BoxBatch {
    async fn rows(&self, keys: &[BoxKey]) -> Result<Vec<(BoxKey, Object)>, DbErr> {
        let ids = |is_group: bool| {
            let of = keys.iter().filter(move |key| key.is_group == is_group);
            of.map(|key| key.id).collect::<Vec<_>>()
        };
        let (users, groups) = (ids(false), ids(true));
        let mut rows = Vec::new();
        if !users.is_empty() {
            let pages = user_page::Entity::find()
                .filter(user_page::Column::UserId.is_in(users.iter().copied()));
            let rights = user_right::Entity::find().filter(user_right::Column::UserId.is_in(users));
            let key = |id| BoxKey {
                is_group: false,
                id,
            };
            rows.extend(
                pages
                    .all(&self.0)
                    .await?
                    .iter()
                    .map(|r| (key(r.user_id), Object::Page(r.page_id))),
            );
            rows.extend(
                rights
                    .all(&self.0)
                    .await?
                    .iter()
                    .map(|r| (key(r.user_id), Object::Right(r.right))),
            );
        }
        if !groups.is_empty() {
            let pages = group_page::Entity::find()
                .filter(group_page::Column::GroupId.is_in(groups.iter().copied()));
            let rights =
                group_right::Entity::find().filter(group_right::Column::GroupId.is_in(groups));
            let key = |id| BoxKey { is_group: true, id };
            rows.extend(
                pages
                    .all(&self.0)
                    .await?
                    .iter()
                    .map(|r| (key(r.group_id), Object::Page(r.page_id))),
            );
            rows.extend(
                rights
                    .all(&self.0)
                    .await?
                    .iter()
                    .map(|r| (key(r.group_id), Object::Right(r.right))),
            );
        }
        Ok(rows)
    }
}

impl BatchFn<BoxKey, loader::Loaded<Vec<Object>>> for BoxBatch {
    async fn load(&mut self, keys: &[BoxKey]) -> HashMap<BoxKey, loader::Loaded<Vec<Object>>> {
        let rows = self.rows(keys).await;
        let lists = loader::lists_by_key("boxes", keys, rows, |(key, _)| Some(*key));
        lists
            .into_iter()
            .map(|(key, list)| {
                let objects = |list: Arc<Vec<(BoxKey, Object)>>| {
                    Arc::new(list.iter().map(|(_, object)| *object).collect())
                };
                (key, list.map(|list| list.map(objects)))
            })
            .collect()
    }
}

#[derive(Clone)]
struct GroupBatch(DatabaseConnection);

impl BatchFn<Uuid, loader::Loaded<Vec<group::Model>>> for GroupBatch {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, loader::Loaded<Vec<group::Model>>> {
        let rows = group_member::Entity::find()
            .filter(group_member::Column::UserId.is_in(keys.iter().copied()))
            .select_also(group::Entity)
            .join(JoinType::InnerJoin, to_group())
            .order_by_asc(group::Column::Name)
            .all(&self.0)
            .await;
        paired("user_groups", keys, rows, |member| member.user_id)
    }
}

#[derive(Clone)]
struct MemberBatch(DatabaseConnection);

impl BatchFn<Uuid, loader::Loaded<Vec<user::Model>>> for MemberBatch {
    async fn load(&mut self, keys: &[Uuid]) -> HashMap<Uuid, loader::Loaded<Vec<user::Model>>> {
        let rows = group_member::Entity::find()
            .filter(group_member::Column::GroupId.is_in(keys.iter().copied()))
            .select_also(user::Entity)
            .join(JoinType::InnerJoin, to_user())
            .order_by_asc(user::Column::Username)
            .all(&self.0)
            .await;
        paired("group_members", keys, rows, |member| member.group_id)
    }
}

#[derive(Clone)]
struct PageBatch(DatabaseConnection);

impl BatchFn<(), loader::Loaded<Vec<page::Model>>> for PageBatch {
    async fn load(&mut self, keys: &[()]) -> HashMap<(), loader::Loaded<Vec<page::Model>>> {
        let rows = page::Entity::find().all(&self.0).await;
        loader::lists_by_key("pages", keys, rows, |_| Some(()))
    }
}

fn to_group() -> RelationDef {
    group_member::Entity::belongs_to(group::Entity)
        .from(group_member::Column::GroupId)
        .to(group::Column::Id)
        .into()
}

fn to_user() -> RelationDef {
    group_member::Entity::belongs_to(user::Entity)
        .from(group_member::Column::UserId)
        .to(user::Column::Id)
        .into()
}

/// What stands beside each membership, by a key of the membership.
fn paired<T>(
    name: &'static str,
    keys: &[Uuid],
    rows: Result<Vec<(group_member::Model, Option<T>)>, DbErr>,
    key: impl Fn(&group_member::Model) -> Uuid,
) -> HashMap<Uuid, loader::Loaded<Vec<T>>> {
    let mut lists: HashMap<Uuid, Vec<T>> = keys.iter().map(|k| (*k, Vec::new())).collect();
    loader::count(name, keys.len());
    match rows {
        Err(e) => return loader::failed(keys, e),
        Ok(rows) => {
            for (member, other) in rows {
                if let (Some(list), Some(other)) = (lists.get_mut(&key(&member)), other) {
                    list.push(other);
                }
            }
        }
    }
    lists
        .into_iter()
        .map(|(key, list)| (key, Ok(Some(Arc::new(list)))))
        .collect()
}

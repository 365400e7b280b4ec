//! Inputs and payloads of the boxes' and groups' mutations.

use async_graphql::{ID, InputObject, OneofObject, SimpleObject};

use super::{
    Holder, Object,
    graphql::{Group, Right},
};
use crate::{
    error::{Error, Result},
    graphql::{NodeId, UserError},
    text,
    users::graphql::User,
};

/// Whose box it is.
#[derive(OneofObject)]
pub enum AccessHolderInput {
    /// A person's.
    User(ID),
    /// A group's: of everybody in it.
    Group(ID),
}

impl AccessHolderInput {
    /// The holder.
    ///
    /// # Errors
    /// NOT_FOUND for an id of another kind.
    pub fn parse(&self) -> Result<Holder> {
        Ok(match self {
            Self::User(id) => Holder::User(NodeId::uuid(id, "User")?),
            Self::Group(id) => Holder::Group(NodeId::uuid(id, "Group")?),
        })
    }
}

/// Which box it is.
#[derive(OneofObject)]
pub enum AccessObjectInput {
    /// Opening a page, seeing its card and its alerts.
    Page(ID),
    /// Something else.
    Right(Right),
}

impl AccessObjectInput {
    /// The object.
    ///
    /// # Errors
    /// NOT_FOUND for an id of another kind.
    pub fn parse(&self) -> Result<Object> {
        Ok(match self {
            Self::Page(id) => Object::Page(NodeId::uuid(id, "Page")?),
            Self::Right(right) => Object::Right((*right).into()),
        })
    }
}

/// A box to tick or untick.
#[derive(InputObject)]
pub struct SetAccessInput {
    /// Whose.
    pub holder: AccessHolderInput,
    /// Which.
    pub object: AccessObjectInput,
    /// Ticked, or not.
    pub allowed: bool,
}

/// Answer of `setAccess`.
#[derive(SimpleObject, Default)]
pub struct SetAccessPayload {
    /// The person, when it was theirs.
    pub user: Option<User>,
    /// The group, when it was its own.
    pub group: Option<Group>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A new group.
#[derive(InputObject)]
pub struct CreateGroupInput {
    /// Its name.
    pub name: String,
}

/// Answer of `createGroup`.
#[derive(SimpleObject)]
pub struct CreateGroupPayload {
    /// The group; null when none was made.
    pub group: Option<Group>,
    /// Why none was made.
    pub errors: Vec<UserError>,
}

/// A new name of a group.
#[derive(InputObject)]
pub struct UpdateGroupInput {
    /// The group.
    pub id: ID,
    /// The version you saw; another one is a CONFLICT.
    pub expected_version: i32,
    /// Its new name.
    pub name: String,
}

/// Answer of `updateGroup`.
#[derive(SimpleObject)]
pub struct UpdateGroupPayload {
    /// The group; null when nothing was changed.
    pub group: Option<Group>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// A group to delete.
#[derive(InputObject)]
pub struct DeleteGroupInput {
    /// The group.
    pub id: ID,
}

/// Answer of `deleteGroup`.
#[derive(SimpleObject)]
pub struct DeleteGroupPayload {
    /// Id of the group that is gone; null when nothing was deleted.
    pub deleted_id: Option<ID>,
    /// Why nothing was deleted.
    pub errors: Vec<UserError>,
}

/// Somebody to take into a group, or out of it.
#[derive(InputObject)]
pub struct SetGroupMemberInput {
    /// The group.
    pub group: ID,
    /// The person.
    pub user: ID,
    /// In, or out.
    pub member: bool,
}

/// Answer of `setGroupMember`.
#[derive(SimpleObject, Default)]
pub struct SetGroupMemberPayload {
    /// The group; null when nothing was changed.
    pub group: Option<Group>,
    /// The person; null when nothing was changed.
    pub user: Option<User>,
    /// Why nothing was changed.
    pub errors: Vec<UserError>,
}

/// The page that an id names is gone.
pub fn page_gone() -> Error {
    Error::NotFound(text!("This page is gone.", "없는 페이지입니다."))
}

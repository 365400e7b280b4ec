//! Boxes and groups in the schema.

use async_graphql::{
    ComplexObject, Context, Enum, ID, Object, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use entity::{group, page, user, user_right};
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use super::{
    Holder, Object as Box, group as groups,
    input::{
        CreateGroupInput, CreateGroupPayload, DeleteGroupInput, DeleteGroupPayload, SetAccessInput,
        SetAccessPayload, SetGroupMemberInput, SetGroupMemberPayload, UpdateGroupInput,
        UpdateGroupPayload, page_gone,
    },
    loader::AccessLoaders,
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome, Page, PageArgs, Total},
    live::Topic,
    users::{graphql::User, service},
    viewer::ViewerExt,
};

/// A right besides opening pages.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
#[graphql(remote = "user_right::Right")]
pub enum Right {
    /// Sees the cluster: pods, certificates, incidents.
    ClusterView,
    /// Reads what containers say, for those who see the cluster. Logs may hold what nobody else should read.
    LogsView,
    /// Writes notices.
    NoticesWrite,
    /// Manages alert channels and reads deliveries.
    ChannelsManage,
}

/// Ticked boxes.
#[derive(SimpleObject, Clone, Debug, Default)]
pub struct Grants {
    /// Ids of pages.
    pub pages: Vec<ID>,
    /// Rights.
    pub rights: Vec<Right>,
}

/// What somebody may do: their boxes, those of their groups and their role together.
#[derive(SimpleObject, Clone, Debug)]
pub struct Access {
    /// Ids of the pages they may open.
    pub pages: Vec<ID>,
    /// Their rights.
    pub rights: Vec<Right>,
}

impl FromIterator<Box> for Grants {
    fn from_iter<I: IntoIterator<Item = Box>>(boxes: I) -> Self {
        let mut grants = Self::default();
        for ticked in boxes {
            match ticked {
                Box::Page(id) => grants.pages.push(NodeId::encode("Page", id)),
                Box::Right(right) => grants.rights.push(right.into()),
            }
        }
        grants
    }
}

/// A set of people that get the same boxes.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub struct Group {
    /// Opaque id.
    pub id: ID,
    /// Its name.
    pub name: String,
    /// Grows with each edit of the name; give it back in `expectedVersion`.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    #[graphql(skip)]
    key: Uuid,
}

/// Fields that are looked up.
#[ComplexObject]
impl Group {
    /// Its members by name, at most 500. For admins; empty for others.
    #[graphql(complexity = "50 + child_complexity * 10")]
    async fn members(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<User>> {
        if ctx.admin().is_err() {
            return Ok(Vec::new());
        }
        let members = loaders(ctx).members(self.key).await?;
        Ok(members.iter().cloned().map(User::from).collect())
    }

    /// How many members it has.
    async fn member_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let members = loaders(ctx).members(self.key).await?;
        Ok(i32::try_from(members.len()).unwrap_or(i32::MAX))
    }

    /// Its boxes.
    async fn grants(&self, ctx: &Context<'_>) -> async_graphql::Result<Grants> {
        let boxes = loaders(ctx).boxes(Holder::Group(self.key)).await?;
        Ok(boxes.into_iter().collect())
    }
}

impl From<group::Model> for Group {
    fn from(row: group::Model) -> Self {
        Self {
            id: NodeId::encode("Group", row.id),
            key: row.id,
            name: row.name,
            version: row.version,
            created_at: row.created_at,
        }
    }
}

/// Groups of a person.
///
/// # Errors
/// The database's.
pub async fn groups_of(ctx: &Context<'_>, user: Uuid) -> Result<Vec<Group>> {
    let groups = loaders(ctx).groups(user).await?;
    Ok(groups.iter().cloned().map(Group::from).collect())
}

/// Boxes of a person alone.
///
/// # Errors
/// The database's.
pub async fn grants_of(ctx: &Context<'_>, user: Uuid) -> Result<Grants> {
    Ok(loaders(ctx)
        .boxes(Holder::User(user))
        .await?
        .into_iter()
        .collect())
}

/// All a person may do. Read through loaders, so that a page of people costs no more statements than one.
///
/// # Errors
/// The database's.
pub async fn access_of(ctx: &Context<'_>, user: &user::Model) -> Result<Access> {
    let loaders = loaders(ctx);
    let pages = loaders.pages().await?;
    if user.role == user::Role::Admin {
        return Ok(Access {
            pages: pages
                .iter()
                .map(|page| NodeId::encode("Page", page.id))
                .collect(),
            rights: <user_right::Right as sea_orm::Iterable>::iter()
                .map(Right::from)
                .collect(),
        });
    }
    let mut boxes = loaders.boxes(Holder::User(user.id)).await?;
    for group in loaders.groups(user.id).await?.iter() {
        boxes.extend(loaders.boxes(Holder::Group(group.id)).await?);
    }
    let mut rights: Vec<user_right::Right> = boxes
        .iter()
        .filter_map(|ticked| match ticked {
            Box::Right(right) => Some(*right),
            Box::Page(_) => None,
        })
        .collect();
    rights.sort_unstable();
    rights.dedup();
    let open = pages
        .iter()
        .filter(|page| page.for_everyone || boxes.contains(&Box::Page(page.id)));
    Ok(Access {
        pages: open.map(|page| NodeId::encode("Page", page.id)).collect(),
        rights: rights.into_iter().map(Right::from).collect(),
    })
}

fn loaders<'a>(ctx: &Context<'a>) -> &'a AccessLoaders {
    ctx.data_unchecked::<AccessLoaders>()
}

/// Groups: queries.
#[derive(Default)]
pub struct GroupQuery;

#[Object]
impl GroupQuery {
    /// All groups, by name. For admins.
    #[graphql(complexity = "crate::graphql::page::price(first, last, child_complexity)")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Items from the front, 1 to 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Start behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Items from the back, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<String, Group, Total>> {
        ctx.admin()?;
        let db = ctx.data_unchecked::<App>().db.clone();
        let page = Page::<String>::parse(PageArgs {
            first,
            after,
            last,
            before,
        })?;
        let mut cursor = group::Entity::find().cursor_by(group::Column::Name);
        let rows = page.query(&mut cursor, &db).await?;
        let total = Total::counted(move || {
            let db = db.clone();
            async move { Ok(group::Entity::find().count(&db).await?) }
        });
        Ok(page.connection(rows, total, |row| row.name.clone(), Group::from))
    }
}

/// Boxes and groups: mutations for admins.
#[derive(Default)]
pub struct AccessMutation;

#[Object]
impl AccessMutation {
    /// Ticks or unticks a box. Open pages and sockets follow within two seconds. For admins.
    async fn set_access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The box.")] input: SetAccessInput,
    ) -> async_graphql::Result<SetAccessPayload> {
        ctx.admin()?;
        let done = set_access(ctx.data_unchecked(), &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(done)?;
        let (user, group) = value.unwrap_or_default();
        Ok(SetAccessPayload {
            user: user.map(User::from),
            group: group.map(Group::from),
            errors,
        })
    }

    /// Makes a group. For admins.
    async fn create_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new group.")] input: CreateGroupInput,
    ) -> async_graphql::Result<CreateGroupPayload> {
        ctx.admin()?;
        let made = create(ctx.data_unchecked(), &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(made)?;
        Ok(CreateGroupPayload {
            group: value.map(Group::from),
            errors,
        })
    }

    /// Renames a group. For admins.
    async fn update_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateGroupInput,
    ) -> async_graphql::Result<UpdateGroupPayload> {
        ctx.admin()?;
        let changed = rename(ctx.data_unchecked(), &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(changed)?;
        Ok(UpdateGroupPayload {
            group: value.map(Group::from),
            errors,
        })
    }

    /// Deletes a group; its boxes end for its members. For admins.
    async fn delete_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group.")] input: DeleteGroupInput,
    ) -> async_graphql::Result<DeleteGroupPayload> {
        ctx.admin()?;
        let deleted = delete(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(deleted)?;
        Ok(DeleteGroupPayload {
            deleted_id: value.map(|()| input.id),
            errors,
        })
    }

    /// Takes somebody into a group, or out of it. For admins.
    async fn set_group_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and which group.")] input: SetGroupMemberInput,
    ) -> async_graphql::Result<SetGroupMemberPayload> {
        ctx.admin()?;
        let done = set_member(ctx.data_unchecked(), &Actor::of(ctx), &input).await;
        let Outcome { value, errors } = Outcome::of(done)?;
        let (group, user) = value.unzip();
        Ok(SetGroupMemberPayload {
            group: group.map(Group::from),
            user: user.map(User::from),
            errors,
        })
    }
}

type Held = (Option<user::Model>, Option<group::Model>);

async fn set_access(app: &App, by: &Actor, input: &SetAccessInput) -> Result<Held> {
    let (holder, object) = (input.holder.parse()?, input.object.parse()?);
    let mut tx = app.begin().await?;
    let held: Held = match holder {
        Holder::User(id) => {
            let user = service::find(&*tx, id).await?;
            (Some(user.ok_or_else(service::gone)?), None)
        }
        Holder::Group(id) => (None, Some(groups::find(&*tx, id).await?)),
    };
    let what = match object {
        Box::Page(id) => {
            let page = page::Entity::find_by_id(id).one(&*tx).await?;
            page.ok_or_else(page_gone)?.name
        }
        Box::Right(right) => sea_orm::ActiveEnum::to_value(&right),
    };
    super::set(&*tx, holder, object, input.allowed).await?;
    let (whose, action) = (
        match &held {
            (Some(user), _) => user.username.clone(),
            (_, Some(group)) => format!("group {}", group.name),
            _ => String::new(),
        },
        if input.allowed {
            Action::AccessGrant
        } else {
            Action::AccessRevoke
        },
    );
    audit::record(
        &*tx,
        &app.clock,
        by,
        Event::done(action, whose).detail(what),
    )
    .await?;
    match holder {
        Holder::User(id) => tx.announce(Topic::User(id)),
        Holder::Group(id) => groups::announce(&mut tx, id).await?,
    }
    tx.commit().await?;
    Ok(held)
}

async fn create(app: &App, by: &Actor, input: &CreateGroupInput) -> Result<group::Model> {
    let name = groups::name(&input.name)?;
    let tx = app.begin().await?;
    let group = groups::create(&*tx, &app.clock, name).await?;
    let event = Event::done(Action::GroupCreate, &group.name);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok(group)
}

async fn rename(app: &App, by: &Actor, input: &UpdateGroupInput) -> Result<group::Model> {
    let (id, name) = (
        NodeId::uuid(&input.id, "Group")?,
        groups::name(&input.name)?,
    );
    let tx = app.begin().await?;
    let before = groups::find(&*tx, id).await?;
    let was = format!("was {}", before.name);
    let group = groups::rename(&*tx, before, input.expected_version, name).await?;
    let event = Event::done(Action::GroupUpdate, &group.name).detail(was);
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok(group)
}

async fn delete(app: &App, by: &Actor, id: &ID) -> Result<()> {
    let id = NodeId::uuid(id, "Group")?;
    let mut tx = app.begin().await?;
    let group = groups::find(&*tx, id).await?;
    groups::announce(&mut tx, id).await?;
    group::Entity::delete_by_id(id).exec(&*tx).await?;
    let event = Event::done(Action::GroupDelete, &group.name);
    audit::record(&*tx, &app.clock, by, event).await?;
    Ok(tx.commit().await?)
}

async fn set_member(
    app: &App,
    by: &Actor,
    input: &SetGroupMemberInput,
) -> Result<(group::Model, user::Model)> {
    let (group, user) = (
        NodeId::uuid(&input.group, "Group")?,
        NodeId::uuid(&input.user, "User")?,
    );
    let mut tx = app.begin().await?;
    let group = groups::find(&*tx, group).await?;
    let user = service::find(&*tx, user).await?.ok_or_else(service::gone)?;
    groups::set_member(&mut tx, group.id, user.id, input.member).await?;
    let action = if input.member {
        Action::GroupMemberAdd
    } else {
        Action::GroupMemberRemove
    };
    let event = Event::done(action, &user.username).detail(format!("group {}", group.name));
    audit::record(&*tx, &app.clock, by, event).await?;
    tx.commit().await?;
    Ok((group, user))
}

/// A group for `node(id)`; for admins, and for its members.
///
/// # Errors
/// The database's.
pub async fn node(ctx: &Context<'_>, id: Uuid) -> Result<Option<Group>> {
    let viewer = ctx.viewer()?;
    let db = &ctx.data_unchecked::<App>().db;
    let is_member = loaders(ctx)
        .groups(viewer.user_id)
        .await?
        .iter()
        .any(|g| g.id == id);
    if !viewer.is_admin() && !is_member {
        return Ok(None);
    }
    match groups::find(db, id).await {
        Ok(group) => Ok(Some(group.into())),
        Err(Error::NotFound(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

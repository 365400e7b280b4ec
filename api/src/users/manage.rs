//! What admins do with accounts of others.

use async_graphql::{Context, ID, Object};
use entity::user::{self, Role};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait,
    QueryFilter, QuerySelect,
};
use secrecy::{ExposeSecret, SecretString};

use super::{
    graphql::User,
    input::{
        DeleteUserInput, DeleteUserPayload, IssueTemporaryPasswordInput,
        IssueTemporaryPasswordPayload, LockUserInput, LockUserPayload, UnlockUserInput,
        UnlockUserPayload, UpdateUserInput, UpdateUserPayload,
    },
    password, profile, service,
};
use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    graphql::{NodeId, Outcome},
    live::{Topic, Tx},
    text,
    viewer::ViewerExt,
};

/// Accounts: mutations for admins.
#[derive(Default)]
pub struct ManageMutation;

#[Object]
impl ManageMutation {
    /// Locks an account until an admin unlocks it, and ends its sessions and the work of its tokens within two seconds.
    /// The last admin who can sign in stays unlocked. For admins.
    async fn lock_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: LockUserInput,
    ) -> async_graphql::Result<LockUserPayload> {
        ctx.admin()?;
        let locked = lock(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(locked)?;
        Ok(LockUserPayload {
            user: value.map(User::from),
            errors,
        })
    }

    /// Lets a locked account sign in again. For admins.
    async fn unlock_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: UnlockUserInput,
    ) -> async_graphql::Result<UnlockUserPayload> {
        ctx.admin()?;
        let Outcome { value, errors } =
            Outcome::of(unlock(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await)?;
        Ok(UnlockUserPayload {
            user: value.map(User::from),
            errors,
        })
    }

    /// Gives an account a temporary password, unlocks it, and ends its sessions. For admins.
    async fn issue_temporary_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: IssueTemporaryPasswordInput,
    ) -> async_graphql::Result<IssueTemporaryPasswordPayload> {
        ctx.admin()?;
        let outcome = Outcome::of(issue(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await)?;
        let (user, secret) = outcome.value.unzip();
        Ok(IssueTemporaryPasswordPayload {
            user: user.map(User::from),
            temporary_password: secret.map(|s: SecretString| s.expose_secret().to_owned()),
            errors: outcome.errors,
        })
    }

    /// Edits an account. The last admin stays one. For admins.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateUserInput,
    ) -> async_graphql::Result<UpdateUserPayload> {
        ctx.admin()?;
        let Outcome { value, errors } =
            Outcome::of(update(ctx.data_unchecked(), &Actor::of(ctx), input).await)?;
        Ok(UpdateUserPayload {
            user: value.map(User::from),
            errors,
        })
    }

    /// Deletes an account and ends its sessions; what the person wrote stays. The last admin stays. For admins.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account to delete.")] input: DeleteUserInput,
    ) -> async_graphql::Result<DeleteUserPayload> {
        ctx.admin()?;
        let deleted = delete(ctx.data_unchecked(), &Actor::of(ctx), &input.id).await;
        let Outcome { value, errors } = Outcome::of(deleted)?;
        Ok(DeleteUserPayload {
            deleted_id: value.map(|()| input.id),
            errors,
        })
    }
}

async fn lock(app: &App, by: &Actor, id: &ID) -> Result<user::Model> {
    let mut tx = app.begin().await?;
    let user = find(&tx, id).await?;
    keep_an_admin(&tx, &user).await?;
    let user = service::lock(&mut tx, &app.clock, user).await?;
    record(app, &tx, by, Action::UserLock, &user, "").await?;
    tx.commit().await?;
    Ok(user)
}

async fn unlock(app: &App, by: &Actor, id: &ID) -> Result<user::Model> {
    let mut tx = app.begin().await?;
    let user = service::unlock(&*tx, find(&tx, id).await?).await?;
    record(app, &tx, by, Action::UserUnlock, &user, "").await?;
    tx.announce(Topic::User(user.id));
    tx.commit().await?;
    Ok(user)
}

async fn issue(app: &App, by: &Actor, id: &ID) -> Result<(user::Model, SecretString)> {
    let secret = password::temporary();
    let hash = password::hash(secret.clone()).await?;
    let mut tx = app.begin().await?;
    let user = find(&tx, id).await?;
    let user = service::set_temporary_password(&mut tx, &app.clock, user, hash).await?;
    record(app, &tx, by, Action::UserTemporaryPassword, &user, "").await?;
    tx.commit().await?;
    Ok((user, secret))
}

async fn update(app: &App, by: &Actor, input: UpdateUserInput) -> Result<user::Model> {
    let display_name = input
        .display_name
        .as_deref()
        .map(profile::display_name)
        .transpose()?;
    let email = input
        .email
        .as_deref()
        .map(|e| profile::email(Some(e)))
        .transpose()?;
    let mut tx = app.begin().await?;
    let user = find(&tx, &input.id).await?;
    let id = user.id;
    if input
        .role
        .is_some_and(|role| Role::from(role) != Role::Admin)
    {
        keep_an_admin(&tx, &user).await?;
    }
    // Only what is edited: somebody may sign in meanwhile.
    let mut row = user::ActiveModel {
        id: Set(id),
        ..Default::default()
    };
    let mut changed = Vec::new();
    if let Some(name) = display_name {
        row.display_name = Set(name);
        changed.push("name");
    }
    if let Some(email) = email {
        row.email = Set(email);
        changed.push("mail address");
    }
    if let Some(role) = input.role {
        row.role = Set(role.into());
        changed.push(match role.into() {
            Role::Admin => "role: admin",
            Role::Member => "role: member",
        });
    }
    let user = if changed.is_empty() {
        user
    } else {
        row.update(&*tx).await?
    };
    record(app, &tx, by, Action::UserUpdate, &user, &changed.join(", ")).await?;
    tx.announce(Topic::User(id));
    tx.commit().await?;
    Ok(user)
}

async fn delete(app: &App, by: &Actor, id: &ID) -> Result<()> {
    let mut tx = app.begin().await?;
    let user = find(&tx, id).await?;
    keep_an_admin(&tx, &user).await?;
    user::Entity::delete_by_id(user.id).exec(&*tx).await?;
    record(app, &tx, by, Action::UserDelete, &user, "").await?;
    tx.announce(Topic::User(user.id));
    Ok(tx.commit().await?)
}

async fn record(
    app: &App,
    tx: &Tx,
    by: &Actor,
    action: Action,
    user: &user::Model,
    detail: &str,
) -> Result<()> {
    let event = Event::done(action, &user.username).detail(detail);
    audit::record(&**tx, &app.clock, by, event).await
}

async fn find(tx: &Tx, id: &ID) -> Result<user::Model> {
    let id = NodeId::uuid(id, "User")?;
    service::find(&**tx, id).await?.ok_or_else(service::gone)
}

/// Refuses to take the last admin away. Admins are locked meanwhile: two of them removing each other take turns.
async fn keep_an_admin(tx: &Tx, leaving: &user::Model) -> Result<()> {
    if leaving.role != Role::Admin {
        return Ok(());
    }
    let mut admins = user::Entity::find().filter(user::Column::Role.eq(Role::Admin));
    if tx.get_database_backend() == DbBackend::Postgres {
        admins = admins.lock_exclusive();
    }
    let others = admins
        .all(&**tx)
        .await?
        .into_iter()
        .filter(|admin| admin.id != leaving.id && !admin.locked_by_admin);
    if others.count() == 0 {
        return Err(Error::Conflict(
            text!(
                "This is the last admin: make somebody else an admin first.",
                "마지막 관리자입니다. 먼저 다른 사람을 관리자로 지정하세요."
            ),
            vec!["input".into(), "id".into()],
        ));
    }
    Ok(())
}

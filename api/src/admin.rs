//! `porthole admin`: accounts, for whoever owns the machine. Works while the server runs.

use anyhow::Context;
use clap::Subcommand;
use entity::{
    user::{self, Role},
    user_right::Right,
};
use sea_orm::{EntityTrait, QueryOrder};
use secrecy::ExposeSecret;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    app::App,
    audit::{self, Action, Actor, Event},
    boot,
    clock::Clock,
    config::Config,
    db,
    error::Error,
    live::{Live, Tx},
    secrets::Secrets,
    users::{
        passkey, password,
        profile::{self, Username},
        service::{self, NewUser},
        two_factor,
    },
};

/// What can be done with accounts from the command line.
#[derive(Subcommand)]
pub enum Command {
    /// List accounts.
    List,
    /// Make an account and print its temporary password.
    Create {
        /// Name to sign in with.
        username: String,
        /// Make it an admin.
        #[arg(long)]
        admin: bool,
    },
    /// Print a new temporary password for an account; unlocks it and ends its sessions.
    ResetPassword {
        /// Name to sign in with.
        username: String,
        /// Turn the second factor off and remove the passkeys, too.
        #[arg(long)]
        second_factor_off: bool,
    },
    /// Let a locked account sign in again.
    Unlock {
        /// Name to sign in with.
        username: String,
    },
    /// Write a new secret key above the old ones; servers sign and seal with it from their next start on.
    RotateKey,
}

/// Runs a command.
///
/// # Errors
/// Each with what to do.
pub async fn run(command: Command, config: Config) -> anyhow::Result<()> {
    boot::check(&config)?;
    let db = db::connect(&config).await?;
    boot::migrate(&db).await?;
    let app = App {
        secrets: boot::secrets(&config)?,
        config: config.into(),
        db,
        live: Live::default(),
        clock: Clock::System,
        stop: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    match command {
        Command::List => list(&app).await,
        Command::Create { username, admin } => create(&app, &username, admin).await,
        Command::ResetPassword {
            username,
            second_factor_off,
        } => reset_password(&app, &username, second_factor_off).await,
        Command::Unlock { username } => unlock(&app, &username).await,
        Command::RotateKey => rotate_key(&app),
    }
}

async fn list(app: &App) -> anyhow::Result<()> {
    let users = user::Entity::find()
        .order_by_asc(user::Column::Username)
        .all(&app.db)
        .await?;
    for user in users {
        let role = if user.role == Role::Admin {
            "admin"
        } else {
            "member"
        };
        let state = match (user.locked_at, user.must_change_password) {
            (Some(_), _) => "locked",
            (None, true) => "temporary password",
            (None, false) => "normal",
        };
        // A hash with terminal colours or blanks in it can never be verified: say whose, not what.
        let hash_note = if user
            .password_hash
            .chars()
            .any(|c| c.is_control() || c == ' ')
        {
            "  damaged password hash: run `porthole admin reset-password`"
        } else {
            ""
        };
        println!("{:<24} {role:<8} {state}{hash_note}", user.username);
    }
    Ok(())
}

async fn create(app: &App, username: &str, admin: bool) -> anyhow::Result<()> {
    let new = NewUser {
        username: Username::parse(username).map_err(Error::into_anyhow)?,
        display_name: profile::display_name(username).map_err(Error::into_anyhow)?,
        email: None,
        role: if admin { Role::Admin } else { Role::Member },
        rights: vec![Right::ClusterView],
    };
    let secret = password::temporary();
    let hash = password::hash(secret.clone())
        .await
        .map_err(Error::into_anyhow)?;
    let txn = app.begin().await?;
    service::create(&*txn, &app.clock, new, hash)
        .await
        .map_err(Error::into_anyhow)?;
    record(app, &txn, Action::UserCreate, username).await?;
    txn.commit().await?;
    println!(
        "Temporary password of {username}: {}",
        secret.expose_secret()
    );
    Ok(())
}

async fn reset_password(app: &App, username: &str, second_factor_off: bool) -> anyhow::Result<()> {
    let user = find(app, username).await?;
    let secret = password::temporary();
    let hash = password::hash(secret.clone())
        .await
        .map_err(Error::into_anyhow)?;
    let mut tx = app.begin().await?;
    let user = service::set_temporary_password(&mut tx, &app.clock, user, hash)
        .await
        .map_err(Error::into_anyhow)?;
    record(app, &tx, Action::UserTemporaryPassword, username).await?;
    if second_factor_off {
        let user = two_factor::disable(&*tx, user)
            .await
            .map_err(Error::into_anyhow)?;
        record(app, &tx, Action::TwoFactorDisable, username).await?;
        passkey::remove_all(app, &tx, &user, &Actor::owner())
            .await
            .map_err(Error::into_anyhow)?;
    }
    tx.commit().await?;
    println!(
        "Temporary password of {username}: {}",
        secret.expose_secret()
    );
    Ok(())
}

async fn unlock(app: &App, username: &str) -> anyhow::Result<()> {
    let user = find(app, username).await?;
    let txn = app.begin().await?;
    service::unlock(&*txn, user)
        .await
        .map_err(Error::into_anyhow)?;
    record(app, &txn, Action::UserUnlock, username).await?;
    txn.commit().await?;
    println!("{username} may sign in again.");
    Ok(())
}

async fn find(app: &App, username: &str) -> anyhow::Result<user::Model> {
    service::find_by_name(&app.db, username)
        .await
        .map_err(Error::into_anyhow)?
        .with_context(|| format!("there is no account {username}: see `porthole admin list`"))
}

async fn record(app: &App, tx: &Tx, action: Action, username: &str) -> anyhow::Result<()> {
    let event = Event::done(action, username);
    audit::record(&**tx, &app.clock, &Actor::owner(), event)
        .await
        .map_err(Error::into_anyhow)
}

fn rotate_key(app: &App) -> anyhow::Result<()> {
    let path = boot::key_file(&app.config)?;
    Secrets::rotate(&path)?;
    println!(
        "A new key is in {}: keep a copy of the file, then restart every server.",
        path.display()
    );
    Ok(())
}

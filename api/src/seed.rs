//! `porthole seed`: a few words from a few people, to see how the portal looks when it is used.

use anyhow::bail;
use entity::{
    post::{self, Board},
    user::{self, Role},
    user_right::Right,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::{
    app::App,
    boards::{
        service,
        text::{CommentBody, PostBody, Title},
    },
    boot,
    clock::Clock,
    config::Config,
    error::{Error, Result},
    users::{
        password,
        profile::{self, Username},
        service::{self as accounts, NewUser},
    },
    viewer::{Credential, Viewer},
};

/// Writes the examples.
///
/// # Errors
/// A portal that has posts already: examples would stand among real words.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let (app, _lock) = boot::floor(config, Clock::System).await?;
    if post::Entity::find().count(&app.db).await? > 0 {
        bail!("there are posts already: examples are only written into an empty portal");
    }
    write(&app).await.map_err(Error::into_anyhow)
}

async fn write(app: &App) -> Result<()> {
    let mina = person(app, "mina", "서민아", Role::Admin).await?;
    let jun = person(app, "jun", "Jun Park", Role::Member).await?;
    let router = write_post(
        app,
        &mina,
        Board::Notice,
        "Router swap on Sunday, about 20 minutes offline",
        "On **Sunday at 10:00** the router is replaced. Everything will be offline for about 20 minutes.\n\n- Save your work before.\n- Jellyfin needs a restart afterwards; I will do it.",
    )
    .await?;
    write_comment(
        app,
        &jun,
        &router,
        "Does this also stop the backups of the night before?",
    )
    .await?;
    write_comment(app, &mina, &router, "아니요, 백업은 새벽 3시에 끝납니다.").await?;
    write_post(
        app,
        &mina,
        Board::Notice,
        "위키 첫 페이지가 바뀌었습니다",
        "자주 찾는 문서를 위로 옮겼습니다. 빠진 것이 있으면 댓글로 알려 주세요.",
    )
    .await?;
    let space = write_post(
        app,
        &jun,
        Board::Request,
        "More space on Nextcloud",
        "My quota is nearly used up. Could I have 20 GB more?",
    )
    .await?;
    write_comment(app, &mina, &space, "Done. You have 50 GB now.").await
}

async fn person(app: &App, name: &str, display_name: &str, role: Role) -> Result<Viewer> {
    let secret = password::temporary();
    let new = NewUser {
        username: Username::parse(name)?,
        display_name: profile::display_name(display_name)?,
        email: None,
        role,
        rights: vec![Right::ClusterView],
    };
    let hash = password::hash(secret.clone()).await?;
    let txn = app.begin().await?;
    let user: user::Model = accounts::create(&*txn, &app.clock, new, hash).await?;
    txn.commit().await?;
    println!("{name}: {}", secret.expose_secret());
    Ok(Viewer {
        user_id: user.id,
        username: user.username,
        credential: Credential::Session(Uuid::nil()),
        role,
        rights: Vec::new(),
        must_change_password: false,
        expires_at: app.clock.now(),
    })
}

async fn write_post(
    app: &App,
    author: &Viewer,
    board: Board,
    title: &str,
    body: &str,
) -> Result<post::Model> {
    let (title, body) = (Title::parse(title)?, PostBody::parse(body)?);
    let txn = app.begin().await?;
    let post = service::create_post(&*txn, &app.clock, author, board, title, body).await?;
    txn.commit().await?;
    Ok(post)
}

async fn write_comment(app: &App, author: &Viewer, post: &post::Model, body: &str) -> Result<()> {
    let body = CommentBody::parse(body)?;
    let mut tx = app.begin().await?;
    service::create_comment(&mut tx, &app.clock, author, post, None, body).await?;
    Ok(tx.commit().await?)
}

//! Does each page answer? Asked once a minute, without following what it says.
//!
//! A page that asks who is there (401, 403, a redirect) answers. Only its own errors (5xx), silence and a broken
//! connection count, and only twice in a row.

use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use entity::page::{self, Health};
use futures::{StreamExt, stream};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement, sea_query::Expr,
};

use crate::{
    app::App,
    error::{Result, cause},
    live::Topic,
};

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Failures in a row after which a page is down.
const FAILURES: i32 = 2;
/// Pages asked at once.
const AT_ONCE: usize = 8;
/// PostgreSQL's lock that lets one replica probe at a time.
const PROBE_LOCK: i64 = 0x7061_6765_7072_6f62;

/// What probes ask with.
///
/// # Errors
/// When it cannot be built.
pub fn client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Porthole/", env!("CARGO_PKG_VERSION"), " (probe)"))
        .build()
        .context("cannot build the HTTP client of the pages' probe")
}

/// Probes again and again.
pub async fn run(app: App, client: reqwest::Client) {
    let period = Duration::from_secs(app.config.page_probe_seconds.into());
    let mut tick = tokio::time::interval(period);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(e) = pass(&app, &client).await {
            let error = e.into_anyhow();
            tracing::warn!(error = format!("{error:#}"), "pages could not be probed");
        }
    }
}

/// Probes all pages once; with several replicas, whoever is first.
///
/// # Errors
/// The database's.
pub async fn pass(app: &App, client: &reqwest::Client) -> Result<()> {
    let tx = app.begin().await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_try_advisory_xact_lock({PROBE_LOCK}) AS mine");
        let lock = Statement::from_string(DbBackend::Postgres, lock);
        let mine = tx.query_one_raw(lock).await?;
        if !mine.is_some_and(|row| row.try_get("", "mine").unwrap_or(false)) {
            return Ok(());
        }
    } else {
        // With one process there is nobody to keep out, and the write lock is for those who write.
        tx.commit().await?;
        return probe_all(app, client).await;
    }
    probe_all(app, client).await?;
    Ok(tx.commit().await?)
}

async fn probe_all(app: &App, client: &reqwest::Client) -> Result<()> {
    let pages = page::Entity::find()
        .filter(page::Column::Probed.eq(true))
        .all(&app.db)
        .await?;
    let mut probes = stream::iter(pages)
        .map(|page| async move {
            let problem = probe(client, &page.url).await;
            (page, problem)
        })
        .buffer_unordered(AT_ONCE);
    while let Some((page, problem)) = probes.next().await {
        settle(app, page, problem).await?;
    }
    Ok(())
}

/// What is wrong with a page; `None` when it answers.
async fn probe(client: &reqwest::Client, url: &str) -> Option<String> {
    match client.get(url).send().await {
        Ok(answer) if answer.status().is_server_error() => {
            Some(format!("HTTP {}", answer.status().as_u16()))
        }
        Ok(_) => None,
        Err(e) if e.is_timeout() => Some(format!("no answer within {} s", PATIENCE.as_secs())),
        Err(e) => Some(cause(&e)),
    }
}

/// Writes down what a probe found, unless the page was edited meanwhile; tells it when its health changes.
async fn settle(app: &App, page: page::Model, problem: Option<String>) -> Result<()> {
    let now = app.clock.now();
    let failures = if problem.is_some() {
        page.failures.saturating_add(1)
    } else {
        0
    };
    let health = match (failures, page.health) {
        (0, _) => Health::Up,
        (n, _) if n >= FAILURES => Health::Down,
        (_, before) => before,
    };
    let changed = health != page.health;
    let since: Option<DateTime<Utc>> = if changed {
        Some(now)
    } else {
        page.health_since
    };
    let mut tx = app.begin().await?;
    let written = page::Entity::update_many()
        .col_expr(page::Column::Failures, Expr::value(failures))
        .col_expr(
            page::Column::Health,
            Expr::value(sea_orm::ActiveEnum::to_value(&health)),
        )
        .col_expr(page::Column::HealthSince, Expr::value(since))
        .col_expr(page::Column::CheckedAt, Expr::value(now))
        .col_expr(page::Column::Problem, Expr::value(problem))
        .filter(page::Column::Id.eq(page.id))
        .filter(page::Column::Version.eq(page.version))
        .exec(&*tx)
        .await?;
    if changed && written.rows_affected > 0 {
        tx.announce(Topic::Page(page.id));
    }
    Ok(tx.commit().await?)
}

//! Starting and stopping: everything is built here, once, in order.

use std::{fs::File, io::Write, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use axum::{Router, serve::ListenerExt};
use metrics_exporter_prometheus::PrometheusHandle;
use migration::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    alerts,
    app::App,
    audit,
    clock::Clock,
    cluster,
    config::Config,
    db, http,
    live::Live,
    memory, pages, schema,
    secrets::Secrets,
    telemetry,
    users::{bootstrap, password},
};

/// How long open requests and background tasks may take to end.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(10);
/// Any number, the same for every replica: PostgreSQL's lock around migrations.
const MIGRATION_LOCK: i64 = 0x506f_7274_686f_6c65;

/// A server that is ready to serve.
pub struct Porthole {
    /// The floor.
    pub app: App,
    /// All routes.
    pub router: Router,
    /// The line that tells the admin's first password, when the server made one.
    pub announcement: Option<String>,
    _lock: Option<File>,
}

/// Builds the server: database, keys, first account, rooms.
///
/// # Errors
/// Each with what to do.
pub async fn build(config: Config, clock: Clock) -> anyhow::Result<Porthole> {
    let (app, lock) = floor(config, clock).await?;
    app.spawn(password::warm_up());
    let notifier = alerts::start(&app)?;
    audit::start(&app);
    pages::start(&app)?;
    let clusters = cluster::connect::start(&app).await?;
    // Last of what may fail: a password that was made must also be printed.
    let announcement = bootstrap::bootstrap(&app)
        .await?
        .map(|secret| bootstrap::announcement(&secret));
    let schema = schema::build(&app, notifier, clusters);
    let router = http::router(http::Server::new(app.clone(), schema, metrics()));
    Ok(Porthole {
        app,
        router,
        announcement,
        _lock: lock,
    })
}

/// Sends alerts until SIGINT or SIGTERM, and does nothing else: more hands beside the servers.
///
/// # Errors
/// Each with what to do.
pub async fn work(mut config: Config) -> anyhow::Result<()> {
    config.work = true;
    let (app, _lock) = floor(config, Clock::System).await?;
    alerts::start(&app)?;
    wait_for_signal().await;
    app.stop.cancel();
    app.tasks.close();
    let _ = tokio::time::timeout(SHUTDOWN_PATIENCE, app.tasks.wait()).await;
    Ok(())
}

/// The database, migrated, and everything every room stands on; with SQLite also the lock on its file.
///
/// # Errors
/// Each with what to do.
pub async fn floor(config: Config, clock: Clock) -> anyhow::Result<(App, Option<File>)> {
    check(&config)?;
    let lock = lock_sqlite(&config)?;
    let db = db::connect(&config).await?;
    migrate(&db).await?;
    let app = App {
        secrets: secrets(&config)?,
        config: Arc::new(config),
        db,
        live: Live::default(),
        clock,
        stop: CancellationToken::new(),
        tasks: TaskTracker::new(),
    };
    app.spawn(memory::give_back());
    if !app.config.is_sqlite() {
        app.spawn(app.live.clone().listen(app.db.clone(), app.stop.clone()));
    }
    Ok((app, lock))
}

/// Serves until SIGINT or SIGTERM, then ends what is open.
///
/// # Errors
/// Each with what to do.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    check(&config)?;
    let listener = listen(&config).await?;
    let porthole = build(config, Clock::System).await?;
    announce(&porthole)?;
    let stop = porthole.app.stop.clone();
    tokio::spawn(async move {
        wait_for_signal().await;
        tracing::info!("shutting down");
        stop.cancel();
    });
    run(porthole, listener).await
}

/// Serves on a listener until the app is stopped.
///
/// # Errors
/// The listener's.
pub async fn run(porthole: Porthole, listener: TcpListener) -> anyhow::Result<()> {
    let stop = porthole.app.stop.clone();
    let service = porthole
        .router
        .into_make_service_with_connect_info::<std::net::SocketAddr>();
    // Small frames must not wait for the client to acknowledge the one before, which takes up to 40 ms.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let serving = axum::serve(listener, service)
        .with_graceful_shutdown(stop.clone().cancelled_owned())
        .into_future();
    let given_up = async {
        stop.cancelled().await;
        tokio::time::sleep(SHUTDOWN_PATIENCE).await;
    };
    tokio::select! {
        result = serving => result?,
        () = given_up => tracing::warn!("some connections did not end in time"),
    }
    porthole.app.tasks.close();
    let _ = tokio::time::timeout(SHUTDOWN_PATIENCE, porthole.app.tasks.wait()).await;
    porthole.app.db.close().await?;
    Ok(())
}

/// Brings the database to the newest shape; replicas take turns.
///
/// # Errors
/// The database's.
pub async fn migrate(db: &DatabaseConnection) -> anyhow::Result<()> {
    let failed = "cannot bring the database to the newest shape";
    if db.get_database_backend() != sea_orm::DbBackend::Postgres {
        return Migrator::up(db, None).await.context(failed);
    }
    let mut guard = db.get_postgres_connection_pool().acquire().await?;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *guard)
        .await?;
    let result = Migrator::up(db, None).await.context(failed);
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *guard)
        .await?;
    result
}

/// Refuses nonsense, with every fault listed.
///
/// # Errors
/// All faults of the settings.
pub fn check(config: &Config) -> anyhow::Result<()> {
    let faults = config.faults();
    if faults.is_empty() {
        return Ok(());
    }
    bail!("the settings need a look:\n  - {}", faults.join("\n  - "));
}

async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "cannot listen on {}: another program may use this port; choose one with PORTHOLE_LISTEN=127.0.0.1:8081",
            config.listen
        )
    })
}

/// SQLite serves one process: a second one would miss what the first announces.
fn lock_sqlite(config: &Config) -> anyhow::Result<Option<File>> {
    let Some(file) = config.sqlite_file() else {
        return Ok(None);
    };
    db::prepare_folder(&file)?;
    let path = PathBuf::from(format!("{}.lock", file.display()));
    let lock = File::create(&path).with_context(|| {
        format!(
            "cannot write {}: make the data folder writable for this user",
            path.display()
        )
    })?;
    if lock.try_lock().is_err() {
        bail!(
            "another Porthole uses {} already: stop it, or give this one its own PORTHOLE_DATABASE_URL (PostgreSQL serves several)",
            file.display()
        );
    }
    Ok(Some(lock))
}

/// The keys, from their file.
///
/// # Errors
/// Names the file and what to do.
pub fn secrets(config: &Config) -> anyhow::Result<Arc<Secrets>> {
    Ok(Arc::new(Secrets::load_or_create(&key_file(config)?)?))
}

/// Beside the SQLite file, unless the settings say otherwise.
///
/// # Errors
/// When the settings must name it.
pub fn key_file(config: &Config) -> anyhow::Result<PathBuf> {
    if let Some(path) = &config.secret_key_file {
        return Ok(path.clone());
    }
    match config.sqlite_file() {
        Some(file) => Ok(file.with_file_name("secret.key")),
        None if config.is_sqlite() => Ok(std::env::temp_dir()
            .join(format!("porthole-{}", std::process::id()))
            .join("secret.key")),
        None => bail!(
            "set PORTHOLE_SECRET_KEY_FILE: with PostgreSQL all replicas need the same key file (a missing file is made at the first start)"
        ),
    }
}

fn announce(porthole: &Porthole) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Porthole {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "Open {}", porthole.app.config.public_url())?;
    if let Some(line) = &porthole.announcement {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// One recorder for the process; tests build several servers in one.
fn metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = telemetry::builder().expect("there are buckets");
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            let _ = ::metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

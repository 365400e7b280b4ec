//! `porthole doctor`, run as an operator runs it, on what is well and on what is broken on purpose.

use std::{
    path::Path,
    process::{Command, Output},
};

use axum::{Router, response::Html, routing::any};
use entity::user;
use http::header;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::{
    cluster::ControlPlane,
    db::{TestDb, both, sqlite},
    processes::Server,
};

/// What the doctor says, and whether it is content.
struct Said {
    well: bool,
    checks: Vec<Value>,
}

impl Said {
    /// The checks of a part.
    fn of<'a>(&'a self, part: &'a str) -> impl Iterator<Item = &'a Value> {
        self.checks
            .iter()
            .filter(move |check| check["part"] == part)
    }

    /// Known incidents that were found, sorted.
    fn known(&self) -> Vec<&str> {
        let mut known: Vec<&str> = self
            .checks
            .iter()
            .filter_map(|c| c["diagnosis"].as_str())
            .collect();
        known.sort_unstable();
        known
    }
}

fn run(db: &TestDb, settings: &[(&str, &str)], args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_porthole"))
        .arg("doctor")
        .args(args)
        .env("PORTHOLE_DATABASE_URL", &db.url)
        .env("PORTHOLE_CLUSTER", "off")
        .env(
            "PORTHOLE_SECRET_KEY_FILE",
            db.folder.path().join("secret.key"),
        )
        .env("NO_PROXY", "*")
        .envs(settings.iter().copied())
        .output()
        .expect("the doctor runs")
}

fn ask(db: &TestDb, settings: &[(&str, &str)], args: &[&str]) -> Said {
    let output = run(db, settings, &[args, &["--json"]].concat());
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stdout)));
    assert_eq!(
        report["ok"].as_bool(),
        Some(output.status.success()),
        "the exit code says the same"
    );
    Said {
        well: output.status.success(),
        checks: report["checks"].as_array().expect("a list").clone(),
    }
}

/// A web server that answers everything alike; returns `host:port`.
async fn web(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(axum::serve(listener, router).into_future());
    address.to_string()
}

/// A registry that sends whoever asks to this address for a token; returns `host:port`.
pub async fn registry(realm: &str) -> String {
    let says = format!("Bearer realm=\"{realm}\",service=\"container_registry\"");
    let answer = move || {
        let says = says.clone();
        async move {
            (
                http::StatusCode::UNAUTHORIZED,
                [(header::WWW_AUTHENTICATE, says)],
            )
        }
    };
    web(Router::new().route("/v2/", any(answer))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_well_is_found_well_and_a_polluted_hash_is_found() {
    for db in both().await {
        let server = Server::start_with(&db, &[]).await;
        let url = format!("http://{}", server.address);
        let said = ask(&db, &[("PORTHOLE_PUBLIC_URL", &url)], &[]);
        assert!(said.well, "{:?}", said.checks);
        assert_eq!(said.known(), [""; 0]);
        assert!(said.of("database").any(|check| check["outcome"] == "ok"));
        assert!(
            said.of("public address")
                .any(|check| check["outcome"] == "ok")
        );

        let connection = sea_orm::Database::connect(&db.url)
            .await
            .expect("connected");
        let admin = user::Entity::find()
            .one(&connection)
            .await
            .expect("read")
            .expect("there");
        let polluted = format!("\u{1b}[0m{}", admin.password_hash);
        let mut row = admin.into_active_model();
        row.password_hash = Set(polluted.clone());
        row.update(&connection).await.expect("written");
        let said = ask(&db, &[("PORTHOLE_PUBLIC_URL", &url)], &[]);
        assert!(!said.well);
        assert_eq!(said.known(), ["POLLUTED_PASSWORD_HASH"]);
        let words = format!("{:?}", said.checks);
        assert!(
            words.contains("admin") && !words.contains("argon2"),
            "names the user only: {words}"
        );
        let human = run(&db, &[("PORTHOLE_PUBLIC_URL", &url)], &[]);
        let human = String::from_utf8_lossy(&human.stdout).into_owned();
        assert!(
            human.contains("FAIL  passwords") && human.contains("→ Set a new password"),
            "{human}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_instead_of_the_api_and_registries_that_lead_nowhere_are_found() {
    let db = sqlite();
    let page =
        web(Router::new().fallback(any(|| async { Html("<html>Welcome to nginx!</html>") }))).await;
    let said = ask(
        &db,
        &[("PORTHOLE_PUBLIC_URL", &format!("http://{page}"))],
        &[],
    );
    assert_eq!(said.known(), ["HTML_FOR_API"]);

    for (realm, known) in [
        (
            "https://localhost:3000/v2/token",
            vec!["HTTP_REGISTRY", "TOKEN_REALM_UNREACHABLE"],
        ),
        (
            "https://git.nowhere.invalid/v2/token",
            vec!["HTTP_REGISTRY", "TOKEN_REALM_UNREACHABLE"],
        ),
        (
            "http://gitea-http.gitea.svc.cluster.local:3000/v2/token",
            vec!["HTTP_REGISTRY", "TOKEN_REALM_IN_CLUSTER"],
        ),
    ] {
        let registry = registry(realm).await;
        let said = ask(&db, &[], &["--registry", &registry]);
        assert_eq!(said.known(), known, "{realm}");
        assert!(!said.well);
    }
    let inside = ask(
        &db,
        &[],
        &["--registry", "git.gitea.svc.cluster.local:3000"],
    );
    assert_eq!(inside.known(), ["CLUSTER_REGISTRY_NAME"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn manifests_are_read_and_rights_asked_for_in_a_real_cluster() {
    let plane = ControlPlane::start("doctor", false).await;
    let service = |name: &str, port: u16| {
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": { "name": name, "namespace": "default" },
            "spec": { "type": "NodePort", "ports": [{ "port": 80, "nodePort": port }] },
        })
    };
    plane.apply(&service("there", 30_080)).await;
    let db = sqlite();
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let manifests = folder.path().display().to_string();
    let kubeconfig = plane.kubeconfig();
    let kubeconfig = kubeconfig.trim_start_matches("--kubeconfig=");
    let settings = [
        ("PORTHOLE_CLUSTER", "auto"),
        ("PORTHOLE_KUBECONFIG", kubeconfig),
    ];
    let args = ["--manifests", manifests.as_str()];

    write("a.yaml", &service("mine", 30_081).to_string());
    write("values.yaml", "replicas: 2\n");
    let said = ask(&db, &settings, &args);
    assert!(said.well, "{:?}", said.checks);
    assert!(said.checks.iter().any(|c| {
        c["message"]
            .as_str()
            .is_some_and(|m| m.contains("every right it needs"))
    }));

    write("a.yaml", &service("mine", 30_080).to_string());
    let twice = format!(
        "{}\n---\n{}\n",
        service("b", 30_085),
        service("mine", 30_080)
    );
    write("b.yaml", &twice);
    let said = ask(&db, &settings, &args);
    assert_eq!(
        said.known(),
        ["DEFINED_TWICE", "NODE_PORT_TAKEN", "NODE_PORT_TAKEN"]
    );
    let words = format!("{:?}", said.checks);
    assert!(
        words.contains("Service default/mine is defined 2 times: a.yaml, b.yaml"),
        "{words}"
    );
    assert!(
        words.contains("NodePort 30080, which default/there has"),
        "{words}"
    );

    write("c.yaml", "a: [1\n");
    assert!(ask(&db, &settings, &args).of("manifests").any(|c| {
        c["message"]
            .as_str()
            .is_some_and(|m| m.starts_with("c.yaml"))
    }));
    plane.tool("down", &[]).await;
}

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=a@example.org",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(args)
        .output()
        .expect("git runs");
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_that_is_behind_or_belongs_to_nobody_is_found() {
    let db = sqlite();
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("origin")).expect("made");
    git(&at("origin"), &["init", "--bare", "-q"]);
    git(folder.path(), &["clone", "-q", "origin", "mine"]);
    git(&at("mine"), &["commit", "-q", "--allow-empty", "-m", "one"]);
    git(&at("mine"), &["push", "-q", "-u", "origin", "HEAD"]);
    git(folder.path(), &["clone", "-q", "origin", "theirs"]);
    let mine = at("mine").display().to_string();
    // Nobody's own settings reach into the test.
    let nobody = [
        ("HOME", mine.as_str()),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ];
    let said = ask(&db, &nobody, &["--repo", &mine]);
    assert_eq!(said.known(), ["GIT_IDENTITY_MISSING"]);

    git(&at("mine"), &["config", "user.name", "Me"]);
    git(&at("mine"), &["config", "user.email", "me@example.org"]);
    assert!(ask(&db, &nobody, &["--repo", &mine]).well);
    git(
        &at("theirs"),
        &["commit", "-q", "--allow-empty", "-m", "two"],
    );
    git(&at("theirs"), &["push", "-q"]);
    let said = ask(&db, &nobody, &["--repo", &mine]);
    assert_eq!(said.known(), ["GIT_NOT_FAST_FORWARD"]);
    let nothing = ask(
        &db,
        &nobody,
        &["--repo", &folder.path().display().to_string()],
    );
    assert!(nothing.of("git").any(|c| {
        c["message"]
            .as_str()
            .is_some_and(|m| m.contains("no git checkout"))
    }));
}

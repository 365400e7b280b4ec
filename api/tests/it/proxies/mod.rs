//! Forward-auth behind real proxies: nginx with `auth_request`, Caddy with `forward_auth` (Traefik's contract), and two
//! internal pages behind each.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    access::{id_of, page, tick},
    app::{Client, TestApp, Upstream, until},
    db::{postgres, sqlite},
};

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Proxy {
    Nginx,
    Caddy,
}

/// A proxy in front of Porthole and of two pages; jun may open alpha.
struct Scene {
    process: Child,
    port: u16,
    _server: TestApp,
    admin: Client,
    jun: Client,
    alpha: String,
    _upstreams: [Upstream; 2],
    _folder: TempDir,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Scene {
    async fn start(proxy: Proxy, db: crate::db::TestDb) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = free.local_addr().expect("an address").port();
        let public = format!("--public-url=http://portal.test:{port}");
        let settings = [
            public.as_str(),
            "--allow-insecure-http",
            "--cookie-domain=portal.test",
            "--trusted-proxies=127.0.0.1",
            "--page-probe-seconds=0",
        ];
        let server = TestApp::start(db, &settings).await;
        let upstreams = [Upstream::start().await, Upstream::start().await];
        let folder = tempfile::tempdir().expect("a folder");
        drop(free);
        let process = run(proxy, folder.path(), port, server.address, &upstreams);
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let alpha = page(
            &admin,
            "Alpha",
            &format!("http://alpha.portal.test:{port}/"),
        )
        .await;
        page(&admin, "Beta", &format!("http://beta.portal.test:{port}/")).await;
        let holder = json!({ "user": id_of(&admin, "jun").await });
        tick(&admin, holder, json!({ "page": alpha }), true).await;
        let scene = Self {
            process,
            port,
            _server: server,
            admin,
            jun,
            alpha,
            _upstreams: upstreams,
            _folder: folder,
        };
        until("the proxy to answer", async || {
            let answer = scene.try_get("portal", "/healthz", "", &[]).await?;
            answer.status().is_success().then_some(())
        })
        .await;
        scene
    }

    async fn try_get(
        &self,
        host: &str,
        path: &str,
        cookies: &str,
        headers: &[(&str, &str)],
    ) -> Option<reqwest::Response> {
        let name = if host == "portal" {
            "portal.test".to_owned()
        } else {
            format!("{host}.portal.test")
        };
        let to = SocketAddr::from(([127, 0, 0, 1], self.port));
        let client = reqwest::Client::builder()
            .resolve(&name, to)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let mut request = client.get(format!("http://{name}:{}{path}", self.port));
        request = request.header("cookie", cookies);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.ok()
    }

    async fn get(
        &self,
        host: &str,
        path: &str,
        who: Option<&Client>,
        headers: &[(&str, &str)],
    ) -> reqwest::Response {
        let cookie = who
            .map(|who| who.cookie("porthole-pages"))
            .unwrap_or_default();
        self.try_get(host, path, &cookie, headers)
            .await
            .expect("an answer")
    }
}

/// Opens one host by the request line and names another in `Host`; the answer's first line.
async fn two_hosts(port: u16, opened: &str, named: &str, cookies: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("a connection");
    let request = format!(
        "GET http://{opened}.portal.test:{port}/ HTTP/1.1\r\nHost: {named}.portal.test:{port}\r\n\
         Cookie: {cookies}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    answer.lines().next().unwrap_or_default().to_owned()
}

fn run(
    proxy: Proxy,
    folder: &Path,
    port: u16,
    porthole: SocketAddr,
    pages: &[Upstream; 2],
) -> Child {
    let fill = |text: &str| {
        text.replace("{{FOLDER}}", &folder.display().to_string())
            .replace("{{PORT}}", &port.to_string())
            .replace("{{PORTHOLE}}", &porthole.to_string())
            .replace("{{ALPHA}}", &pages[0].url)
            .replace("{{BETA}}", &pages[1].url)
    };
    let write =
        |name: &str, text: &str| std::fs::write(folder.join(name), fill(text)).expect("written");
    let mut command = match proxy {
        Proxy::Nginx => {
            write("nginx.conf", include_str!("nginx.conf"));
            write("guarded.conf", include_str!("guarded.conf"));
            write("identity.conf", include_str!("identity.conf"));
            let mut command = Command::new("nginx");
            command
                .arg("-p")
                .arg(folder)
                .arg("-c")
                .arg(folder.join("nginx.conf"));
            command
        }
        Proxy::Caddy => {
            write("Caddyfile", include_str!("Caddyfile"));
            let mut command = Command::new("caddy");
            command
                .args(["run", "--adapter", "caddyfile", "--config"])
                .arg(folder.join("Caddyfile"));
            command
                .env("HOME", folder)
                .env("XDG_CONFIG_HOME", folder)
                .env("XDG_DATA_HOME", folder);
            command
        }
    };
    let path = std::env::var("PATH").unwrap_or_default();
    command
        .env("PATH", format!("{path}:/usr/sbin:/sbin"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| {
            panic!("{proxy:?} cannot be started: {e}: run the tests by `make test`")
        })
}

const HTML: (&str, &str) = ("accept", "text/html");

/// What the page behind was asked with.
async fn asked(answer: reqwest::Response) -> Value {
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

fn values(asked: &Value, name: &str) -> Vec<String> {
    let pairs = asked["headers"].as_array().expect("headers");
    let named = pairs.iter().filter(|pair| {
        pair[0]
            .as_str()
            .is_some_and(|n| n.replace('_', "-") == name)
    });
    named
        .map(|pair| pair[1].as_str().expect("text").to_owned())
        .collect()
}

async fn play(proxy: Proxy, db: crate::db::TestDb) {
    let scene = Scene::start(proxy, db).await;
    let (admin, jun) = (&scene.admin, &scene.jun);

    // Allowed, with what the client asked, and who comes.
    let path = "/a/b%2Fc?x=1&y=%26";
    let seen = asked(scene.get("alpha", path, Some(jun), &[]).await).await;
    assert_eq!(seen["path"], path);
    assert_eq!(values(&seen, "remote-user"), ["jun"]);
    // Denied, and signed out.
    assert_eq!(
        scene.get("beta", "/", Some(jun), &[HTML]).await.status(),
        403
    );
    asked(scene.get("beta", "/", Some(admin), &[]).await).await;
    let away = scene.get("beta", "/a?b=c&d=e", None, &[HTML]).await;
    assert_eq!(away.status(), 302);
    assert_eq!(
        away.headers()["location"].to_str().expect("text"),
        format!(
            "http://portal.test:{p}/sign-in?rd=http%3A%2F%2Fbeta.portal.test%3A{p}%2Fa%3Fb%3Dc%26d%3De",
            p = scene.port
        )
    );
    if proxy == Proxy::Caddy {
        let program = scene
            .get("beta", "/", None, &[("accept", "application/json")])
            .await;
        assert_eq!(program.status(), 401);
    }

    // Spoofed identity.
    for name in ["Remote-User", "remote-user", "REMOTE-USER", "Remote_User"] {
        let forged = [
            (name, "admin"),
            ("Remote-Groups", "admins"),
            ("Remote-Email", "root@example.org"),
        ];
        let seen = asked(scene.get("alpha", "/", Some(jun), &forged).await).await;
        assert!(
            !seen.to_string().contains("root@example.org") && !seen.to_string().contains("admins"),
            "{seen}"
        );
        let users = values(&seen, "remote-user");
        assert_eq!(users, ["jun"], "{name}: {seen}");
    }
    // Spoofed metadata: what the client says about where it goes.
    let forged = [
        (
            "X-Forwarded-Host",
            format!("alpha.portal.test:{}", scene.port),
        ),
        (
            "X-Original-URL",
            format!("http://alpha.portal.test:{}/", scene.port),
        ),
        ("X-Forwarded-Uri", "/".to_owned()),
    ];
    let forged: Vec<(&str, &str)> = forged
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(
        scene.get("beta", "/", Some(jun), &forged).await.status(),
        403
    );
    // One host in the request line, another in the header: what is opened counts.
    let cookie = jun.cookie("porthole-pages");
    let first = two_hosts(scene.port, "beta", "alpha", &cookie).await;
    assert!(first.starts_with("HTTP/1.1 403"), "{first}");
    // The API's own cookies open no page.
    let api = jun.cookie("porthole");
    let answer = scene
        .try_get("alpha", "/", &api, &[HTML])
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 302);

    // Taken away while it is open.
    let holder = json!({ "user": id_of(admin, "jun").await });
    tick(admin, holder.clone(), json!({ "page": scene.alpha }), false).await;
    assert_eq!(
        scene.get("alpha", "/", Some(jun), &[HTML]).await.status(),
        403
    );
    tick(admin, holder.clone(), json!({ "page": scene.alpha }), true).await;
    asked(scene.get("alpha", "/", Some(jun), &[]).await).await;
    let end = "mutation($u: ID!) { endSessions(input: { user: $u }) { errors { code } } }";
    admin.ok(end, json!({ "u": holder["user"] })).await;
    assert_eq!(
        scene.get("alpha", "/", Some(jun), &[HTML]).await.status(),
        302
    );

    // Who was refused, and from where, is written down.
    let log =
        "{ auditEvents(filter: { actions: [PAGE_OPEN] }) { nodes { actor target address } } }";
    let log = admin.ok(log, json!({})).await;
    let first = &log["auditEvents"]["nodes"][0];
    assert_eq!(
        (&first["actor"], &first["address"]),
        (&json!("jun"), &json!("127.0.0.1")),
        "{log}"
    );
}

#[tokio::test]
async fn nginx_lets_through_whose_box_is_ticked() {
    play(Proxy::Nginx, sqlite()).await;
    play(Proxy::Nginx, postgres().await).await;
}

#[tokio::test]
async fn caddy_lets_through_whose_box_is_ticked() {
    play(Proxy::Caddy, sqlite()).await;
    play(Proxy::Caddy, postgres().await).await;
}

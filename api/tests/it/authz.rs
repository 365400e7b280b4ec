//! Forward-auth as proxies ask for it.

use serde_json::{Value, json};

use crate::{
    access::{id_of, page, tick},
    app::{ADMIN_PASSWORD, Client, TestApp, start_time},
    db::{both, sqlite},
};

const SECURE: [&str; 2] = [
    "--public-url=https://portal.example.org",
    "--cookie-domain=example.org",
];

/// A server behind TLS with two pages; jun may open Git.
struct Scene {
    server: TestApp,
    admin: Client,
    jun: Client,
    git: String,
}

impl Scene {
    async fn start(db: crate::db::TestDb) -> Self {
        let server = TestApp::start(db, &SECURE).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let git = page(&admin, "Git", "https://git.example.org/").await;
        page(&admin, "Wiki", "https://apps.example.org/wiki/").await;
        let holder = json!({ "user": id_of(&admin, "jun").await });
        tick(&admin, holder, json!({ "page": git }), true).await;
        Self {
            server,
            admin,
            jun,
            git,
        }
    }

    /// What nginx is answered, with only the cookie for pages.
    async fn nginx(&self, who: &Client, url: &str) -> reqwest::Response {
        let client = self.only_pages(who);
        let headers = [("x-original-url", url), ("x-original-method", "GET")];
        client.get("/authz/nginx", &headers).await
    }

    async fn traefik(
        &self,
        who: &Client,
        host: &str,
        uri: &str,
        more: &[(&str, &str)],
    ) -> reqwest::Response {
        let mut headers = vec![
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", host),
            ("x-forwarded-uri", uri),
            ("x-forwarded-method", "GET"),
        ];
        headers.extend_from_slice(more);
        self.only_pages(who).get("/authz/traefik", &headers).await
    }

    fn only_pages(&self, who: &Client) -> Client {
        let cookies = if who.cookies.is_empty() {
            String::new()
        } else {
            who.cookie("__Secure-porthole-pages")
        };
        Client {
            cookies,
            ..self.server.client()
        }
    }
}

#[tokio::test]
async fn a_box_opens_a_page_and_says_who_comes() {
    for db in both().await {
        let scene = Scene::start(db).await;
        let set = "mutation($id: ID!) { updateUser(input: { id: $id, displayName: \"박준\", email: \"jun@example.org\" }) { errors { code } } }";
        scene
            .admin
            .ok(set, json!({ "id": id_of(&scene.admin, "jun").await }))
            .await;
        let url = "https://git.example.org/jun/repo?tab=a%2Fb#x";
        let allowed = scene.nginx(&scene.jun, url).await;
        assert_eq!(allowed.status(), 200);
        let says =
            |name: &str| String::from_utf8_lossy(allowed.headers()[name].as_bytes()).into_owned();
        assert_eq!(
            (
                says("remote-user"),
                says("remote-email"),
                says("remote-name")
            ),
            ("jun".into(), "jun@example.org".into(), "박준".into())
        );
        assert_eq!(says("remote-groups"), "", "said even when there is none");
        assert_eq!(
            scene
                .nginx(&scene.jun, "https://apps.example.org/wiki/")
                .await
                .status(),
            403
        );
        assert_eq!(
            scene
                .nginx(&scene.admin, "https://apps.example.org/wiki/")
                .await
                .status(),
            200
        );
        assert_eq!(scene.nginx(&scene.server.client(), url).await.status(), 401);
        // The cookies of the API are not asked for here.
        let api = Client {
            cookies: scene.jun.cookie("__Host-porthole"),
            ..scene.server.client()
        };
        let answer = api.get("/authz/nginx", &[("x-original-url", url)]).await;
        assert_eq!(answer.status(), 401);
    }
}

#[tokio::test]
async fn what_is_taken_away_is_closed_with_the_next_request() {
    for db in both().await {
        let scene = Scene::start(db).await;
        let url = "https://git.example.org/";
        let holder = json!({ "user": id_of(&scene.admin, "jun").await });
        assert_eq!(scene.nginx(&scene.jun, url).await.status(), 200);
        tick(
            &scene.admin,
            holder.clone(),
            json!({ "page": scene.git }),
            false,
        )
        .await;
        assert_eq!(scene.nginx(&scene.jun, url).await.status(), 403);
        tick(
            &scene.admin,
            holder.clone(),
            json!({ "page": scene.git }),
            true,
        )
        .await;
        assert_eq!(scene.nginx(&scene.jun, url).await.status(), 200);
        let issue = "mutation($id: ID!) { issueTemporaryPassword(input: { id: $id }) { temporaryPassword } }";
        let issued = scene.admin.ok(issue, json!({ "id": holder["user"] })).await;
        assert_eq!(
            scene.nginx(&scene.jun, url).await.status(),
            401,
            "its sessions ended"
        );
        // With a temporary password nothing opens but its change.
        let mut jun = scene.server.client();
        jun.sign_in(
            "jun",
            issued["issueTemporaryPassword"]["temporaryPassword"]
                .as_str()
                .expect("a password"),
        )
        .await;
        let refused = scene.nginx(&jun, url).await;
        assert_eq!(refused.status(), 401);
        assert_eq!(
            refused.headers()["x-porthole-reason"],
            "PASSWORD_CHANGE_REQUIRED"
        );
        let delete = "mutation($id: ID!) { deleteUser(input: { id: $id }) { deletedId } }";
        scene
            .admin
            .ok(delete, json!({ "id": holder["user"] }))
            .await;
        assert_eq!(scene.nginx(&jun, url).await.status(), 401);
    }
}

#[tokio::test]
async fn traefik_gets_a_redirect_for_people_and_a_status_for_programs() {
    let scene = Scene::start(sqlite()).await;
    let nobody = scene.server.client();
    let html = ("accept", "text/html,application/xhtml+xml");
    let people = scene
        .traefik(&nobody, "git.example.org", "/a?b=c&d=%26", &[html])
        .await;
    assert_eq!(people.status(), 302);
    assert_eq!(
        people.headers()["location"],
        "https://portal.example.org/sign-in?rd=https%3A%2F%2Fgit.example.org%2Fa%3Fb%3Dc%26d%3D%2526"
    );
    for program in [
        vec![("accept", "application/json")],
        vec![html, ("x-requested-with", "XMLHttpRequest")],
        vec![html, ("sec-fetch-mode", "cors")],
        vec![],
    ] {
        assert_eq!(
            scene
                .traefik(&nobody, "git.example.org", "/", &program)
                .await
                .status(),
            401
        );
    }
    assert_eq!(
        scene
            .traefik(&scene.jun, "git.example.org", "/", &[html])
            .await
            .status(),
        200
    );
    let denied = scene
        .traefik(
            &scene.jun,
            "apps.example.org",
            "/wiki/",
            &[html, ("accept-language", "ko-KR")],
        )
        .await;
    assert_eq!(denied.status(), 403);
    assert!(
        denied.text().await.expect("text").contains("Wiki"),
        "says which page"
    );
    // No page has the rest of that host.
    assert_eq!(
        scene
            .traefik(&scene.admin, "apps.example.org", "/admin", &[])
            .await
            .status(),
        403
    );
}

#[tokio::test]
async fn what_is_missing_doubled_or_unknown_is_refused() {
    let scene = Scene::start(sqlite()).await;
    let jun = scene.only_pages(&scene.jun);
    for (host, uri) in [
        ("evil.example", "/"),
        ("git.example.org.evil.example", "/"),
        ("git.example.org, evil.example", "/"),
        ("evil.example@git.example.org", "/"),
        ("git.example.org/", "/"),
        ("git.example.org\\", "/"),
        ("", "/"),
        ("git.example.org", ""),
        ("git.example.org", "evil"),
    ] {
        let answer = scene.traefik(&scene.jun, host, uri, &[]).await;
        assert_eq!(answer.status(), 400, "{host} {uri}");
        assert!(answer.headers().get("remote-user").is_none());
    }
    let doubled = [("x-forwarded-host", "git.example.org")];
    assert_eq!(
        scene
            .traefik(&scene.jun, "evil.example", "/", &doubled)
            .await
            .status(),
        400
    );
    for missing in [
        "x-forwarded-proto",
        "x-forwarded-host",
        "x-forwarded-uri",
        "x-forwarded-method",
    ] {
        let all = [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "git.example.org"),
            ("x-forwarded-uri", "/"),
            ("x-forwarded-method", "GET"),
        ];
        let rest: Vec<_> = all
            .into_iter()
            .filter(|(name, _)| *name != missing)
            .collect();
        assert_eq!(
            jun.get("/authz/traefik", &rest).await.status(),
            400,
            "{missing}"
        );
    }
    // nginx knows three answers only.
    for url in [
        "",
        "git.example.org",
        "https://evil.example/",
        "//git.example.org/",
        "https://x@git.example.org/",
    ] {
        assert_eq!(scene.nginx(&scene.jun, url).await.status(), 403, "{url}");
    }
    assert_eq!(jun.get("/authz/nginx", &[]).await.status(), 403);
    // What nginx opens, where the URL is only what the client says.
    let named = [("x-original-url", "https://git.example.org/")];
    for (opened, status) in [
        ("git.example.org", 200),
        ("apps.example.org", 403),
        ("", 403),
    ] {
        let path = format!("/authz/nginx?host={opened}");
        assert_eq!(jun.get(&path, &named).await.status(), status, "{opened}");
    }
    // Where pages share a host, a path that two programs read in two ways is nobody's.
    for path in [
        "/wiki/..%2fadmin",
        "/wiki/%2e%2e/admin",
        "/wiki//admin",
        "/wiki/..;/admin",
        "/wikileaks",
    ] {
        let answer = scene
            .traefik(&scene.admin, "apps.example.org", path, &[])
            .await;
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert_eq!(
        scene
            .traefik(&scene.admin, "apps.example.org", "/wiki/a%20b", &[])
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn envoy_puts_the_path_behind_ours() {
    let scene = Scene::start(sqlite()).await;
    let ask = async |who: &Client, host: &str, path: &str| {
        let headers = [("host", host), ("accept", "text/html")];
        scene
            .only_pages(who)
            .get(&format!("/authz/envoy{path}"), &headers)
            .await
    };
    assert_eq!(
        ask(&scene.jun, "git.example.org", "/jun?x=1")
            .await
            .status(),
        200
    );
    assert_eq!(ask(&scene.jun, "git.example.org", "").await.status(), 200);
    assert_eq!(
        ask(&scene.jun, "apps.example.org", "/wiki/").await.status(),
        403
    );
    assert_eq!(ask(&scene.jun, "evil.example", "/").await.status(), 400);
    for wrong in [
        "/authz",
        "/authz/",
        "/authz/other",
        "/authz/nginx/x",
        "/authz/envoyx",
    ] {
        let answer = scene
            .only_pages(&scene.admin)
            .get(wrong, &[("host", "git.example.org")])
            .await;
        assert!(answer.status() == 403, "{wrong}: a 200 would be a yes");
    }
    let away = ask(&scene.server.client(), "git.example.org", "/a?b=c").await;
    assert_eq!(away.status(), 302);
    assert!(
        away.headers()["location"]
            .to_str()
            .expect("text")
            .ends_with("rd=https%3A%2F%2Fgit.example.org%2Fa%3Fb%3Dc")
    );
}

#[tokio::test]
async fn the_way_back_leads_to_pages_only() {
    let scene = Scene::start(sqlite()).await;
    let back = async |who: &Client, rd: &str| {
        let rd: String = url::form_urlencoded::byte_serialize(rd.as_bytes()).collect();
        who.get(&format!("/authz/return?rd={rd}"), &[]).await
    };
    let good = back(&scene.jun, "https://git.example.org/jun?tab=a").await;
    assert_eq!(good.status(), 303);
    assert_eq!(
        good.headers()["location"],
        "https://git.example.org/jun?tab=a"
    );
    let cookie = good.headers()["set-cookie"].to_str().expect("text");
    for part in [
        "__Secure-porthole-pages=",
        "Domain=example.org",
        "HttpOnly",
        "Secure",
        "SameSite=Lax",
    ] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let nobody = back(&scene.server.client(), "https://git.example.org/").await;
    assert!(
        nobody.headers()["location"]
            .to_str()
            .expect("text")
            .starts_with("https://portal.example.org/sign-in?rd=")
    );
    for trick in [
        "",
        "/",
        "//evil.example",
        "http://git.example.org/",
        "https://evil.example/",
        "https://git.example.org.evil.example/",
        "https://git.example.org@evil.example/",
        "https://evil.example\\@git.example.org/",
        "https://git.example.org:8443/",
        "https://git.example.org/\r\nSet-Cookie: a=b",
        "\thttps://git.example.org/",
        "javascript:alert(1)",
        "https:/evil.example",
        "https:///evil.example",
    ] {
        let answer = back(&scene.jun, trick).await;
        assert_eq!(answer.status(), 400, "{trick:?}");
        assert!(answer.headers().get("location").is_none(), "{trick:?}");
    }
}

#[tokio::test]
async fn a_denial_is_in_the_audit_log_once() {
    let scene = Scene::start(sqlite()).await;
    for _ in 0..5 {
        scene
            .nginx(&scene.jun, "https://apps.example.org/wiki/x")
            .await;
    }
    let log =
        "{ auditEvents(filter: { actions: [PAGE_OPEN] }) { nodes { outcome actor target at } } }";
    let events = scene.admin.ok(log, json!({})).await;
    let at = start_time().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false);
    assert_eq!(
        events["auditEvents"]["nodes"],
        json!([{ "outcome": "DENIED", "actor": "jun", "target": "Wiki", "at": at }])
    );
}

#[tokio::test]
async fn behind_plain_http_the_cookies_do_without_the_prefixes() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    page(&admin, "Git", "http://git.localhost:8080/").await;
    let answer: Value = server
        .client()
        .try_sign_in("admin", ADMIN_PASSWORD)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(answer["data"]["signIn"]["errors"], json!([]));
    let only = Client {
        cookies: admin.cookie("porthole-pages"),
        ..server.client()
    };
    let headers = [("x-original-url", "http://git.localhost:8080/a")];
    assert_eq!(only.get("/authz/nginx", &headers).await.status(), 200);
}

//! Two servers, each a process of its own, on one PostgreSQL: what one is told, the other knows.

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    access::{id_of, page, tick},
    app::{ADMIN_PASSWORD, Client, until},
    db::{TestDb, both, postgres},
};

/// What must follow within this time on every replica.
const PROMISE: Duration = Duration::from_secs(2);

/// A server as an operator starts it. Dropping it ends it.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts a server with its usual settings.
    async fn start(db: &TestDb) -> Self {
        Self::start_with(db, &[]).await
    }

    /// Starts a server with more settings.
    pub async fn start_with(db: &TestDb, settings: &[(&str, &str)]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let folder = db.folder.path();
        std::fs::write(folder.join("admin-password"), ADMIN_PASSWORD).expect("written");
        let child = Command::new(env!("CARGO_BIN_EXE_porthole"))
            .arg("serve")
            .env("PORTHOLE_DATABASE_URL", &db.url)
            .env("PORTHOLE_LISTEN", address.to_string())
            .env("PORTHOLE_CLUSTER", "off")
            .env("PORTHOLE_SECRET_KEY_FILE", folder.join("secret.key"))
            .env(
                "PORTHOLE_ADMIN_PASSWORD_FILE",
                folder.join("admin-password"),
            )
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let server = Self { child, address };
        let client = server.client();
        until("the server to be ready", async || {
            let answer = client.http.get(client.url("/readyz")).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        server
    }

    /// A client that is not signed in.
    pub fn client(&self) -> Client {
        Client {
            http: reqwest::Client::new(),
            address: self.address,
            cookies: String::new(),
            token: None,
        }
    }

    /// The same person at this server.
    fn same(&self, who: &Client) -> Client {
        Client {
            address: self.address,
            ..who.clone()
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new member, signed in, with a password of their own.
pub async fn member(admin: &Client, server: &Server, name: &str) -> Client {
    let make = "mutation($n: String!) { createUser(input: { username: $n, displayName: $n }) { temporaryPassword } }";
    let made = admin.ok(make, json!({ "n": name })).await;
    let temporary = made["createUser"]["temporaryPassword"]
        .as_str()
        .expect("a password");
    let mut client = server.client();
    client.sign_in(name, temporary).await;
    let change = "mutation($o: String!, $n: String!) { changePassword(input: { currentPassword: $o, newPassword: $n }) { errors { message } } }";
    client
        .ok(change, json!({ "o": temporary, "n": ADMIN_PASSWORD }))
        .await;
    client
}

#[tokio::test]
async fn what_is_taken_away_at_one_server_is_gone_at_the_other() {
    let db = postgres().await;
    let (a, b) = (Server::start(&db).await, Server::start(&db).await);
    let mut admin = a.client();
    admin.sign_in("admin", ADMIN_PASSWORD).await;
    let jun = member(&admin, &a, "jun").await;
    let git = page(&admin, "Git", "http://git.localhost").await;
    let holder = json!({ "user": id_of(&admin, "jun").await });
    tick(&admin, holder.clone(), json!({ "page": git }), true).await;

    // A box.
    let at_b = b.same(&jun);
    let ask = async || {
        let headers = [("x-original-url", "http://git.localhost/")];
        at_b.get("/authz/nginx", &headers).await.status().as_u16()
    };
    assert_eq!(ask().await, 200);
    let mut live = at_b.socket().await;
    let watch = "subscription { pageChanges { __typename } }";
    live.subscribe("1", watch, json!({})).await;
    assert_eq!(
        live.data().await["pageChanges"]["__typename"],
        "PageSnapshot"
    );
    let began = Instant::now();
    tick(&admin, holder.clone(), json!({ "page": git }), false).await;
    assert_eq!(ask().await, 403);
    assert_eq!(live.data().await["pageChanges"]["__typename"], "Delete");
    assert!(began.elapsed() < PROMISE, "{:?}", began.elapsed());

    // The session, with its socket.
    let began = Instant::now();
    let end = "mutation($u: ID!) { endSessions(input: { user: $u }) { errors { code } } }";
    admin.ok(end, json!({ "u": holder["user"] })).await;
    assert_eq!(live.close_code().await, 4403);
    assert!(began.elapsed() < PROMISE, "{:?}", began.elapsed());
    assert_eq!(ask().await, 401);
    assert_eq!(
        at_b.ok("{ viewer { user { id } } }", json!({})).await["viewer"],
        Value::Null
    );
}

#[tokio::test]
async fn attempts_count_wherever_they_are_made() {
    let db = postgres().await;
    let (a, b) = (Server::start(&db).await, Server::start(&db).await);
    let mut admin = a.client();
    admin.sign_in("admin", ADMIN_PASSWORD).await;
    let mut refused = 0;
    for number in 0..10 {
        let client = if number % 2 == 0 {
            a.client()
        } else {
            b.client()
        };
        let answer = client.try_sign_in("nobody", "wrong").await;
        let body: Value = answer.json().await.expect("JSON");
        refused += usize::from(body["errors"][0]["extensions"]["code"] == "RATE_LIMITED");
    }
    // One window may end and another begin meanwhile.
    assert!(
        (1..=5).contains(&refused),
        "five a minute over both, {refused} refused"
    );
}

#[tokio::test]
async fn two_admins_who_remove_each_other_leave_one() {
    let db = postgres().await;
    let (a, b) = (Server::start(&db).await, Server::start(&db).await);
    let mut admin = a.client();
    admin.sign_in("admin", ADMIN_PASSWORD).await;
    let mina = b.same(&member(&admin, &a, "mina").await);
    let make =
        "mutation($u: ID!) { updateUser(input: { id: $u, role: ADMIN }) { errors { code } } }";
    let (first, second) = (id_of(&admin, "admin").await, id_of(&admin, "mina").await);
    admin.ok(make, json!({ "u": second })).await;
    let delete =
        "mutation($u: ID!) { deleteUser(input: { id: $u }) { deletedId errors { code } } }";
    let (one, other) = tokio::join!(
        admin.send(delete, json!({ "u": second })),
        mina.send(delete, json!({ "u": first })),
    );
    let gone = [&one, &other]
        .iter()
        .filter(|answer| answer["data"]["deleteUser"]["deletedId"].is_string())
        .count();
    assert_eq!(gone, 1, "{one} {other}");
    let mut left = 0;
    for name in ["admin", "mina"] {
        let answer: Value = a
            .client()
            .try_sign_in(name, ADMIN_PASSWORD)
            .await
            .json()
            .await
            .expect("JSON");
        left += usize::from(answer["data"]["signIn"]["errors"] == json!([]));
    }
    assert_eq!(left, 1);
}

/// Runs one of `porthole admin`'s commands beside the servers of a database.
fn admin_command(db: &TestDb, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_porthole"))
        .arg("admin")
        .args(args)
        .env("PORTHOLE_DATABASE_URL", &db.url)
        .env(
            "PORTHOLE_SECRET_KEY_FILE",
            db.folder.path().join("secret.key"),
        )
        .output()
        .expect("the command runs");
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn a_new_key_signs_and_the_old_one_still_opens_what_it_made() {
    for db in both().await {
        let server = Server::start(&db).await;
        let mut admin = server.client();
        admin.sign_in("admin", ADMIN_PASSWORD).await;
        let git = page(&admin, "Git", "http://git.localhost").await;
        admin_command(&db, &["rotate-key"]);
        drop(server);
        let server = Server::start(&db).await;
        let headers = [("x-original-url", "http://git.localhost/")];
        let same = server.same(&admin);
        let viewer = same.ok("{ viewer { user { username } } }", json!({})).await;
        assert_eq!(
            viewer["viewer"]["user"]["username"], "admin",
            "still signed in"
        );
        assert_eq!(
            same.get("/authz/nginx", &headers).await.status(),
            200,
            "{git}"
        );
        let mut again = server.client();
        again.sign_in("admin", ADMIN_PASSWORD).await;
        let kid = |client: &Client| {
            client
                .cookie("porthole")
                .split('.')
                .next()
                .map(str::to_owned)
        };
        assert_ne!(kid(&again), kid(&admin), "another key signs");
        // Without its old key a server takes neither for its own.
        let keys = std::fs::read_to_string(db.folder.path().join("secret.key")).expect("keys");
        let newest = keys.lines().next().expect("a key");
        drop(server);
        std::fs::write(db.folder.path().join("secret.key"), newest).expect("written");
        let server = Server::start(&db).await;
        assert_eq!(
            server
                .same(&admin)
                .get("/authz/nginx", &headers)
                .await
                .status(),
            401
        );
        assert_eq!(
            server
                .same(&again)
                .get("/authz/nginx", &headers)
                .await
                .status(),
            200
        );
    }
}

#[tokio::test]
async fn the_machines_owner_lets_a_lost_admin_in_again_while_servers_run() {
    let db = postgres().await;
    let server = Server::start_with(&db, &[("PORTHOLE_SIGN_IN_PER_MINUTE", "100")]).await;
    for _ in 0..5 {
        server.client().try_sign_in("admin", "wrong").await;
    }
    assert!(admin_command(&db, &["list"]).contains("locked"));
    admin_command(&db, &["unlock", "admin"]);
    assert!(!admin_command(&db, &["list"]).contains("locked"));
    let told = admin_command(&db, &["reset-password", "admin", "--second-factor-off"]);
    let temporary = told
        .trim()
        .rsplit(' ')
        .next()
        .expect("a password")
        .to_owned();
    let mut admin = server.client();
    admin.sign_in("admin", &temporary).await;
    let viewer = admin
        .ok("{ viewer { mustChangePassword } }", json!({}))
        .await;
    assert_eq!(viewer["viewer"]["mustChangePassword"], true);
}

//! Who may do what: every root field and every object type, for everybody there is. The table is committed; what the
//! server does must be what it says.

mod question;

use std::{collections::BTreeMap, fmt::Write, path::Path};

use entity::{delivery, passkey, transition, user};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    access::{id_of, page, tick},
    app::{Client, TestApp, until},
    db::both,
};

use question::{Question, Root, fields_of, nodes, questions};

const WHO: [&str; 6] = [
    "nobody",
    "temporary",
    "member",
    "without right",
    "admin",
    "reading token",
];

/// What the demo cluster or the tests before have made: the first of each list will do.
const LISTED: [(&str, &str); 10] = [
    ("Application", "applications"),
    ("AuditEvent", "auditEvents"),
    ("Certificate", "certificates"),
    ("ClusterNode", "clusterNodes"),
    ("Event", "events"),
    ("Host", "hosts"),
    ("Incident", "incidents"),
    ("Pod", "pods"),
    ("Service", "services"),
    ("Workload", "workloads"),
];

/// One of everything, and everybody.
struct World {
    server: TestApp,
    people: Vec<Client>,
    objects: BTreeMap<&'static str, String>,
}

/// Field or object, and what each of `WHO` gets.
type Table = BTreeMap<String, Vec<String>>;

#[tokio::test]
async fn everybody_may_do_what_the_matrix_says() {
    let mut tables = Vec::new();
    for db in both().await {
        let world = World::start(db).await;
        let mut table = Table::new();
        for question in questions(&world.people[4]).await {
            let outcomes = world.ask(&question).await;
            table.insert(question.name.clone(), outcomes);
        }
        world.objects(&mut table).await;
        tables.push(table);
    }
    assert_eq!(tables[0], tables[1], "the same on SQLite and on PostgreSQL");
    let text = written(&tables[0]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/matrix/expected.txt");
    if std::env::var_os("WRITE_EXPECTED").is_some() {
        std::fs::write(&file, &text).expect("written");
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    for (line, wanted) in text.lines().zip(expected.lines()) {
        assert_eq!(line, wanted, "run `make matrix` if this is as it should be");
    }
    assert_eq!(
        text, expected,
        "run `make matrix` if this is as it should be"
    );
}

fn written(table: &Table) -> String {
    let mut text = format!("{:44}", "");
    for who in WHO {
        let _ = write!(text, " {who:<24}");
    }
    let mut text = text.trim_end().to_owned() + "\n";
    for (name, outcomes) in table {
        let mut line = format!("{name:44}");
        for outcome in outcomes {
            let _ = write!(line, " {outcome:<24}");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

impl World {
    async fn start(db: crate::db::TestDb) -> Self {
        let settings = [
            "--cluster=demo",
            "--hold-seconds=0",
            "--public-url=http://localhost:8080",
        ];
        let server = TestApp::start(db, &settings).await;
        let admin = server.admin().await;
        let (member, other) = (server.member("jun").await, server.member("mina").await);
        tick(
            &admin,
            json!({ "user": id_of(&admin, "mina").await }),
            json!({ "right": "CLUSTER_VIEW" }),
            false,
        )
        .await;
        let made = admin
            .ok("mutation { createUser(input: { username: \"new\", displayName: \"New\" }) { temporaryPassword } }", json!({}))
            .await;
        let mut temporary = server.client();
        temporary
            .sign_in(
                "new",
                made["createUser"]["temporaryPassword"]
                    .as_str()
                    .expect("a password"),
            )
            .await;
        let made = admin
            .ok(
                "mutation { createApiToken(input: { name: \"reader\", scopes: [ACCOUNT_READ, BOARDS_READ, CLUSTER_READ, ALERTS_READ, PAGES_READ, USERS_READ, AUDIT_READ] }) { secret } }",
                json!({}),
            )
            .await;
        let mut token = server.client();
        token.token = made["createApiToken"]["secret"].as_str().map(str::to_owned);
        let mut objects = objects(&admin).await;
        objects.insert("Delivery", delivery(&server, &admin).await);
        objects.insert("Passkey", passkey(&server, &admin).await);
        let holder = json!({ "user": objects["User"] });
        tick(&admin, holder, json!({ "page": objects["Page"] }), true).await;
        let people = vec![server.client(), temporary, member, other, admin, token];
        Self {
            server,
            people,
            objects,
        }
    }

    async fn ask(&self, question: &Question) -> Vec<String> {
        let mut outcomes = Vec::new();
        for who in &self.people {
            outcomes.push(match question.root {
                // Whoever signs out must not be missed by the next question.
                _ if question.name.ends_with("signOut") && !who.cookies.is_empty() => "ok".into(),
                Root::Subscription => subscribed(who, &question.text).await,
                _ => outcome(&who.send(&question.text, json!({})).await),
            });
        }
        outcomes
    }

    /// Which objects are there for whom, and which fields of them differ.
    async fn objects(&self, table: &mut Table) {
        let admin = &self.people[4];
        let kinds = nodes(admin).await;
        let known: Vec<&str> = self.objects.keys().copied().collect();
        assert_eq!(kinds, known, "one of each kind of object");
        for (kind, id) in &self.objects {
            let names = fields_of(admin, kind).await;
            let selected: Vec<&str> = names
                .iter()
                .map(|(_, selection)| selection.as_str())
                .collect();
            let query = format!(
                "query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {} }} }} }}",
                selected.join(" ")
            );
            let mut answers = Vec::new();
            for who in &self.people {
                answers.push(who.send(&query, json!({ "id": id })).await);
            }
            let seen = |answer: &Value| match &answer["data"]["node"] {
                Value::Null if answer["errors"].is_array() => code(&answer["errors"][0]),
                Value::Null => "absent".to_owned(),
                _ => "there".to_owned(),
            };
            table.insert((*kind).to_owned(), answers.iter().map(seen).collect());
            // What the demo cluster shows changes with time.
            if LISTED.iter().any(|(listed, _)| listed == kind) && *kind != "AuditEvent" {
                continue;
            }
            for (name, _) in names {
                let field = |answer: &Value| match &answer["data"]["node"] {
                    Value::Null => "-".to_owned(),
                    node if node[&name].is_null() => "null".to_owned(),
                    _ => "value".to_owned(),
                };
                let outcomes: Vec<String> = answers.iter().map(field).collect();
                let mut different: Vec<&String> = outcomes.iter().filter(|o| *o != "-").collect();
                different.sort();
                different.dedup();
                if different.len() > 1 {
                    table.insert(format!("{kind}.{name}"), outcomes);
                }
            }
        }
        assert!(!self.server.app.stop.is_cancelled());
    }
}

/// One object of each kind, made by the admin or found in the demo cluster.
async fn objects(admin: &Client) -> BTreeMap<&'static str, String> {
    let first = async |query: &str, path: &str| {
        until(path, async || {
            let answer = admin.ok(query, json!({})).await;
            answer.pointer(path)?.as_str().map(str::to_owned)
        })
        .await
    };
    let post = first("mutation { createPost(input: { board: NOTICE, title: \"t\", body: \"b\" }) { post { id } } }", "/createPost/post/id").await;
    let comment = "mutation($p: ID!) { createComment(input: { postId: $p, body: \"b\" }) { comment { id } } }";
    let comment = admin.ok(comment, json!({ "p": post })).await["createComment"]["comment"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let channel = "mutation { createChannel(input: { name: \"c\", targets: [{ discord: { webhookUrl: \"https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz0123456789\" } }] }) { channel { id } errors { message } } }";
    let channel = first(channel, "/createChannel/channel/id").await;
    let mut objects = BTreeMap::new();
    for (kind, list) in LISTED {
        let query = format!("{{ {list}(first: 1) {{ nodes {{ id }} }} }}");
        let path = format!("/{list}/nodes/0/id");
        objects.insert(kind, first(&query, &path).await);
    }
    objects.extend([
        ("User", id_of(admin, "jun").await),
        ("Page", page(admin, "Git", "https://git.example.org").await),
        (
            "Group",
            first(
                "mutation { createGroup(input: { name: \"g\" }) { group { id } } }",
                "/createGroup/group/id",
            )
            .await,
        ),
        (
            "ApiToken",
            first(
                "{ viewer { user { apiTokens { id } } } }",
                "/viewer/user/apiTokens/0/id",
            )
            .await,
        ),
        (
            "Session",
            first(
                "{ viewer { user { sessions { id } } } }",
                "/viewer/user/sessions/0/id",
            )
            .await,
        ),
        ("Channel", channel),
        ("Comment", comment),
        ("Post", post),
    ]);
    objects
}

/// A passkey of the admin's.
async fn passkey(server: &TestApp, admin: &Client) -> String {
    let person = user::Entity::find()
        .filter(user::Column::Username.eq("admin"))
        .one(&server.app.db)
        .await
        .expect("a query")
        .expect("the admin");
    let row = passkey::ActiveModel {
        id: Set(server.app.clock.new_id()),
        user_id: Set(person.id),
        credential_id: Set(vec![1]),
        public_key: Set(Vec::new()),
        sign_count: Set(0),
        name: Set("key".into()),
        created_at: Set(server.app.clock.now()),
        last_used_at: Set(None),
    };
    row.insert(&server.app.db).await.expect("a passkey");
    let found = admin
        .ok("{ viewer { user { passkeys { id } } } }", json!({}))
        .await;
    let id = found["viewer"]["user"]["passkeys"][0]["id"].as_str();
    id.expect("a passkey").to_owned()
}

/// A delivery of the first incident there is, to a target that is gone.
async fn delivery(server: &TestApp, admin: &Client) -> String {
    let db = &server.app.db;
    let step = transition::Entity::find()
        .one(db)
        .await
        .expect("a query")
        .expect("an incident has a step");
    let now = server.app.clock.now();
    let row = delivery::ActiveModel {
        id: Set(server.app.clock.new_id()),
        transition_id: Set(step.id),
        incident_id: Set(step.incident_id),
        seq: Set(step.seq),
        target_hint: Set("Discord …123".into()),
        state: Set(delivery::State::Dead),
        attempts: Set(1),
        next_attempt_at: Set(now),
        lease_token: Set(0),
        created_at: Set(now),
        ..Default::default()
    };
    row.insert(db).await.expect("a delivery");
    let query = "{ incidents(first: 50) { nodes { deliveries { id } } } }";
    let found = admin.ok(query, json!({})).await;
    let incidents = found["incidents"]["nodes"].as_array().expect("incidents");
    let mut all = incidents
        .iter()
        .filter_map(|i| i["deliveries"][0]["id"].as_str());
    all.next().expect("a delivery").to_owned()
}

fn code(error: &Value) -> String {
    error["extensions"]["code"]
        .as_str()
        .unwrap_or("?")
        .to_owned()
}

/// What came of a query or a mutation: ok, the code of the error, or the code within the payload.
fn outcome(answer: &Value) -> String {
    if let Some(error) = answer["errors"].get(0) {
        return code(error);
    }
    let data = answer["data"]
        .as_object()
        .and_then(|data| data.values().next());
    let told = data.and_then(|data| data["errors"][0]["code"].as_str());
    match (told, data) {
        (Some(told), _) => format!("ok, {told}"),
        (None, Some(Value::Null)) => "null".into(),
        _ => "ok".into(),
    }
}

async fn subscribed(who: &Client, query: &str) -> String {
    let mut socket = who.raw_socket().await;
    socket.say(json!({ "type": "connection_init" })).await;
    if who.cookies.is_empty() && who.token.is_none() {
        return format!("closed, {}", socket.close_code().await);
    }
    socket.hear().await;
    socket.subscribe("1", query, json!({})).await;
    let answer = socket.hear().await;
    match answer["type"].as_str() {
        Some("next") if answer["payload"]["errors"].is_array() => {
            code(&answer["payload"]["errors"][0])
        }
        Some("next") => "ok".into(),
        _ => code(&answer["payload"][0]),
    }
}

//! Boxes, groups and pages: what is ticked is seen, what is not is not there.

use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp},
    db::{both, sqlite},
};

/// Adds a page and gives its id.
pub async fn page(admin: &Client, name: &str, url: &str) -> String {
    let make = "mutation($i: CreatePageInput!) { createPage(input: $i) { page { id } errors { message } } }";
    let input = json!({ "i": { "name": name, "url": url, "probed": false } });
    let made = admin.ok(make, input).await;
    assert_eq!(made["createPage"]["errors"], json!([]), "{made}");
    made["createPage"]["page"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// The id of somebody.
pub async fn id_of(admin: &Client, name: &str) -> String {
    let users = admin
        .ok("{ users(first: 100) { nodes { id username } } }", json!({}))
        .await;
    let users = users["users"]["nodes"].as_array().expect("users").clone();
    let user = users
        .iter()
        .find(|user| user["username"] == name)
        .expect("somebody");
    user["id"].as_str().expect("an id").to_owned()
}

/// Ticks or unticks a box.
pub async fn tick(admin: &Client, holder: Value, object: Value, allowed: bool) {
    let set = "mutation($i: SetAccessInput!) { setAccess(input: $i) { errors { message } } }";
    let input = json!({ "i": { "holder": holder, "object": object, "allowed": allowed } });
    let answer = admin.ok(set, input).await;
    assert_eq!(answer["setAccess"]["errors"], json!([]), "{answer}");
}

async fn names(client: &Client) -> Vec<String> {
    let pages = client
        .ok(
            "{ pages(first: 100) { nodes { name } totalCount } }",
            json!({}),
        )
        .await;
    let pages = pages["pages"]["nodes"].as_array().expect("pages").clone();
    pages
        .iter()
        .map(|page| page["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[tokio::test]
async fn a_page_is_there_for_those_whose_box_is_ticked() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let git = page(&admin, "Git", "https://git.example.org").await;
        page(&admin, "Wiki", "https://wiki.example.org").await;
        assert_eq!(names(&admin).await, ["Git", "Wiki"]);
        assert!(names(&jun).await.is_empty(), "nothing is open by default");
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(
            jun.ok(node, json!({ "id": git })).await["node"],
            Value::Null
        );
        assert_eq!(
            jun.code("{ pages(scope: ALL) { nodes { id } } }", json!({}))
                .await,
            "FORBIDDEN"
        );

        let mut live = jun.socket().await;
        let watch = "subscription { pageChanges { __typename ... on PageSnapshot { items { name } } ... on PageUpsert { object { name forEveryone } } ... on Delete { id } } }";
        live.subscribe("1", watch, json!({})).await;
        assert_eq!(live.data().await["pageChanges"]["items"], json!([]));
        let holder = json!({ "user": id_of(&admin, "jun").await });
        tick(&admin, holder.clone(), json!({ "page": git }), true).await;
        tick(&admin, holder.clone(), json!({ "page": git }), true).await;
        assert_eq!(live.data().await["pageChanges"]["object"]["name"], "Git");
        assert_eq!(names(&jun).await, ["Git"]);
        tick(&admin, holder, json!({ "page": git }), false).await;
        assert_eq!(
            live.data().await["pageChanges"],
            json!({ "__typename": "Delete", "id": git })
        );

        let open = "mutation($id: ID!) { updatePage(input: { id: $id, expectedVersion: 1, forEveryone: true }) { page { version } errors { message } } }";
        admin.ok(open, json!({ "id": git })).await;
        assert_eq!(
            live.data().await["pageChanges"]["object"]["forEveryone"],
            true
        );
        let conflict = admin.ok(open, json!({ "id": git })).await;
        assert_eq!(conflict["updatePage"]["page"], Value::Null);
        let remove = "mutation($id: ID!) { deletePage(input: { id: $id }) { deletedId } }";
        admin.ok(remove, json!({ "id": git })).await;
        assert_eq!(live.data().await["pageChanges"]["__typename"], "Delete");
    }
}

#[tokio::test]
async fn a_group_gives_its_boxes_and_takes_them_again() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let git = page(&admin, "Git", "https://git.example.org").await;
        let make = "mutation { createGroup(input: { name: \"개발\" }) { group { id version } errors { code } } }";
        let group = admin.ok(make, json!({})).await["createGroup"]["group"]["id"].clone();
        let again = admin.ok(make, json!({})).await;
        assert_eq!(again["createGroup"]["errors"][0]["code"], "CONFLICT");
        tick(
            &admin,
            json!({ "group": group }),
            json!({ "page": git }),
            true,
        )
        .await;
        tick(
            &admin,
            json!({ "group": group }),
            json!({ "right": "NOTICES_WRITE" }),
            true,
        )
        .await;
        let member = "mutation($g: ID!, $u: ID!, $m: Boolean!) { setGroupMember(input: { group: $g, user: $u, member: $m }) { group { memberCount members { username } grants { rights pages } } user { access { pages rights } grants { pages } groups { name } } errors { code } } }";
        let user = id_of(&admin, "jun").await;
        let joined = admin
            .ok(member, json!({ "g": group, "u": user, "m": true }))
            .await;
        let joined = &joined["setGroupMember"];
        assert_eq!(joined["group"]["members"][0]["username"], "jun");
        assert_eq!(
            joined["user"]["access"],
            json!({ "pages": [git], "rights": ["CLUSTER_VIEW", "NOTICES_WRITE"] })
        );
        assert_eq!(
            joined["user"]["grants"]["pages"],
            json!([]),
            "not theirs alone"
        );
        assert_eq!(names(&jun).await, ["Git"]);
        let write = "mutation { createPost(input: { board: NOTICE, title: \"t\", body: \"b\" }) { post { id } } }";
        jun.ok(write, json!({})).await;
        // Of the admin's members and boxes others see nothing.
        let node =
            "query($id: ID!) { node(id: $id) { ... on Group { name members { username } } } }";
        let seen = jun.ok(node, json!({ "id": group })).await;
        assert_eq!(seen["node"]["members"], json!([]));
        let mina = server.member("mina").await;
        assert_eq!(
            mina.ok(node, json!({ "id": group })).await["node"],
            Value::Null
        );
        let gone = "mutation($g: ID!) { deleteGroup(input: { id: $g }) { deletedId } }";
        admin.ok(gone, json!({ "g": group })).await;
        assert!(names(&jun).await.is_empty());
        assert_eq!(jun.code(write, json!({})).await, "FORBIDDEN");
    }
}

#[tokio::test]
async fn a_right_that_is_taken_away_ends_what_it_opened() {
    for db in both().await {
        let server = TestApp::start(db, &["--cluster=demo"]).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let pods = "{ pods(first: 1) { nodes { name } } }";
        jun.ok(pods, json!({})).await;
        let mut live = jun.socket().await;
        live.subscribe("1", "subscription { podChanges { __typename } }", json!({}))
            .await;
        live.data().await;
        let holder = json!({ "user": id_of(&admin, "jun").await });
        tick(&admin, holder, json!({ "right": "CLUSTER_VIEW" }), false).await;
        assert_eq!(live.close_code().await, 4403);
        assert_eq!(jun.code(pods, json!({})).await, "FORBIDDEN");
        let rights = jun.ok("{ viewer { rights } }", json!({})).await;
        assert_eq!(rights["viewer"]["rights"], json!([]));
        assert_eq!(
            jun.ok("{ incidents { nodes { number } } }", json!({}))
                .await["incidents"]["nodes"],
            json!([])
        );
    }
}

#[tokio::test]
async fn somebody_without_the_cluster_sees_the_alerts_of_their_pages() {
    let server = TestApp::start(sqlite(), &["--cluster=demo", "--hold-seconds=0"]).await;
    let (admin, jun) = (server.admin().await, server.member("jun").await);
    let incidents = "{ incidents(first: 50) { nodes { title } } }";
    let all = crate::app::until("incidents of the demo", async || {
        let all = admin.ok(incidents, json!({})).await["incidents"]["nodes"]
            .as_array()
            .expect("a list")
            .len();
        (all >= 2).then_some(all)
    })
    .await;
    let user = json!({ "user": id_of(&admin, "jun").await });
    tick(
        &admin,
        user.clone(),
        json!({ "right": "CLUSTER_VIEW" }),
        false,
    )
    .await;
    assert_eq!(
        jun.ok(incidents, json!({})).await["incidents"]["nodes"],
        json!([])
    );
    // The demo's Ingresses say that they are pages; their boxes open their alerts.
    let grafana = crate::app::until("the page of Grafana", async || {
        let pages = admin
            .ok(
                "{ pages(scope: ALL, first: 100) { nodes { id name runsIn discoveredFrom } } }",
                json!({}),
            )
            .await;
        let pages = pages["pages"]["nodes"].as_array().expect("pages").clone();
        pages.into_iter().find(|page| page["name"] == "Grafana")
    })
    .await;
    assert_eq!(grafana["runsIn"], "monitoring/grafana");
    assert_eq!(grafana["discoveredFrom"], "demo/Ingress monitoring/grafana");
    tick(&admin, user, json!({ "page": grafana["id"] }), true).await;
    let mine = jun
        .ok(
            "{ incidents(first: 50) { nodes { title } } pages { nodes { incidents { title } } } }",
            json!({}),
        )
        .await;
    let seen = mine["incidents"]["nodes"].as_array().expect("a list");
    assert!(!seen.is_empty() && seen.len() < all, "{mine}");
    assert_eq!(
        mine["pages"]["nodes"][0]["incidents"],
        mine["incidents"]["nodes"]
    );
    let edit = "mutation($id: ID!) { updatePage(input: { id: $id, expectedVersion: 1, name: \"Mine\" }) { errors { path } } }";
    let refused = admin.ok(edit, json!({ "id": grafana["id"] })).await;
    assert_eq!(
        refused["updatePage"]["errors"][0]["path"],
        json!(["input", "name"])
    );
    let remove = "mutation($id: ID!) { deletePage(input: { id: $id }) { errors { code } } }";
    let refused = admin.ok(remove, json!({ "id": grafana["id"] })).await;
    assert_eq!(refused["deletePage"]["errors"][0]["code"], "CONFLICT");
}

#[tokio::test]
async fn a_probe_tells_a_page_that_fails_twice_and_one_that_comes_back() {
    for db in both().await {
        let server = TestApp::start(db, &["--page-probe-seconds=0"]).await;
        let admin = server.admin().await;
        let upstream = crate::app::Upstream::start().await;
        let make = "mutation($u: String!) { createPage(input: { name: \"Git\", url: $u }) { page { id health } } }";
        admin.ok(make, json!({ "u": upstream.url })).await;
        let mut live = admin.socket().await;
        let watch =
            "subscription { pageChanges { ... on PageUpsert { object { health problem } } } }";
        live.subscribe("1", watch, json!({})).await;
        live.data().await;
        let client = porthole::pages::probe::client().expect("a client");
        let probe = async || {
            porthole::pages::probe::pass(&server.app, &client)
                .await
                .map_err(|e| e.message())
                .expect("probed");
        };
        upstream.answer(401);
        probe().await;
        assert_eq!(
            live.data().await["pageChanges"]["object"],
            json!({ "health": "UP", "problem": null })
        );
        upstream.answer(502);
        probe().await;
        let health = "{ pages { nodes { health problem } } }";
        assert_eq!(
            admin.ok(health, json!({})).await["pages"]["nodes"][0]["health"],
            "UP",
            "once is no news"
        );
        probe().await;
        assert_eq!(
            live.data().await["pageChanges"]["object"],
            json!({ "health": "DOWN", "problem": "HTTP 502" })
        );
        upstream.answer(200);
        probe().await;
        assert_eq!(live.data().await["pageChanges"]["object"]["health"], "UP");
    }
}

#[tokio::test]
async fn nonsense_makes_no_page() {
    let server = TestApp::start(sqlite(), &[]).await;
    let admin = server.admin().await;
    let make =
        "mutation($i: CreatePageInput!) { createPage(input: $i) { page { id } errors { path } } }";
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("a\nb")),
        ("url", json!("git.example.org")),
        ("url", json!("javascript:alert(1)")),
        ("url", json!("https://me:secret@git.example.org")),
        ("icon", json!("<svg>")),
        ("icon", json!("http://plain.example/icon.png")),
        ("category", json!("c".repeat(61))),
        ("runsIn", json!("Lab/Grafana")),
        ("runsIn", json!("a/b/c")),
    ] {
        let mut input = json!({ "name": "Git", "url": "https://git.example.org" });
        input[field] = value.clone();
        let answer = admin.ok(make, json!({ "i": input })).await;
        assert_eq!(
            answer["createPage"]["errors"][0]["path"],
            json!(["input", field]),
            "{value}"
        );
    }
}

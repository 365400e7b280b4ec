//! Notices, requests and comments.

use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp},
    db::both,
};

const CREATE: &str = "mutation($i: CreatePostInput!) { createPost(input: $i) { post { id version } errors { message code path } } }";
const COMMENT: &str = "mutation($i: CreateCommentInput!) { createComment(input: $i) { comment { id } errors { code path } } }";
const WATCH: &str = "subscription($p: ID!) { commentChanges(postId: $p) { __typename ... on CommentSnapshot { items { body } } ... on CommentUpsert { object { id body author { displayName } replyTo { id } } } ... on Delete { id } } }";

async fn post(client: &Client, board: &str, title: &str) -> String {
    let input = json!({ "i": { "board": board, "title": title, "body": "text" } });
    let made = client.ok(CREATE, input).await;
    made["createPost"]["post"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn comment(client: &Client, post: &str, reply_to: Option<&str>, body: &str) -> Value {
    let input = json!({ "i": { "postId": post, "replyToId": reply_to, "body": body } });
    client.ok(COMMENT, input).await["createComment"].clone()
}

#[tokio::test]
async fn everybody_reads_notices_but_requests_are_between_a_member_and_the_admins() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (admin, jun, mina) = (
            server.admin().await,
            server.member("jun").await,
            server.member("mina").await,
        );
        let notice = post(&admin, "NOTICE", "점검 안내").await;
        let request = post(&jun, "REQUEST", "More space").await;
        assert_eq!(
            jun.code(
                CREATE,
                json!({ "i": { "board": "NOTICE", "title": "t", "body": "b" } })
            )
            .await,
            "FORBIDDEN"
        );
        let read = "query($id: ID!) { post(id: $id) { title } node(id: $id) { __typename } }";
        assert_eq!(
            mina.ok(read, json!({ "id": notice })).await["post"]["title"],
            "점검 안내"
        );
        let hidden = mina.ok(read, json!({ "id": request })).await;
        assert_eq!(hidden, json!({ "post": null, "node": null }));
        assert!(admin.ok(read, json!({ "id": request })).await["post"].is_object());
        let list = "{ board(kind: REQUEST) { posts { totalCount nodes { title } } } }";
        assert_eq!(
            mina.ok(list, json!({})).await["board"]["posts"]["totalCount"],
            0
        );
        assert_eq!(
            jun.ok(list, json!({})).await["board"]["posts"]["totalCount"],
            1
        );
        assert_eq!(
            comment(&mina, &request, None, "mine?").await["errors"][0]["code"],
            "NOT_FOUND"
        );
    }
}

#[tokio::test]
async fn a_comment_appears_live_to_whoever_watches_the_post() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (admin, jun) = (server.admin().await, server.member("jun").await);
        let notice = post(&admin, "NOTICE", "Router swap").await;
        let first = comment(&admin, &notice, None, "first").await;
        let first = first["comment"]["id"].as_str().expect("an id");
        let mut socket = jun.socket().await;
        socket.subscribe("1", WATCH, json!({ "p": notice })).await;
        let snapshot = socket.data().await["commentChanges"].clone();
        assert_eq!(
            snapshot,
            json!({ "__typename": "CommentSnapshot", "items": [{ "body": "first" }] })
        );
        comment(&admin, &notice, Some(first), "second").await;
        let upsert = socket.data().await["commentChanges"].clone();
        assert_eq!(upsert["object"]["body"], "second");
        assert_eq!(upsert["object"]["author"]["displayName"], "Admin");
        assert_eq!(upsert["object"]["replyTo"]["id"], first);
        let remove = "mutation($id: ID!) { deleteComment(input: { id: $id }) { deletedId } }";
        assert_eq!(jun.code(remove, json!({ "id": first })).await, "FORBIDDEN");
        admin.ok(remove, json!({ "id": first })).await;
        assert_eq!(
            socket.data().await["commentChanges"],
            json!({ "__typename": "Delete", "id": first })
        );
        let count = admin
            .ok(
                "query($id: ID!) { post(id: $id) { commentCount } }",
                json!({ "id": notice }),
            )
            .await;
        assert_eq!(
            count["post"]["commentCount"], 0,
            "answers go with their comment"
        );
    }
}

#[tokio::test]
async fn nobody_watches_a_request_that_is_not_theirs() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let (jun, mina) = (server.member("jun").await, server.member("mina").await);
        let request = post(&jun, "REQUEST", "private").await;
        let mut socket = mina.socket().await;
        socket.subscribe("1", WATCH, json!({ "p": request })).await;
        let refused = socket.hear().await;
        assert_eq!(refused["type"], "error");
        assert_eq!(refused["payload"][0]["extensions"]["code"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_thread_is_paged_and_an_answer_to_an_answer_is_refused() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let notice = post(&admin, "NOTICE", "Thread").await;
        let top = comment(&admin, &notice, None, "top").await["comment"]["id"]
            .as_str()
            .expect("id")
            .to_owned();
        for n in 0..5 {
            comment(&admin, &notice, Some(&top), &format!("reply {n}")).await;
        }
        let thread = "query($p: ID!, $after: String) { post(id: $p) { commentCount comments { nodes { replies(first: 3, after: $after) { totalCount nodes { id body } pageInfo { hasNextPage endCursor } } } } } }";
        let first = admin.ok(thread, json!({ "p": notice })).await;
        let replies = &first["post"]["comments"]["nodes"][0]["replies"];
        assert_eq!(
            (
                first["post"]["commentCount"].as_i64(),
                replies["totalCount"].as_i64()
            ),
            (Some(6), Some(5))
        );
        assert_eq!(replies["nodes"].as_array().map(Vec::len), Some(3));
        assert_eq!(replies["pageInfo"]["hasNextPage"], true);
        let rest = admin
            .ok(
                thread,
                json!({ "p": notice, "after": replies["pageInfo"]["endCursor"] }),
            )
            .await;
        let rest = &rest["post"]["comments"]["nodes"][0]["replies"];
        assert_eq!(rest["nodes"][1]["body"], "reply 4");
        assert_eq!(rest["pageInfo"]["hasNextPage"], false);
        let reply = replies["nodes"][0]["id"].as_str();
        assert_eq!(
            comment(&admin, &notice, reply, "deeper").await["errors"][0]["path"],
            json!(["input", "replyToId"])
        );
    }
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other_and_a_retried_create_makes_one_post() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let input = json!({ "i": { "board": "NOTICE", "title": "Once", "body": "b", "clientMutationId": "k1" } });
        let first = admin.ok(CREATE, input.clone()).await;
        assert_eq!(first, admin.ok(CREATE, input).await);
        let id = &first["createPost"]["post"]["id"];
        let update = "mutation($id: ID!, $v: Int!) { updatePost(input: { id: $id, title: \"New\", expectedVersion: $v }) { post { title version body } errors { code } } }";
        let edited = admin.ok(update, json!({ "id": id, "v": 1 })).await;
        assert_eq!(
            edited["updatePost"]["post"],
            json!({ "title": "New", "version": 2, "body": "b" })
        );
        let late = admin.ok(update, json!({ "id": id, "v": 1 })).await;
        assert_eq!(late["updatePost"]["errors"][0]["code"], "CONFLICT");
        let list = admin
            .ok(
                "{ board(kind: NOTICE) { posts { totalCount } } }",
                json!({}),
            )
            .await;
        assert_eq!(list["board"]["posts"]["totalCount"], 1);
        let wrong = admin
            .ok(
                CREATE,
                json!({ "i": { "board": "NOTICE", "title": " ", "body": "b" } }),
            )
            .await;
        assert_eq!(
            wrong["createPost"]["errors"][0]["path"],
            json!(["input", "title"])
        );
    }
}

#[tokio::test]
async fn two_replicas_on_one_postgresql_tell_each_other() {
    let db = crate::db::postgres().await;
    let config = crate::app::config(&db, &[]);
    let clock = || porthole::clock::Clock::System;
    let one = TestApp::start_with(config.clone(), clock(), None).await;
    let other = TestApp::start_with(config, clock(), None).await;
    let (writer, mut reader) = (one.admin().await, other.client());
    // The session is the same on both: cookies of one are good at the other.
    reader.cookies.clone_from(&writer.cookies);
    let notice = post(&writer, "NOTICE", "For all replicas").await;
    let mut socket = reader.socket().await;
    socket.subscribe("1", WATCH, json!({ "p": notice })).await;
    socket.data().await;
    comment(&writer, &notice, None, "from the other one").await;
    let mut heard = socket.data().await["commentChanges"].clone();
    // Connecting to the notifications may come in between: then everything is told anew.
    while heard["__typename"] == "Resync" || heard["items"] == json!([]) {
        heard = socket.data().await["commentChanges"].clone();
    }
    assert!(heard.to_string().contains("from the other one"), "{heard}");
    writer
        .ok("mutation { signOut { errors { code } } }", json!({}))
        .await;
    assert_eq!(
        socket.close_code().await,
        4403,
        "a sign-out here ends the socket there"
    );
}

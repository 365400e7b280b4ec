//! What was done, by whom: seen, filtered, exported; never a secret.

use serde_json::{Value, json};

use crate::{
    access::{id_of, page, tick},
    app::{ADMIN_PASSWORD, TestApp},
    db::both,
};

const LOG: &str = "query($f: AuditFilter, $n: Int, $a: String) { auditEvents(filter: $f, first: $n, after: $a) { totalCount pageInfo { endCursor hasNextPage } nodes { action outcome actor target detail address token actorUser { username } } } }";

fn lines(log: &Value) -> Vec<String> {
    let nodes = log["auditEvents"]["nodes"].as_array().expect("events");
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    nodes
        .iter()
        .map(|e| {
            format!(
                "{} {} {} {}",
                word(&e["action"]),
                word(&e["outcome"]),
                word(&e["actor"]),
                word(&e["target"])
            )
        })
        .collect()
}

#[tokio::test]
async fn every_sign_in_denial_and_act_is_there_and_no_secret() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        let jun = server.member("jun").await;
        server.client().try_sign_in("jun", "a wrong password").await;
        server
            .client()
            .try_sign_in("my-secret-typed-here", "x")
            .await;
        let git = page(&admin, "Git", "https://git.example.org").await;
        tick(
            &admin,
            json!({ "user": id_of(&admin, "jun").await }),
            json!({ "page": git }),
            true,
        )
        .await;
        for _ in 0..3 {
            jun.code("{ users { nodes { id } } }", json!({})).await;
        }
        let log = admin.ok(LOG, json!({ "n": 100 })).await;
        let lines = lines(&log);
        for expected in [
            "SIGN_IN DONE admin admin",
            "USER_CREATE DONE admin jun",
            "SIGN_IN DONE jun jun",
            "PASSWORD_CHANGE DONE jun jun",
            "SIGN_IN DENIED - jun",
            "SIGN_IN DENIED - -",
            "PAGE_CREATE DONE admin Git",
            "ACCESS_GRANT DONE admin jun",
            "API_USE DENIED jun users",
        ] {
            assert!(
                lines.contains(&expected.to_owned()),
                "{expected}: {lines:#?}"
            );
        }
        assert_eq!(
            lines.iter().filter(|l| l.starts_with("API_USE")).count(),
            1,
            "once a minute"
        );
        let text = log.to_string();
        for secret in [
            ADMIN_PASSWORD,
            "a wrong password",
            "my-secret-typed-here",
            "argon2",
        ] {
            assert!(!text.contains(secret), "{secret}");
        }
        assert_eq!(log["auditEvents"]["nodes"][0]["address"], "127.0.0.1");
        // Others see none of it.
        assert_eq!(jun.code(LOG, json!({})).await, "FORBIDDEN");
    }
}

#[tokio::test]
async fn it_is_filtered_and_paged_without_gap_or_overlap() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        for number in 0..7 {
            server.app.clock.advance(chrono::TimeDelta::minutes(1));
            page(
                &admin,
                &format!("Page {number} 100%"),
                "https://git.example.org",
            )
            .await;
        }
        let filter = json!({ "actions": ["PAGE_CREATE"] });
        let mut seen = Vec::new();
        let mut after = Value::Null;
        loop {
            let log = admin
                .ok(LOG, json!({ "f": filter, "n": 3, "a": after }))
                .await;
            assert_eq!(log["auditEvents"]["totalCount"], 7);
            seen.extend(lines(&log));
            after = log["auditEvents"]["pageInfo"]["endCursor"].clone();
            if log["auditEvents"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let expected: Vec<String> = (0..7)
            .rev()
            .map(|n| format!("PAGE_CREATE DONE admin Page {n} 100%"))
            .collect();
        assert_eq!(seen, expected);
        let since = (server.app.clock.now() - chrono::TimeDelta::seconds(90)).to_rfc3339();
        for (filter, count) in [
            (json!({ "search": "page 3" }), 1),
            (json!({ "search": "100%", "outcome": "DONE" }), 7),
            (json!({ "search": "_" }), 0),
            (json!({ "outcome": "DENIED" }), 0),
            (json!({ "since": since, "actions": ["PAGE_CREATE"] }), 2),
            (json!({ "until": since, "actions": ["PAGE_CREATE"] }), 5),
            (
                json!({ "actor": id_of(&admin, "admin").await, "actions": ["PAGE_CREATE"] }),
                7,
            ),
        ] {
            let log = admin.ok(LOG, json!({ "f": filter })).await;
            assert_eq!(log["auditEvents"]["totalCount"], count, "{filter}");
        }
        assert_eq!(
            admin
                .code(LOG, json!({ "f": { "actor": "nonsense" } }))
                .await,
            "BAD_USER_INPUT"
        );
    }
}

#[tokio::test]
async fn it_is_exported_whole_and_harmless() {
    for db in both().await {
        let server = TestApp::start(db, &[]).await;
        let admin = server.admin().await;
        for number in 0..601 {
            let _ = number;
            page(&admin, "=cmd|' /C calc'!A0", "https://git.example.org").await;
            if number % 100 == 99 {
                let remove = "mutation($id: ID!) { deletePage(input: { id: $id }) { deletedId } }";
                let pages = admin
                    .ok("{ pages(first: 100) { nodes { id } } }", json!({}))
                    .await;
                for page in pages["pages"]["nodes"].as_array().expect("pages") {
                    admin.ok(remove, json!({ "id": page["id"] })).await;
                }
            }
        }
        let csv = admin
            .get("/export/audit.csv?actions=PAGE_CREATE", &[])
            .await;
        assert_eq!(csv.status(), 200);
        assert!(
            csv.headers()["content-disposition"]
                .to_str()
                .expect("text")
                .contains("audit.csv")
        );
        let csv = csv.text().await.expect("text");
        assert_eq!(csv.lines().count(), 602);
        assert!(
            csv.contains(",'=cmd|' /C calc'!A0,") && !csv.contains(",=cmd"),
            "no formula"
        );
        let lines = admin
            .get(
                "/export/audit.jsonl?actions=PAGE_CREATE,SIGN_IN&outcome=DONE",
                &[],
            )
            .await;
        let lines = lines.text().await.expect("text");
        assert_eq!(lines.lines().count(), 602);
        for line in lines.lines() {
            let event: Value = serde_json::from_str(line).expect("JSON");
            assert!(event["at"].is_string());
        }
        let jun = server.member("jun").await;
        assert_eq!(jun.get("/export/audit.csv", &[]).await.status(), 403);
        assert_eq!(
            server.client().get("/export/audit.csv", &[]).await.status(),
            401
        );
        let wrong = admin.get("/export/audit.csv?since=yesterday", &[]).await;
        assert_eq!(wrong.status(), 400);
        assert!(wrong.text().await.expect("text").contains("since"));
        assert_eq!(
            admin
                .get("/export/audit.csv?actions=NONSENSE", &[])
                .await
                .status(),
            400
        );
    }
}

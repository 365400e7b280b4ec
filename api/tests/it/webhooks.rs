//! Discord's moods, one by one: what is tried again, what is given up, and what ends a webhook.

use chrono::TimeDelta;
use porthole::alerts::{
    finding::{Evidence, Severity},
    outbox,
};
use serde_json::{Value, json};

use crate::{
    db::{both, sqlite},
    discord::{Discord, Mood, TOKEN},
    scene::{CREATE, GONE, Scene, UNSETTLED, crash},
};

const RETRY: &str = "mutation($i: RetryDeliveryInput!) { retryDelivery(input: $i) { delivery { state } errors { code message } } }";
const TEST: &str = "mutation($i: TestChannelInput!) { testChannel(input: $i) { results { targetHint delivered answer } errors { message path } } }";
const TARGETS: &str = "{ channels { nodes { id version targets { ... on DiscordTarget { id disabledReason } } lastDelivery { id state error } } } }";

/// The only channel.
async fn channel(scene: &Scene) -> Value {
    scene.admin.ok(TARGETS, json!({})).await["channels"]["nodes"][0].clone()
}

#[tokio::test]
async fn a_refusal_is_tried_again_in_order_and_shown_word_for_word() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.discord.will(&[Mood::Broken, Mood::RateLimited(7.5)]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let first = scene.deliveries().await;
        assert_eq!(first[0].0, "RETRYING");
        assert!(
            first[0]
                .1
                .as_str()
                .is_some_and(|e| e.starts_with("503") && e.contains("upstream connect error"))
        );
        // The recovery may not overtake the alarm.
        scene.see(vec![], GONE).await;
        assert_eq!(scene.discord.titles(), [""; 0]);
        scene.pass(7);
        scene.deliver().await;
        assert_eq!(scene.discord.titles(), [""; 0], "rate limited");
        scene.pass(8);
        scene.deliver().await;
        assert_eq!(
            scene.discord.titles(),
            ["grafana keeps crashing", "grafana is gone"]
        );
    }
}

#[tokio::test]
async fn the_step_behind_a_retry_does_not_put_it_off() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.discord.will(&[Mood::Broken]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.pass(1);
        scene.see(vec![], GONE).await;
        let app = &scene.server.app;
        let due = outbox::next_due(&app.db)
            .await
            .ok()
            .flatten()
            .expect("a time");
        let wait = due - app.clock.now();
        // Five seconds and a fifth of chance, one of which has passed.
        assert!(
            wait > TimeDelta::seconds(3) && wait <= TimeDelta::seconds(5),
            "{wait}"
        );
    }
}

#[tokio::test]
async fn a_wait_of_nothing_is_not_tried_again_without_end() {
    let scene = Scene::new(sqlite()).await;
    scene
        .discord
        .will(&[Mood::RateLimited(0.0), Mood::RateLimited(0.0)]);
    scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
    assert_eq!(scene.discord.requests(), 1);
    scene.pass(1);
    scene.deliver().await;
    scene.pass(1);
    scene.deliver().await;
    assert_eq!(scene.discord.titles(), ["grafana keeps crashing"]);
}

#[tokio::test]
async fn a_limit_for_all_makes_every_webhook_rest() {
    let target = |n| json!({ "discord": { "webhookUrl": Discord::webhook(n) } });
    for mood in [Mood::GloballyLimited(9.0), Mood::Walled(9.0)] {
        let one = json!({ "name": "one", "targets": [target(1)] });
        let scene = Scene::with(sqlite(), &[], one).await;
        scene.discord.will(&[mood]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let two = json!({ "i": { "name": "two", "targets": [target(2)] } });
        scene.admin.ok(CREATE, two).await;
        scene.see(vec![], GONE).await;
        assert_eq!(scene.discord.requests(), 1, "the other webhook rests too");
        scene.pass(10);
        scene.deliver().await;
        assert_eq!(scene.discord.titles().len(), 3);
    }
}

#[tokio::test]
async fn a_message_that_discord_refuses_is_given_up_and_the_webhook_stays() {
    for mood in [Mood::BadRequest, Mood::ProxyRefuses] {
        let scene = Scene::new(sqlite()).await;
        scene.discord.will(&[mood]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        assert_eq!(scene.deliveries().await[0].0, "DEAD");
        assert_eq!(
            channel(&scene).await["targets"][0]["disabledReason"],
            json!(null)
        );
        scene.see(vec![], GONE).await;
        assert_eq!(scene.discord.titles(), ["grafana is gone"]);
    }
}

#[tokio::test]
async fn what_a_pod_says_is_cut_and_never_refused() {
    let scene = Scene::new(sqlite()).await;
    let mut loud = crash(Severity::Critical);
    let words = "🚢 파드 [link](https://evil.example) @everyone ``` ".repeat(100);
    assert!(words.chars().count() > 4_000);
    loud.facts.message = Some(words.clone());
    loud.facts.image = Some(words.clone());
    loud.evidence = vec![
        Evidence {
            at: None,
            source: "pod grafana-1".into(),
            text: words
        };
        5
    ];
    scene.see(vec![loud], UNSETTLED).await;
    assert_eq!(scene.discord.titles(), ["grafana keeps crashing"]);
    let mut blank = crash(Severity::Critical);
    blank.key.owner.name = "loki".into();
    blank.facts.image = Some(" ".into());
    blank.evidence = vec![Evidence {
        at: None,
        source: String::new(),
        text: "\n".into(),
    }];
    scene
        .see(vec![crash(Severity::Critical), blank], UNSETTLED)
        .await;
    assert_eq!(
        scene.discord.titles().len(),
        2,
        "{:?}",
        scene.deliveries().await
    );
}

#[tokio::test]
async fn a_thread_gets_its_messages() {
    for db in both().await {
        let url = format!("{}?thread_id=223456789012345678", Discord::webhook(1));
        let channel = json!({ "name": "ops", "targets": [{ "discord": { "webhookUrl": url } }] });
        let scene = Scene::with(db, &[], channel).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        assert_eq!(
            scene.discord.threads(),
            [Some("223456789012345678".to_owned())]
        );
    }
}

#[tokio::test]
async fn a_discord_that_is_away_is_tried_again_and_no_token_shows() {
    // A port that was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let away = format!("--discord-api=http://{nobody}");
    let target = json!({ "discord": { "webhookUrl": Discord::webhook(1) } });
    let scene = Scene::with(
        sqlite(),
        &[&away],
        json!({ "name": "ops", "targets": [target] }),
    )
    .await;
    scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
    let (state, error) = scene.deliveries().await.remove(0);
    let error = error.as_str().expect("words");
    assert_eq!(state, "RETRYING");
    assert!(
        error.contains("cannot be reached") && !error.contains(TOKEN),
        "{error}"
    );
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_disabled_at_once_and_replaced_by_another() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.discord.will(&[Mood::UnknownWebhook]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        assert_eq!(scene.deliveries().await[0].0, "DEAD");
        let channels = scene
            .admin
            .ok("{ channels { nodes { id version targets { ... on DiscordTarget { disabledReason } } lastDelivery { id state error } } } }", json!({}))
            .await;
        let channel = &channels["channels"]["nodes"][0];
        let reason = channel["targets"][0]["disabledReason"]
            .as_str()
            .expect("a reason");
        assert!(
            reason.contains("Unknown Webhook") && !reason.contains(TOKEN),
            "{reason}"
        );
        let update = "mutation($i: UpdateChannelInput!) { updateChannel(input: $i) { channel { version } errors { message } } }";
        let targets = json!([{ "discord": { "webhookUrl": Discord::webhook(2) } }]);
        scene
            .admin
            .ok(
                update,
                json!({ "i": { "id": channel["id"], "expectedVersion": 1, "targets": targets } }),
            )
            .await;
        scene.see(vec![], GONE).await;
        assert_eq!(scene.discord.titles(), ["grafana is gone"]);
    }
}

#[tokio::test]
async fn whom_a_disabled_webhook_did_not_reach_is_written_down_and_can_be_told_later() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.discord.will(&[Mood::UnknownWebhook]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        // Nothing is sent any more, but nothing is forgotten either.
        scene.see(vec![], GONE).await;
        assert_eq!(scene.discord.requests(), 1);
        let rows = scene.deliveries().await;
        assert_eq!([rows[0].0.as_str(), rows[1].0.as_str()], ["DEAD", "DEAD"]);
        assert!(
            rows[1]
                .1
                .as_str()
                .is_some_and(|e| e.contains("Unknown Webhook")),
            "{rows:?}"
        );
        let newest = channel(&scene).await["lastDelivery"]["id"].clone();
        let again = scene
            .admin
            .ok(RETRY, json!({ "i": { "id": newest } }))
            .await;
        assert_eq!(again["retryDelivery"]["delivery"]["state"], "PENDING");
        scene.deliver().await;
        assert_eq!(scene.discord.titles(), ["grafana is gone"]);
        assert_eq!(
            channel(&scene).await["targets"][0]["disabledReason"],
            json!(null)
        );
        let twice = scene
            .admin
            .ok(RETRY, json!({ "i": { "id": newest } }))
            .await;
        assert_eq!(twice["retryDelivery"]["errors"][0]["code"], "CONFLICT");
    }
}

#[tokio::test]
async fn a_disabled_webhook_that_takes_a_test_is_used_again() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.discord.will(&[Mood::BadToken]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let before = channel(&scene).await;
        assert_ne!(before["targets"][0]["disabledReason"], json!(null));
        let test = json!({ "i": { "targets": [{ "keep": before["targets"][0]["id"] }] } });
        scene.discord.will(&[Mood::BadToken]);
        scene.admin.ok(TEST, test.clone()).await;
        assert_ne!(
            channel(&scene).await["targets"][0]["disabledReason"],
            json!(null)
        );
        scene.admin.ok(TEST, test).await;
        assert_eq!(
            channel(&scene).await["targets"][0]["disabledReason"],
            json!(null)
        );
        scene.see(vec![], GONE).await;
        assert_eq!(
            scene.discord.titles(),
            ["This is a test", "grafana is gone"]
        );
    }
}

#[tokio::test]
async fn a_delivery_without_a_target_is_not_put_in_line_again() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.discord.will(&[Mood::BadRequest]);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let before = channel(&scene).await;
        let update =
            "mutation($i: UpdateChannelInput!) { updateChannel(input: $i) { errors { message } } }";
        let targets = json!([{ "discord": { "webhookUrl": Discord::webhook(2) } }]);
        let edit = json!({ "i": { "id": before["id"], "expectedVersion": 1, "targets": targets } });
        scene.admin.ok(update, edit).await;
        let again = scene
            .admin
            .ok(
                RETRY,
                json!({ "i": { "id": before["lastDelivery"]["id"] } }),
            )
            .await;
        let error = &again["retryDelivery"]["errors"][0];
        assert_eq!(error["code"], "CONFLICT");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|m| m.contains("nobody left")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_channel_is_tested_before_it_is_saved_and_its_secret_never_comes_back() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let test = "mutation($i: TestChannelInput!) { testChannel(input: $i) { results { targetHint delivered answer } errors { message path } } }";
        let unsaved = json!({ "i": { "targets": [{ "discord": { "webhookUrl": Discord::webhook(9) } }], "locale": "KO" } });
        let answer = scene.admin.ok(test, unsaved.clone()).await;
        assert_eq!(answer["testChannel"]["results"][0]["delivered"], true);
        assert_eq!(scene.discord.titles(), ["시험 메시지입니다"]);
        scene.discord.will(&[Mood::BadToken]);
        let refused = scene.admin.ok(test, unsaved).await;
        let words = refused["testChannel"]["results"][0]["answer"]
            .as_str()
            .expect("words");
        assert!(
            words.starts_with("401") && words.contains("Invalid Webhook Token"),
            "{words}"
        );
        for (url, part) in [
            ("https://evil.example/api/webhooks/1/x", "Discord"),
            ("", "Discord"),
        ] {
            let wrong =
                json!({ "i": { "name": "x", "targets": [{ "discord": { "webhookUrl": url } }] } });
            let refused = scene.admin.ok(CREATE, wrong).await;
            let error = &refused["createChannel"]["errors"][0];
            assert_eq!(
                error["path"],
                json!(["input", "targets", "0", "discord", "webhookUrl"])
            );
            assert!(error["message"].as_str().is_some_and(|m| m.contains(part)));
        }
        let everything = scene.admin.send("{ channels { nodes { id name targets { __typename ... on DiscordTarget { id hint disabledReason } } } } }", json!({})).await;
        assert!(!everything.to_string().contains(TOKEN));
        let member = scene.server.member("jun").await;
        assert_eq!(
            member
                .code("{ channels { nodes { id } } }", json!({}))
                .await,
            "FORBIDDEN"
        );
    }
}

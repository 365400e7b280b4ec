//! Incidents and who is told: exact lists of messages, in order, through the real worker.

use std::collections::HashMap;

use chrono::TimeDelta;
use porthole::{
    alerts::{
        finding::{
            Facts, Finding, Key, Observation, Owner, OwnerState, ProblemClass, Severity, SourceKind,
        },
        incident, worker,
    },
    notify::Notifier,
};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, set_up},
    db::{both, sqlite},
    discord::{Discord, Mood},
};

const CREATE: &str = "mutation($i: CreateChannelInput!) { createChannel(input: $i) { channel { id version targets { __typename ... on DiscordTarget { id hint } ... on MailTarget { id host } } } errors { message code path } } }";

/// A server with a channel to a Discord of its own.
struct Scene {
    server: TestApp,
    discord: Discord,
    admin: Client,
}

impl Scene {
    async fn new(db: crate::db::TestDb) -> Self {
        let discord = Discord::start().await;
        let server = TestApp::start(
            db,
            &["--work=false", &format!("--discord-api={}", discord.api)],
        )
        .await;
        let admin = server.admin().await;
        let input = json!({ "i": { "name": "ops", "targets": [{ "discord": { "webhookUrl": Discord::webhook(1) } }] } });
        let made = admin.ok(CREATE, input).await;
        assert_eq!(made["createChannel"]["errors"], json!([]), "{made}");
        Self {
            server,
            discord,
            admin,
        }
    }

    /// Hands an observation over and delivers what is due.
    async fn see(&self, findings: Vec<Finding>, owners: &[OwnerState]) {
        let app = &self.server.app;
        let seen = observation(findings, owners);
        let mut tx = app.begin().await.expect("a transaction");
        incident::reconcile(&mut tx, &app.clock, TimeDelta::seconds(120), &seen)
            .await
            .map_err(porthole::error::Error::into_anyhow)
            .expect("reconciles");
        tx.commit().await.expect("commits");
        self.deliver().await;
    }

    async fn deliver(&self) {
        let notifier = Notifier::new(&self.server.app.config).expect("a notifier");
        worker::drain(&self.server.app, &notifier)
            .await
            .map_err(porthole::error::Error::into_anyhow)
            .expect("delivers");
    }

    fn pass(&self, seconds: i64) {
        self.server.app.clock.advance(TimeDelta::seconds(seconds));
    }

    /// States and errors of all deliveries, oldest first.
    async fn deliveries(&self) -> Vec<(String, Value)> {
        let query = "{ incidents(last: 20) { nodes { deliveries { state error } } } }";
        let all = self.admin.ok(query, json!({})).await;
        let incidents = all["incidents"]["nodes"]
            .as_array()
            .expect("a list")
            .clone();
        let flat = incidents
            .iter()
            .rev()
            .flat_map(|i| i["deliveries"].as_array().expect("a list").clone());
        flat.map(|d| {
            (
                d["state"].as_str().expect("a state").to_owned(),
                d["error"].clone(),
            )
        })
        .collect()
    }
}

fn owner() -> Owner {
    Owner {
        kind: "Deployment".into(),
        name: "grafana".into(),
    }
}

fn crash(severity: Severity) -> Finding {
    Finding {
        key: Key {
            cluster: "harbor".into(),
            namespace: Some("monitoring".into()),
            owner: owner(),
            class: ProblemClass::CrashLoop,
            container: Some("grafana".into()),
        },
        severity,
        since: crate::app::start_time(),
        affected: vec!["grafana-1".into()],
        total: Some(2),
        facts: Facts {
            exit_code: Some(1),
            ..Facts::default()
        },
        evidence: Vec::new(),
    }
}

fn observation(findings: Vec<Finding>, states: &[OwnerState]) -> Observation {
    let owners: HashMap<_, _> = states
        .iter()
        .map(|state| ((Some("monitoring".to_owned()), owner()), *state))
        .collect();
    Observation {
        cluster: "harbor".into(),
        source: SourceKind::Pods,
        findings,
        owners,
    }
}

const UNSETTLED: &[OwnerState] = &[OwnerState::Unsettled];
const HEALTHY: &[OwnerState] = &[OwnerState::Healthy];
const GONE: &[OwnerState] = &[];

#[tokio::test]
async fn a_problem_is_told_once_and_its_recovery_once() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        // It flickers: well for a moment, crashing again, within the quiet period.
        scene.see(vec![], HEALTHY).await;
        scene.pass(300);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.see(vec![], HEALTHY).await;
        scene.pass(599);
        scene.see(vec![], HEALTHY).await;
        assert_eq!(scene.discord.titles(), ["grafana keeps crashing"]);
        scene.pass(1);
        scene.see(vec![], HEALTHY).await;
        scene.see(vec![], HEALTHY).await;
        assert_eq!(
            scene.discord.titles(),
            ["grafana keeps crashing", "grafana has recovered"]
        );
        let messages = scene.discord.messages();
        let footer = |n: usize| messages[n]["embeds"][0]["footer"]["text"].clone();
        assert_eq!(
            (footer(0), footer(1)),
            (json!("incident #1, step 1"), json!("incident #1, step 2"))
        );
        let text = messages[0].to_string();
        assert!(
            text.contains("Deployment/grafana") && text.contains("kubectl logs grafana-1"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn gone_is_not_recovered_and_unknown_is_neither() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.see(vec![], UNSETTLED).await;
        scene.pass(9_999);
        scene.see(vec![], UNSETTLED).await;
        assert_eq!(
            scene.discord.titles().len(),
            1,
            "neither well nor gone: nothing is told"
        );
        scene.see(vec![], GONE).await;
        assert_eq!(
            scene.discord.titles(),
            ["grafana keeps crashing", "grafana is gone"]
        );
        let story = scene
            .admin
            .ok("{ incident(number: 1) { state title cause(locale: KO) remedy transitions { kind } deliveries { state attempts targetHint } } }", json!({}))
            .await;
        assert_eq!(story["incident"]["state"], "REMOVED");
        assert_eq!(
            story["incident"]["transitions"],
            json!([{ "kind": "OPENED" }, { "kind": "REMOVED" }])
        );
        assert_eq!(
            story["incident"]["deliveries"][0],
            json!({ "state": "DELIVERED", "attempts": 1, "targetHint": "Discord …5001" })
        );
    }
}

#[tokio::test]
async fn getting_worse_is_told_and_what_another_source_sees_is_left_alone() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.see(vec![crash(Severity::Warning)], UNSETTLED).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.see(vec![crash(Severity::Warning)], UNSETTLED).await;
        let app = &scene.server.app;
        let mut tx = app.begin().await.expect("a transaction");
        let certificates = Observation {
            source: SourceKind::Certificates,
            ..observation(vec![], GONE)
        };
        let steps =
            incident::reconcile(&mut tx, &app.clock, TimeDelta::zero(), &certificates).await;
        assert_eq!(steps.ok(), Some(0));
        tx.commit().await.expect("commits");
        scene.deliver().await;
        assert_eq!(
            scene.discord.titles(),
            ["grafana keeps crashing", "Worse: grafana keeps crashing"]
        );
    }
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
async fn a_webhook_that_is_gone_is_disabled_at_once_and_can_be_tried_again_by_hand() {
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
            reason.contains("Unknown Webhook") && !reason.contains(crate::discord::TOKEN),
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
async fn three_workers_send_each_message_once() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let app = &scene.server.app;
        let mut tx = app.begin().await.expect("a transaction");
        let many = (0..40).map(|n| {
            let mut finding = crash(Severity::Critical);
            finding.key.owner.name = format!("app-{n:02}");
            finding
        });
        let seen = observation(many.collect(), UNSETTLED);
        let steps = incident::reconcile(&mut tx, &app.clock, TimeDelta::zero(), &seen).await;
        assert_eq!(steps.ok(), Some(40));
        tx.commit().await.expect("commits");
        tokio::join!(scene.deliver(), scene.deliver(), scene.deliver());
        let deadline = tokio::time::Instant::now() + crate::app::DEADLINE;
        while scene.discord.titles().len() < 40 {
            assert!(
                tokio::time::Instant::now() < deadline,
                "only {} arrived",
                scene.discord.titles().len()
            );
            scene.deliver().await;
        }
        let mut titles = scene.discord.titles();
        titles.sort();
        titles.dedup();
        assert_eq!((titles.len(), scene.discord.titles().len()), (40, 40));
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
        assert!(!everything.to_string().contains(crate::discord::TOKEN));
        let member = scene.server.member("jun").await;
        assert_eq!(
            member
                .code("{ channels { nodes { id } } }", json!({}))
                .await,
            "FORBIDDEN"
        );
    }
}

#[tokio::test]
async fn an_incident_appears_live() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let mut socket = scene.admin.socket().await;
        let watch = "subscription { incidentChanges { __typename ... on IncidentSnapshot { items { number } } ... on IncidentUpsert { object { number state title(locale: KO) } } } }";
        socket.subscribe("1", watch, json!({})).await;
        let start = socket.data().await;
        assert_eq!(
            start["incidentChanges"],
            json!({ "__typename": "IncidentSnapshot", "items": [] })
        );
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let upsert = socket.data().await;
        assert_eq!(
            upsert["incidentChanges"]["object"]["title"],
            "grafana: 계속 비정상 종료됩니다"
        );
    }
}

fn mail_input(recipient: &str, password: &str, port: &str) -> Value {
    json!({ "mail": {
        "host": "localhost", "port": port.parse::<u16>().expect("a port"), "security": "STARTTLS",
        "username": "porthole", "password": password,
        "sender": "Porthole <porthole@example.org>", "recipients": [recipient],
    } })
}

#[tokio::test]
async fn mail_goes_out_by_a_real_server_and_its_refusals_are_understood() {
    let smtp = set_up("PORTHOLE_TEST_SMTP");
    let port = smtp.rsplit(':').next().expect("a port");
    let ca = format!("--mail-ca-file={}", set_up("PORTHOLE_TEST_SMTP_CA"));
    let server = TestApp::start(sqlite(), &[&ca]).await;
    let admin = server.admin().await;
    let test = "mutation($i: TestChannelInput!) { testChannel(input: $i) { results { delivered answer } errors { message path } } }";
    let answer = |target: Value| {
        let admin = &admin;
        async move {
            let all = admin
                .ok(test, json!({ "i": { "targets": [target] } }))
                .await;
            let result = all["testChannel"]["results"][0].clone();
            (
                result["delivered"] == true,
                result["answer"].as_str().unwrap_or_default().to_owned(),
            )
        }
    };
    let address = format!("ops-{}@example.org", std::process::id());
    let (delivered, words) = answer(mail_input(&address, "app-password", port)).await;
    assert!(delivered, "{words}");
    let folder = std::path::PathBuf::from(set_up("PORTHOLE_TEST_SMTP_MAIL_DIR"));
    let mails = read_all(&folder);
    let mail = mails
        .iter()
        .find(|mail| mail.contains(&address))
        .expect("it arrived");
    assert!(
        mail.contains("Subject: [Porthole] This is a test") && mail.contains("Message-ID: <"),
        "{mail}"
    );
    for (target, code) in [
        (mail_input(&address, "wrong", port), "535"),
        (
            mail_input("quota-550@example.org", "app-password", port),
            "5.4.5",
        ),
        (
            mail_input("later-421@example.org", "app-password", port),
            "421",
        ),
    ] {
        let (delivered, words) = answer(target).await;
        assert!(!delivered && words.contains(code), "{code}: {words}");
    }
    let elsewhere = json!({ "mail": { "host": "mail.example.org", "security": "NONE", "sender": "a@example.org", "recipients": ["b@example.org"] } });
    let refused = admin
        .ok(test, json!({ "i": { "targets": [elsewhere] } }))
        .await;
    assert_eq!(
        refused["testChannel"]["errors"][0]["path"],
        json!(["input", "targets", "0", "mail", "security"])
    );
}

/// Every mail in a folder and its folders.
pub fn read_all(folder: &std::path::Path) -> Vec<String> {
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("the mail folder")
        .flatten()
    {
        if entry.path().is_dir() {
            mails.extend(read_all(&entry.path()));
        } else if let Ok(mail) = std::fs::read_to_string(entry.path()) {
            mails.push(mail);
        }
    }
    mails
}

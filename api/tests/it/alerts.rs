//! Incidents and who is told: exact lists of messages, in order, through the real worker.

use chrono::TimeDelta;
use porthole::{
    alerts::{
        finding::{Observation, Severity, SourceKind},
        incident,
    },
    app::App,
    boot,
    clock::Clock,
};
use serde_json::json;

use crate::{
    app::DEADLINE,
    db::both,
    discord::Discord,
    scene::{GONE, HEALTHY, Scene, UNSETTLED, crash, deliver, note, observation},
};

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
async fn twenty_minutes_of_flapping_are_one_problem() {
    for db in both().await {
        let scene = Scene::new(db).await;
        // Half a minute up, half a minute down: as a container does whose back-off is short.
        for _ in 0..20 {
            scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
            scene.pass(30);
            scene.see(vec![], HEALTHY).await;
            scene.pass(30);
        }
        assert_eq!(scene.discord.titles(), ["grafana keeps crashing"]);
        for _ in 0..20 {
            scene.see(vec![], HEALTHY).await;
            scene.pass(60);
        }
        assert_eq!(
            scene.discord.titles(),
            ["grafana keeps crashing", "grafana has recovered"]
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
async fn replicas_that_see_the_same_tell_it_once() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let look = || scene.note(vec![crash(Severity::Critical)], UNSETTLED);
        let steps = tokio::join!(look(), look(), look(), look());
        assert_eq!(steps.0 + steps.1 + steps.2 + steps.3, 1);
        let end = || scene.note(vec![], GONE);
        let steps = tokio::join!(end(), end(), end(), end());
        assert_eq!(steps.0 + steps.1 + steps.2 + steps.3, 1);
        scene.deliver().await;
        assert_eq!(
            scene.discord.titles(),
            ["grafana keeps crashing", "grafana is gone"]
        );
    }
}

#[tokio::test]
async fn a_replica_whose_watch_lags_does_not_open_again_what_was_just_closed() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.see(vec![], GONE).await;
        // The other replica has not heard of the deletion yet.
        scene.pass(2);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        assert_eq!(scene.discord.titles().len(), 2);
        // What began after the close is new, however soon.
        let mut anew = crash(Severity::Critical);
        anew.since = scene.server.app.clock.now();
        scene.see(vec![anew], UNSETTLED).await;
        scene.see(vec![], GONE).await;
        assert_eq!(scene.discord.titles().len(), 4);
        // And what is still there after a while really is there.
        scene.pass(60);
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        assert_eq!(scene.discord.titles().len(), 5);
    }
}

#[tokio::test]
async fn a_restart_in_between_repeats_nothing_and_misses_nothing() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let mut second = crash(Severity::Critical);
        second.key.owner.name = "loki".into();
        let both = vec![crash(Severity::Critical), second.clone()];
        // Noticed, and not told any more: the server stops.
        scene.note(both.clone(), UNSETTLED).await;
        scene.server.app.stop.cancel();
        let app = start_again(&scene).await;
        note(&app, &observation(both, UNSETTLED)).await;
        assert_eq!(deliver(&app, &scene.notifier).await, 1);
        // What happened while nobody looked: grafana is gone.
        note(&app, &observation(vec![second], GONE)).await;
        deliver(&app, &scene.notifier).await;
        assert_eq!(
            scene.discord.titles(),
            [
                "grafana keeps crashing",
                "loki keeps crashing",
                "grafana is gone"
            ]
        );
    }
}

/// A new process on the old database, as soon as the old one let go of it.
async fn start_again(scene: &Scene) -> App {
    let config = (*scene.server.app.config).clone();
    let clock = Clock::manual(scene.server.app.clock.now());
    let deadline = tokio::time::Instant::now() + DEADLINE;
    loop {
        match boot::floor(config.clone(), clock.clone()).await {
            // The lock is only for other processes: this one ends with the test.
            Ok((app, _lock)) => return app,
            Err(e) => assert!(tokio::time::Instant::now() < deadline, "{e:#}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_channel_speaks_its_own_language() {
    for db in both().await {
        let target = json!({ "discord": { "webhookUrl": Discord::webhook(1) } });
        let channel = json!({ "name": "운영", "locale": "KO", "targets": [target] });
        let scene = Scene::with(db, &[], channel).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        assert_eq!(scene.discord.titles(), ["grafana: 계속 비정상 종료됩니다"]);
        let embed = &scene.discord.messages()[0]["embeds"][0];
        assert_eq!(embed["footer"]["text"], "장애 #1, 1단계");
        assert_eq!(
            embed["url"],
            scene
                .server
                .app
                .config
                .public_url()
                .join("incidents/1")
                .expect("a link")
                .as_str()
        );
    }
}

#[tokio::test]
async fn of_two_editors_at_once_one_learns_of_the_other() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let channels = scene
            .admin
            .ok("{ channels { nodes { id } } }", json!({}))
            .await;
        let id = &channels["channels"]["nodes"][0]["id"];
        let edit = |name: &'static str| {
            let update = "mutation($i: UpdateChannelInput!) { updateChannel(input: $i) { channel { name version } errors { code } } }";
            let input = json!({ "i": { "id": id, "expectedVersion": 1, "name": name } });
            scene.admin.ok(update, input)
        };
        let (one, other) = tokio::join!(edit("one"), edit("other"));
        let mut codes = [one, other].map(|answer| {
            let code = &answer["updateChannel"]["errors"][0]["code"];
            code.as_str().unwrap_or("saved").to_owned()
        });
        codes.sort();
        assert_eq!(codes, ["CONFLICT", "saved"]);
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

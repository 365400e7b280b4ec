//! A server with a channel, a Discord and a clock of its own: what the tests of alerts play with.

use std::collections::HashMap;

use chrono::TimeDelta;
use porthole::{
    alerts::{
        finding::{
            Facts, Finding, Key, Observation, Owner, OwnerState, ProblemClass, Severity, SourceKind,
        },
        incident, worker,
    },
    app::App,
    error::Error,
    notify::Notifier,
};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp},
    discord::Discord,
};

/// Makes a channel.
pub const CREATE: &str = "mutation($i: CreateChannelInput!) { createChannel(input: $i) { channel { id version targets { __typename ... on DiscordTarget { id hint } ... on MailTarget { id host } } } errors { message code path } } }";

/// A server with a channel to a Discord of its own. Nothing is sent unless the test says so.
pub struct Scene {
    /// The server.
    pub server: TestApp,
    /// Where its channel leads.
    pub discord: Discord,
    /// An admin.
    pub admin: Client,
    /// What sends.
    pub notifier: Notifier,
}

impl Scene {
    /// One channel with one webhook.
    pub async fn new(db: crate::db::TestDb) -> Self {
        let target = json!({ "discord": { "webhookUrl": Discord::webhook(1) } });
        Self::with(db, &[], json!({ "name": "ops", "targets": [target] })).await
    }

    /// A channel as given, and more settings.
    pub async fn with(db: crate::db::TestDb, args: &[&str], channel: Value) -> Self {
        let discord = Discord::start().await;
        let api = format!("--discord-api={}", discord.api);
        let args: Vec<&str> = ["--work=false", &api].iter().chain(args).copied().collect();
        let server = TestApp::start(db, &args).await;
        let admin = server.admin().await;
        let notifier = Notifier::new(&server.app.config).expect("a notifier");
        let made = admin.ok(CREATE, json!({ "i": channel })).await;
        assert_eq!(made["createChannel"]["errors"], json!([]), "{made}");
        Self {
            server,
            discord,
            admin,
            notifier,
        }
    }

    /// Hands an observation over and delivers what is due.
    pub async fn see(&self, findings: Vec<Finding>, owners: &[OwnerState]) {
        self.note(findings, owners).await;
        self.deliver().await;
    }

    /// Hands an observation over; returns how many steps that made. Nothing is delivered.
    pub async fn note(&self, findings: Vec<Finding>, owners: &[OwnerState]) -> usize {
        note(&self.server.app, &observation(findings, owners)).await
    }

    /// Delivers what is due; returns how many rows that settled.
    pub async fn deliver(&self) -> usize {
        deliver(&self.server.app, &self.notifier).await
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.server.app.clock.advance(TimeDelta::seconds(seconds));
    }

    /// States and errors of all deliveries, oldest first.
    pub async fn deliveries(&self) -> Vec<(String, Value)> {
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

/// Hands an observation to a server; returns how many steps that made.
pub async fn note(app: &App, seen: &Observation) -> usize {
    let mut tx = app.begin().await.expect("a transaction");
    let steps = incident::reconcile(&mut tx, &app.clock, TimeDelta::seconds(120), seen)
        .await
        .map_err(Error::into_anyhow)
        .expect("reconciles");
    tx.commit().await.expect("commits");
    steps
}

/// Delivers what is due on a server.
pub async fn deliver(app: &App, notifier: &Notifier) -> usize {
    worker::drain(app, notifier)
        .await
        .map_err(Error::into_anyhow)
        .expect("delivers")
}

/// Whose incidents these are.
pub fn owner() -> Owner {
    Owner {
        kind: "Deployment".into(),
        name: "grafana".into(),
    }
}

/// A crash loop of it.
pub fn crash(severity: Severity) -> Finding {
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

/// A look at everything: these problems, and how the owner fares.
pub fn observation(findings: Vec<Finding>, states: &[OwnerState]) -> Observation {
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

/// How the owner fares.
pub const UNSETTLED: &[OwnerState] = &[OwnerState::Unsettled];
/// Well.
pub const HEALTHY: &[OwnerState] = &[OwnerState::Healthy];
/// Not there any more.
pub const GONE: &[OwnerState] = &[];

//! The outbox: one row for each step and target, whatever happens to the workers.

use std::{collections::HashMap, time::Duration};

use chrono::TimeDelta;
use entity::delivery::{self, State};
use porthole::{
    alerts::{
        finding::{Finding, Severity},
        incident, outbox, worker,
    },
    app::App,
    notify::{Receipt, SendError},
};
use sea_orm::EntityTrait;
use tokio_util::sync::CancellationToken;

use crate::{
    db::both,
    discord::Mood,
    scene::{GONE, Scene, UNSETTLED, crash, observation},
};

/// Longer than a lease.
const LEASE_OVER: i64 = 91;

/// So many crash loops.
fn crashes(count: usize) -> Vec<Finding> {
    let crash = |n| {
        let mut finding = crash(Severity::Critical);
        finding.key.owner.name = format!("app-{n:02}");
        finding
    };
    (0..count).map(crash).collect()
}

async fn claim(app: &App) -> Vec<delivery::Model> {
    let mut tx = app.begin().await.expect("a transaction");
    let rows = outbox::claim(&mut tx, app.clock.now(), 1).await;
    tx.commit().await.expect("commits");
    rows.map_err(porthole::error::Error::into_anyhow)
        .expect("rows")
}

async fn rows(app: &App) -> Vec<delivery::Model> {
    delivery::Entity::find().all(&app.db).await.expect("rows")
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
async fn killed_workers_lose_nothing_and_repeat_little() {
    const KILLS: usize = 30;
    for db in both().await {
        let scene = Scene::new(db).await;
        let app = &scene.server.app;
        assert_eq!(scene.note(crashes(60), UNSETTLED).await, 60);
        assert_eq!(scene.note(vec![], GONE).await, 60);
        for kill in 0..KILLS {
            let workers: Vec<_> = (0..3)
                .map(|_| {
                    let (app, notifier) = (app.clone(), scene.notifier.clone());
                    tokio::spawn(
                        async move { worker::drain(&app, &notifier).await.map_err(|_| ()) },
                    )
                })
                .collect();
            // Somewhere between a claim and the settling of what was sent, each time elsewhere.
            scene
                .discord
                .asked(scene.discord.requests() + 1 + kill % 5)
                .await;
            workers.iter().for_each(tokio::task::JoinHandle::abort);
            for worker in workers {
                let _ = worker.await;
            }
            if rows(app)
                .await
                .iter()
                .all(|row| row.state == State::Delivered)
            {
                break;
            }
            scene.pass(LEASE_OVER);
        }
        scene.pass(LEASE_OVER);
        scene.deliver().await;
        let rows = rows(app).await;
        assert_eq!(rows.len(), 120, "one row for each step and target");
        let open: Vec<_> = rows
            .iter()
            .filter(|row| row.state != State::Delivered)
            .collect();
        assert!(open.is_empty(), "{open:?}");
        let mut told: HashMap<String, Vec<String>> = HashMap::new();
        for message in scene.discord.messages() {
            let mark = message["embeds"][0]["footer"]["text"]
                .as_str()
                .expect("a mark")
                .to_owned();
            let (incident, step) = mark.split_once(", ").expect("two parts");
            told.entry(incident.to_owned())
                .or_default()
                .push(step.to_owned());
        }
        assert_eq!(told.len(), 60);
        for (incident, steps) in &told {
            let mut in_order = steps.clone();
            in_order.sort();
            in_order.dedup();
            assert_eq!(in_order, ["step 1", "step 2"], "{incident}");
            assert!(steps.is_sorted(), "{incident}: {steps:?}");
        }
        let repeats = scene.discord.messages().len() - 120;
        // Three workers die at once, each with at most one message in each of its lanes.
        assert!(repeats <= KILLS * 3 * worker::LANES, "{repeats} repeats");
    }
}

#[tokio::test]
async fn a_row_that_ends_every_worker_is_given_up() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let app = &scene.server.app;
        scene.note(vec![crash(Severity::Critical)], UNSETTLED).await;
        for attempt in 1..=8 {
            let claimed = claim(app).await;
            assert_eq!(claimed.first().map(|row| row.attempts), Some(attempt));
            assert_eq!(claim(app).await, [], "it is somebody's");
            scene.pass(LEASE_OVER);
        }
        assert_eq!(scene.deliver().await, 0);
        assert_eq!(scene.discord.requests(), 0);
        let row = rows(app).await.remove(0);
        assert_eq!(row.state, State::Dead);
        assert!(row.error.is_some_and(|e| e.contains("Given up")));
    }
}

#[tokio::test]
async fn a_row_that_ends_its_workers_takes_no_other_with_it() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let app = &scene.server.app;
        scene.note(crashes(4), UNSETTLED).await;
        // Four lanes were busy when the first one ended the worker.
        let mut poison = None;
        for _ in 0..4 {
            let row = claim(app).await.remove(0);
            poison.get_or_insert(row.id);
        }
        let mut ends = 0;
        loop {
            scene.pass(LEASE_OVER);
            let Some(row) = claim(app).await.pop() else {
                break;
            };
            assert_eq!(claim(app).await, [], "suspects are tried one at a time");
            if Some(row.id) == poison {
                ends += 1;
                continue;
            }
            let taken = Ok(Receipt {
                answer: "200".into(),
            });
            let settled = outbox::settle(app, &row, &taken).await;
            settled
                .map_err(porthole::error::Error::into_anyhow)
                .expect("settles");
        }
        assert_eq!(ends, 7, "and once among the others");
        let mut states: Vec<_> = rows(app)
            .await
            .into_iter()
            .map(|row| (Some(row.id) == poison, row.state))
            .collect();
        states.sort_by_key(|(is_poison, _)| !is_poison);
        let delivered = (false, State::Delivered);
        assert_eq!(
            states,
            [(true, State::Dead), delivered, delivered, delivered]
        );
    }
}

#[tokio::test]
async fn a_worker_that_was_too_slow_cannot_settle() {
    for db in both().await {
        let scene = Scene::new(db).await;
        let app = &scene.server.app;
        scene.note(vec![crash(Severity::Critical)], UNSETTLED).await;
        let slow = claim(app).await.remove(0);
        scene.pass(LEASE_OVER);
        let quick = claim(app).await.remove(0);
        assert!(quick.lease_token > slow.lease_token);
        let settle = |row: delivery::Model, outcome: Result<Receipt, SendError>| async move {
            let settled = outbox::settle(app, &row, &outcome).await;
            settled
                .map_err(porthole::error::Error::into_anyhow)
                .expect("settles");
            rows(app).await.remove(0).state
        };
        let refused = Err(SendError::Disable("gone".into()));
        assert_eq!(settle(slow.clone(), refused.clone()).await, State::Sending);
        let taken = Ok(Receipt {
            answer: "200".into(),
        });
        assert_eq!(settle(quick, taken).await, State::Delivered);
        assert_eq!(settle(slow, refused).await, State::Delivered);
        scene.see(vec![], GONE).await;
        assert_eq!(
            scene.discord.titles(),
            ["grafana is gone"],
            "the target is not disabled"
        );
    }
}

#[tokio::test]
async fn a_server_that_stops_finishes_the_message_it_is_at() {
    for db in both().await {
        let scene = Scene::new(db).await;
        scene
            .discord
            .will(&[Mood::Slow(Duration::from_millis(300))]);
        scene.note(vec![crash(Severity::Critical)], UNSETTLED).await;
        let mut app = scene.server.app.clone();
        app.stop = CancellationToken::new();
        let lane = tokio::spawn(worker::run(app.clone(), scene.notifier.clone()));
        scene.discord.asked(1).await;
        app.stop.cancel();
        lane.await.expect("it ends by itself");
        assert_eq!(rows(&app).await.remove(0).state, State::Delivered);
        scene.pass(LEASE_OVER);
        assert_eq!(scene.deliver().await, 0, "nothing is sent twice");
    }
}

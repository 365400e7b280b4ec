//! How long a refusal takes must not tell who exists. Medians of one run are compared with each other.

use std::time::{Duration, Instant};

use crate::{
    app::{TestApp, config},
    db::sqlite,
};

const TRIES: usize = 21;
/// A disturbed machine gets another round; a leak shows in each.
const ROUNDS: usize = 4;

#[tokio::test]
async fn refusals_take_the_same_time_whoever_is_asked_for() {
    let db = sqlite();
    let settings = config(&db, &["--sign-in-per-minute=100000"]);
    let server = TestApp::start_with(settings, porthole::clock::Clock::System, Some(db)).await;
    server.member("jun").await;
    server.member("locked").await;
    for _ in 0..5 {
        server.client().try_sign_in("locked", "wrong").await;
    }
    let mut worst = 0.0_f64;
    for _ in 0..ROUNDS {
        let medians = medians(&server).await;
        let (least, most) = medians
            .iter()
            .fold((f64::MAX, 0.0_f64), |(least, most), m| {
                (least.min(m.as_secs_f64()), most.max(m.as_secs_f64()))
            });
        worst = most / least;
        if worst <= 1.10 {
            return;
        }
    }
    panic!("the medians of known, unknown and locked names differ by a factor of {worst:.2}");
}

/// Medians for a known, an unknown and a locked name, asked for in turns.
async fn medians(server: &TestApp) -> Vec<Duration> {
    let client = server.client();
    let names = ["jun", "nobody", "locked"];
    let mut times = vec![Vec::new(); names.len()];
    for _ in 0..TRIES {
        for (name, times) in names.iter().zip(&mut times) {
            let began = Instant::now();
            client.try_sign_in(name, "a wrong password").await;
            times.push(began.elapsed());
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort();
            times[TRIES / 2]
        })
        .collect()
}

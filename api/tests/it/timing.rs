//! How long a refusal takes must not tell who exists. Medians of one run are compared with each other.

use std::time::{Duration, Instant};

use crate::{
    app::ADMIN_PASSWORD,
    db::sqlite,
    processes::{Server, member},
};

const TRIES: usize = 15;
/// Other tests disturb the clock: more tries bring the medians together. A leak keeps them apart.
const ROUNDS: usize = 12;
const NAMES: [&str; 3] = ["jun", "nobody", "locked"];

#[tokio::test]
async fn refusals_take_the_same_time_whoever_is_asked_for() {
    let db = sqlite();
    // A process of its own: its hashing thread is nobody else's.
    let server = Server::start_with(&db, &[("PORTHOLE_SIGN_IN_PER_MINUTE", "100000")]).await;
    let mut admin = server.client();
    admin.sign_in("admin", ADMIN_PASSWORD).await;
    member(&admin, &server, "jun").await;
    member(&admin, &server, "locked").await;
    let client = server.client();
    for _ in 0..5 {
        client.try_sign_in("locked", "wrong").await;
    }
    let mut times = vec![Vec::new(); NAMES.len()];
    let mut factor = f64::MAX;
    for _ in 0..ROUNDS {
        // In turns, so that what disturbs one disturbs all.
        for _ in 0..TRIES {
            for (name, times) in NAMES.iter().zip(&mut times) {
                let began = Instant::now();
                client.try_sign_in(name, "a wrong password").await;
                times.push(began.elapsed());
            }
        }
        factor = spread(&times);
        if factor <= 1.10 {
            return;
        }
    }
    panic!("the medians for {NAMES:?} differ by a factor of {factor:.2}");
}

/// The largest median over the smallest.
fn spread(times: &[Vec<Duration>]) -> f64 {
    let median = |times: &Vec<Duration>| {
        let mut times = times.clone();
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let medians: Vec<f64> = times.iter().map(median).collect();
    let most = medians.iter().copied().fold(0.0, f64::max);
    most / medians.iter().copied().fold(f64::MAX, f64::min)
}

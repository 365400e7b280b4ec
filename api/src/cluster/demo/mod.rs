//! The built-in demo cluster: a home lab called "harbor" that lives inside the program.
//!
//! Nothing of it is special to the code that watches clusters. [`start`] gives out an ordinary
//! [`kube::Client`]; only, instead of a connection, it talks to a router in the same process.
//!
//! ```text
//! kube::Client ─► api, watch ─► store ◄─ lab ◄─ script      what happens, and when
//!                                         │  ◄─ harbor      what is there at the start
//!                                         ▼
//!                              control, tally, rollout, pods   how Kubernetes would write it down
//! ```
//!
//! The script touches pods; what their owners say about themselves is counted from the pods, so the parts of
//! the cluster never contradict each other. Times are the clock's; what is there at the start has the same
//! names and ids in every run.

pub mod api;
pub mod applications;
pub mod apps;
pub mod certificates;
pub mod control;
pub mod harbor;
pub mod jobs;
pub mod kinds;
pub mod lab;
pub mod logs;
pub mod nodes;
pub mod objects;
pub mod pods;
pub mod rollout;
pub mod script;
pub mod store;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod watch;

use futures::future::BoxFuture;

use crate::clock::Clock;

/// How many changes a watch may be behind and still continue: some ten minutes of the demo's life.
const HISTORY: usize = 4096;

/// Sets the demo cluster up, hands its script to `spawn`, and gives the client to talk to it with.
///
/// Script and client share the objects; the cluster stands still when what `spawn` was given is dropped, and
/// is gone when the client and its copies are dropped too. At a `speed` of 2 the script runs twice as fast.
///
/// Call it inside a Tokio runtime: the client needs one.
pub fn start(clock: Clock, speed: f64, spawn: impl FnOnce(BoxFuture<'static, ()>)) -> kube::Client {
    let store = store::Store::new(HISTORY);
    let lab = lab::Lab::new(store.clone(), clock, speed);
    harbor::seed(&lab, lab.now());
    spawn(Box::pin(script::play(lab)));
    client(store)
}

/// A client of the cluster whose objects `store` keeps.
pub fn client(store: store::Store) -> kube::Client {
    kube::Client::new(api::router(store), "default")
}

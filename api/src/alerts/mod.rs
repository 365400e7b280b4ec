//! Incidents, and who is told about them.
//!
//! A watcher hands over an *observation*: every problem there is now, and how every object fares. `incident::reconcile`
//! compares it with the open incidents in the database, so that what happened while nobody looked is found, and what
//! is known already stays quiet. In the same transaction it writes the *transition* and one *delivery* row for each
//! target of each channel: nothing is sent that is not a row.
//!
//! The worker claims due rows with a lease and a fencing token, commits, sends, and settles only if the token is still
//! its own. A crash in between repeats at most that one message; every message names "incident #n, step k".

pub mod backoff;
pub mod channel;
pub mod diagnosis;
pub mod finding;
pub mod graphql;
pub mod incident;
pub mod input;
pub mod live;
pub mod loader;
pub mod mutation;
pub mod outbox;
pub mod story;
pub mod target;
pub mod visible;
pub mod worker;

use crate::{app::App, notify::Notifier};

/// Starts the worker, unless the settings leave it to another process, and returns what sends messages.
///
/// # Errors
/// Settings of the senders that cannot work.
pub fn start(app: &App) -> anyhow::Result<Notifier> {
    let notifier = Notifier::new(&app.config)?;
    if app.config.work {
        for _ in 0..worker::LANES {
            // Not `App::spawn`, which would cut a message short at the shutdown: a lane ends by itself.
            app.tasks.spawn(worker::run(app.clone(), notifier.clone()));
        }
    }
    Ok(notifier)
}

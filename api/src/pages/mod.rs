//! Internal pages: the catalogue, who may open which, and whether they answer.
//!
//! A page is added by an admin, or found at an Ingress or HTTPRoute that says so in its annotations. Its box means three
//! things: its card is shown, the proxy in front of it lets the request through (`decide`, asked at `/authz`), and its
//! alerts are seen. Nothing is open by default, and every decision reads the boxes anew.

pub mod address;
pub mod decide;
pub mod discovery;
pub mod graphql;
pub mod input;
pub mod live;
pub mod mutation;
pub mod probe;
pub mod service;

use crate::app::App;

/// Starts the probe.
///
/// # Errors
/// When the HTTP client cannot be built.
pub fn start(app: &App) -> anyhow::Result<()> {
    if app.config.page_probe_seconds > 0 && app.config.work {
        app.spawn(probe::run(app.clone(), probe::client()?));
    }
    Ok(())
}

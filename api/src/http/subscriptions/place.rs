//! How many sockets and streams somebody may have open.

use std::sync::Arc;

use dashmap::DashMap;
use uuid::Uuid;

use crate::{http::Server, viewer::Viewer};

/// One of the sockets and streams that somebody may have open; given back when dropped.
pub(in crate::http) struct Place {
    open: Arc<DashMap<Uuid, usize>>,
    user: Uuid,
}

impl Place {
    /// A place, if there is one left.
    pub(in crate::http) fn take(server: &Server, viewer: &Viewer) -> Option<Self> {
        let mut taken = server.sockets.entry(viewer.user_id).or_default();
        if *taken >= server.app.config.limits.sockets {
            return None;
        }
        *taken += 1;
        Some(Self {
            open: Arc::clone(&server.sockets),
            user: viewer.user_id,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(mut taken) = self.open.get_mut(&self.user) {
            *taken -= 1;
        }
        self.open.remove_if(&self.user, |_, taken| *taken == 0);
    }
}

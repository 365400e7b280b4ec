//! The truth about certificates: what the hosts of Ingresses, Gateways and pages really serve, by a TLS handshake with
//! each. It needs no Secret, and it sees what no object says: a certificate that was renewed and never loaded, one for
//! another name, the one a controller makes up when it has none.

mod handshake;
mod made_up;
pub mod problem;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::page;
use futures::{StreamExt, stream};
use sea_orm::EntityTrait;
use tokio::sync::{broadcast, watch};
use url::Url;

use super::{
    Cluster,
    model::{Host, Route},
    source::{Source, SourceState},
};
use crate::{app::App, live::Topic};

/// Where TLS is spoken.
const PORT: u16 = 443;
/// Most hosts that are looked at.
const MAX_HOSTS: usize = 500;
/// Handshakes at the same time.
const AT_ONCE: usize = 8;
/// How often hosts are looked at that had a problem, or did not answer.
const AGAIN: TimeDelta = TimeDelta::minutes(10);
/// How often all are looked at, should the daily sweep be missed.
const ALL_AGAIN: TimeDelta = TimeDelta::hours(24);
/// Longest time without asking what is due.
const PERIOD: Duration = Duration::from_secs(60);
/// Changes come in bursts.
const GATHER: Duration = Duration::from_millis(500);

/// Looks at a cluster's hosts for ever: at new ones soon, at bad ones again, at all of them at each sweep. The first
/// cluster also looks at the hosts of pages.
pub async fn run(app: App, cluster: Arc<Cluster>, with_pages: bool, sweep: watch::Receiver<u64>) {
    let mut objects: Vec<_> = sources(&cluster).map(|source| source.subscribe()).collect();
    objects.push(cluster.certificates.subscribe());
    let mut wakers = Wakers {
        objects,
        pages: with_pages.then(|| app.live.subscribe()),
        sweep,
        asked: cluster.look_at_hosts.subscribe(),
    };
    let mut all = false;
    loop {
        merge(&cluster.hosts, known(&app, &cluster, with_pages).await);
        probe(&app, &cluster, all).await;
        if sources(&cluster).all(|source| source.is_settled()) {
            let now = app.clock.now();
            cluster.hosts.set_state(SourceState::Live, None, now);
        }
        all = wakers.next().await;
    }
}

/// What makes it look again.
struct Wakers {
    objects: Vec<watch::Receiver<u64>>,
    pages: Option<broadcast::Receiver<Topic>>,
    sweep: watch::Receiver<u64>,
    asked: watch::Receiver<u64>,
}

impl Wakers {
    /// Waits; true when all hosts are to be looked at.
    async fn next(&mut self) -> bool {
        let objects = self.objects.iter_mut().map(|one| Box::pin(one.changed()));
        tokio::select! {
            _ = futures::future::select_all(objects) => {}
            () = page_change(&mut self.pages) => {}
            _ = self.sweep.changed() => return true,
            _ = self.asked.changed() => return true,
            () = tokio::time::sleep(PERIOD) => return false,
        }
        tokio::time::sleep(GATHER).await;
        false
    }
}

async fn page_change(topics: &mut Option<broadcast::Receiver<Topic>>) {
    let Some(topics) = topics else {
        return std::future::pending().await;
    };
    loop {
        match topics.recv().await {
            Ok(Topic::Page(_) | Topic::Gap) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
        }
    }
}

fn sources(cluster: &Cluster) -> impl Iterator<Item = &Arc<Source<Route>>> {
    [&cluster.ingresses, &cluster.http_routes, &cluster.gateways].into_iter()
}

/// Every host, and who says that it is there.
async fn known(
    app: &App,
    cluster: &Cluster,
    with_pages: bool,
) -> BTreeMap<Arc<str>, Vec<Box<str>>> {
    let mut known: BTreeMap<Arc<str>, Vec<Box<str>>> = BTreeMap::new();
    for source in sources(cluster) {
        for route in source.read().objects() {
            for host in &route.secure_hosts {
                let name = Arc::from(host.to_lowercase());
                known.entry(name).or_default().push(route.source.clone());
            }
        }
    }
    if with_pages && let Ok(pages) = page::Entity::find().all(&app.db).await {
        for page in pages {
            if let Some(name) = secure_host(&page.url) {
                let source = format!("page {}", page.name).into();
                known.entry(name).or_default().push(source);
            }
        }
    }
    known.values_mut().for_each(|sources| {
        sources.sort();
        sources.dedup();
    });
    known
}

/// `host` or `host:port` of an https address.
fn secure_host(url: &str) -> Option<Arc<str>> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https")?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}").into(),
        None => host.into(),
    })
}

/// Takes what is known now; what was found before stays.
fn merge(source: &Source<Host>, known: BTreeMap<Arc<str>, Vec<Box<str>>>) {
    source.write(|index| {
        let hosts = known.into_iter().take(MAX_HOSTS).map(|(name, sources)| {
            let before = index.get(&name);
            Host {
                checked_at: before.and_then(|host| host.checked_at),
                found: before.and_then(|host| host.found.clone()),
                name,
                sources,
            }
        });
        let hosts = hosts.collect();
        index.reset(hosts)
    });
}

/// Looks at the hosts that are due.
async fn probe(app: &App, cluster: &Cluster, all: bool) {
    if cluster.demo && !cluster.certificates.is_settled() {
        return;
    }
    let now = app.clock.now();
    let due: Vec<Arc<Host>> = {
        let index = cluster.hosts.read();
        let due = index.objects().filter(|host| all || is_due(host, now));
        due.cloned().collect()
    };
    let mut looks = stream::iter(due)
        .map(|host| async move {
            let found = match host.name.rsplit_once(':') {
                _ if cluster.demo => made_up::leaf(cluster, &host.name),
                Some((name, port)) => handshake::leaf(name, port.parse().unwrap_or(PORT)).await,
                None => handshake::leaf(&host.name, PORT).await,
            };
            (host, found)
        })
        .buffer_unordered(AT_ONCE);
    while let Some((host, found)) = looks.next().await {
        let seen = Host {
            checked_at: Some(app.clock.now()),
            found: Some(found.map_err(Into::into)),
            ..(*host).clone()
        };
        cluster.hosts.write(|index| {
            // It may be gone meanwhile.
            index.get(&seen.name).is_some() && index.apply(seen)
        });
    }
}

fn is_due(host: &Host, now: DateTime<Utc>) -> bool {
    let Some(checked_at) = host.checked_at else {
        return true;
    };
    let is_well = matches!(host.found, Some(Ok(_))) && problem::judge(host, now).is_none();
    now - checked_at >= if is_well { ALL_AGAIN } else { AGAIN }
}

#[cfg(test)]
mod tests {
    use super::secure_host;

    #[test]
    fn only_what_speaks_tls_is_looked_at() {
        assert_eq!(
            secure_host("https://a.example/x").as_deref(),
            Some("a.example")
        );
        assert_eq!(
            secure_host("https://a.example:8443").as_deref(),
            Some("a.example:8443")
        );
        assert_eq!(secure_host("http://a.example"), None);
        assert_eq!(secure_host("no address"), None);
    }
}

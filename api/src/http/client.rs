//! Where a request comes from: the client's address, and the page that sent it.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, header};
use url::Url;

use crate::{config::Config, viewer::Origin};

/// Longest `User-Agent` kept.
const MAX_USER_AGENT: usize = 200;

/// The client behind a request. `X-Forwarded-For` is believed only as far as trusted proxies wrote it.
pub fn origin(config: &Config, peer: SocketAddr, headers: &HeaderMap) -> Origin {
    let user_agent = headers
        .get(header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    Origin {
        address: address(config, peer.ip(), headers).to_string(),
        user_agent: user_agent.chars().take(MAX_USER_AGENT).collect(),
    }
}

fn address(config: &Config, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let trusted = |ip: &IpAddr| config.trusted_proxies.iter().any(|net| net.contains(ip));
    if !trusted(&peer) {
        return peer;
    }
    let hops: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(|hop| hop.trim().parse().ok())
        .collect();
    hops.into_iter()
        .rev()
        .find(|hop| !trusted(hop))
        .unwrap_or(peer)
}

/// False when a browser says that another site's page sent the request. Programs say nothing and pass:
/// they have no cookies to abuse.
pub fn is_same_origin(config: &Config, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site")
        && !matches!(site.as_bytes(), b"same-origin" | b"none")
    {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Some(origin) = origin.to_str().ok().and_then(|o| Url::parse(o).ok()) else {
        return false;
    };
    if origin.origin() == config.public_url().origin() {
        return true;
    }
    // Also the address the browser used, such as localhost for 127.0.0.1, as long as no proxy changed the scheme.
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    !config.is_secure()
        && host
            .and_then(|host| Url::parse(&format!("http://{host}")).ok())
            .is_some_and(|asked| asked.origin() == origin.origin())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    fn config(args: &[&str]) -> Config {
        Cli::parse_from([&["porthole"], args].concat()).config
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value")))
            .collect()
    }

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let config = config(&["--trusted-proxies", "10.0.0.0/30"]);
        let forwarded = headers(&[("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.2")]);
        let seen = |peer: &str| {
            let peer = SocketAddr::new(peer.parse().expect("address"), 1);
            origin(&config, peer, &forwarded).address
        };
        assert_eq!(seen("10.0.0.1"), "192.0.2.7");
        assert_eq!(seen("198.51.100.9"), "198.51.100.9");
    }

    #[test]
    fn pages_of_other_sites_are_told_apart() {
        let config = config(&["--public-url", "https://portal.example.org"]);
        let same = |pairs: &[(&'static str, &str)]| is_same_origin(&config, &headers(pairs));
        assert!(same(&[]));
        assert!(same(&[("origin", "https://portal.example.org")]));
        assert!(!same(&[("origin", "https://evil.example")]));
        assert!(!same(&[("origin", "null")]));
        assert!(!same(&[
            ("origin", "http://portal.example.org"),
            ("host", "portal.example.org")
        ]));
        assert!(!same(&[("sec-fetch-site", "cross-site")]));
    }
}

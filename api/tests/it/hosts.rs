//! What hosts really serve, by real TLS handshakes.

use std::sync::{Arc, Mutex};

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::{
    access::page,
    app::Client,
    cluster::{ControlPlane, server, wait_for},
    scenarios::{tells, told},
};

/// A server that does nothing but shake hands.
#[derive(Clone)]
struct Tls {
    name: String,
    serves: Arc<Mutex<Arc<ServerConfig>>>,
}

impl Tls {
    async fn start(first: Arc<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let serves = Arc::new(Mutex::new(first));
        let shared = Arc::clone(&serves);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let config = Arc::clone(&shared.lock().expect("a lock"));
                tokio::spawn(TlsAcceptor::from(config).accept(socket));
            }
        });
        Self {
            name: format!("localhost:{port}"),
            serves,
        }
    }

    fn serve(&self, config: Arc<ServerConfig>) {
        *self.serves.lock().expect("a lock") = config;
    }

    fn url(&self) -> String {
        format!("https://{}/", self.name)
    }
}

/// A certificate of its own making.
fn certificate(host: &str, common: &str, days_left: i64) -> Arc<ServerConfig> {
    let mut params = CertificateParams::new(vec![host.to_owned()]).expect("names");
    params.distinguished_name.push(DnType::CommonName, common);
    let now = OffsetDateTime::now_utc();
    params.not_after = now + Duration::days(days_left);
    params.not_before = params.not_after - Duration::days(90);
    let key = KeyPair::generate().expect("a key");
    let made = params.self_signed(&key).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth();
    Arc::new(
        config
            .with_single_cert(vec![made.der().clone()], key)
            .expect("a configuration"),
    )
}

async fn hosts(admin: &Client) -> Vec<Value> {
    let ask = "{ hosts { nodes { name sources health problem certificate { notAfter dnsNames issuer fits trusted placeholder } } } }";
    let seen = admin.ok(ask, json!({})).await;
    seen["hosts"]["nodes"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn what_hosts_serve_is_seen_told_and_looked_at_again_on_demand() {
    let plane = ControlPlane::start("hosts", false).await;
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;
    let near = Tls::start(certificate("localhost", "near", 5)).await;
    let fine = Tls::start(certificate("localhost", "fine", 80)).await;
    let wrong = Tls::start(certificate("other.example", "wrong", 80)).await;
    let made_up = Tls::start(certificate(
        "ingress.local",
        "Kubernetes Ingress Controller Fake Certificate",
        300,
    ))
    .await;
    for (name, url) in [
        ("Near", near.url()),
        ("Fine", fine.url()),
        ("Wrong", wrong.url()),
        ("Made up", made_up.url()),
        ("Gone", "https://localhost:9/".to_owned()),
        ("Plain", "http://localhost:8/".to_owned()),
    ] {
        page(&admin, name, &url).await;
    }
    wait_for("a look at all hosts", || async {
        let seen = hosts(&admin).await;
        seen.len() == 5
            && seen
                .iter()
                .all(|h| h["problem"].is_string() || h["certificate"].is_object())
    })
    .await;
    let seen = hosts(&admin).await;
    let of = |name: &str| {
        seen.iter()
            .find(|h| h["name"] == name)
            .expect("seen")
            .clone()
    };
    assert_eq!(of(&fine.name)["health"], "OK");
    assert_eq!(of(&fine.name)["sources"], json!(["page Fine"]));
    assert_eq!(
        of(&fine.name)["certificate"]["trusted"],
        false,
        "of no authority"
    );
    assert_eq!(of(&wrong.name)["certificate"]["fits"], false);
    assert_eq!(of(&made_up.name)["certificate"]["placeholder"], true);
    assert_eq!(of("localhost:9")["health"], "UNKNOWN");
    wait_for("three incidents", || async {
        told(&admin, "").await.len() == 3
    })
    .await;
    let lines = told(&admin, "").await;
    for (name, words) in [
        (&near.name, "serves a certificate that nears its end"),
        (&wrong.name, "serves the wrong certificate"),
        (&made_up.name, "serves the wrong certificate"),
    ] {
        let is_it = |line: &&String| line.starts_with(name.as_str()) && line.contains(words);
        assert_eq!(lines.iter().filter(is_it).count(), 1, "{name}: {lines:?}");
    }

    // It is renewed, and somebody asks at once.
    near.serve(certificate("localhost", "near", 89));
    wrong.serve(certificate("localhost", "right", 89));
    made_up.serve(certificate("localhost", "real", 89));
    let check = "mutation { checkHosts(input: {}) { errors { message } } }";
    assert_eq!(
        admin.ok(check, json!({})).await["checkHosts"]["errors"],
        json!([])
    );
    wait_for("three recoveries", || async {
        told(&admin, "").await.len() == 6
    })
    .await;
    let recovered = told(&admin, "").await;
    let all_clear = recovered
        .iter()
        .filter(|line| line.ends_with("has recovered"));
    assert_eq!(all_clear.count(), 3, "{recovered:?}");
    tells(&admin, "default", &[]).await;
    plane.tool("down", &[]).await;
}

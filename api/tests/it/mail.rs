//! Mail by a real SMTP server, and by servers that misbehave.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use porthole::alerts::finding::Severity;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::{
    app::{DEADLINE, TestApp, set_up},
    db::{both, sqlite},
    discord::Discord,
    scene::{GONE, Scene, UNSETTLED, crash},
};

const TEST: &str = "mutation($i: TestChannelInput!) { testChannel(input: $i) { results { targetHint delivered answer } errors { message path } } }";

/// An address that only this test uses.
fn somebody(test: &str) -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{test}.{}.{number}@example.org", std::process::id())
}

/// A server whose only channel is a mailbox.
async fn mailing(db: crate::db::TestDb, target: Value) -> Scene {
    let ca = format!("--mail-ca-file={}", set_up("PORTHOLE_TEST_SMTP_CA"));
    Scene::with(db, &[&ca], json!({ "name": "ops", "targets": [target] })).await
}

fn starttls_port() -> String {
    let smtp = set_up("PORTHOLE_TEST_SMTP");
    smtp.rsplit(':').next().expect("a port").to_owned()
}

/// What the mail server took for somebody, oldest first.
fn mails_for(address: &str) -> Vec<String> {
    let folder = std::path::PathBuf::from(set_up("PORTHOLE_TEST_SMTP_MAIL_DIR"));
    let mut mails = read_all(&folder);
    mails.retain(|mail| mail.contains(address));
    mails.sort_by_key(|mail| header(mail, "Message-ID"));
    mails
}

/// A header's value; long ones are folded.
fn header(mail: &str, name: &str) -> Option<String> {
    let unfolded = mail.replace("\r\n", "\n").replace("\n ", " ");
    let start = format!("{name}: ");
    let line = unfolded
        .lines()
        .find_map(|line| line.strip_prefix(&start))?;
    Some(line.trim().to_owned())
}

#[tokio::test]
async fn an_incident_is_one_thread_of_mails() {
    for db in both().await {
        let address = somebody("thread");
        let scene = mailing(db, mail_input(&address, "app-password", &starttls_port())).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        scene.see(vec![], GONE).await;
        let states: Vec<_> = scene
            .deliveries()
            .await
            .into_iter()
            .map(|(s, _)| s)
            .collect();
        assert_eq!(states, ["DELIVERED", "DELIVERED"]);
        let mails = mails_for(&address);
        let all = |name: &str| -> Vec<_> { mails.iter().map(|mail| header(mail, name)).collect() };
        assert_eq!(
            all("Subject"),
            [
                Some("[Porthole] grafana keeps crashing".to_owned()),
                Some("[Porthole] grafana is gone".to_owned())
            ]
        );
        assert_eq!(
            all("X-Envelope-Tls"),
            [Some("yes".to_owned()), Some("yes".to_owned())]
        );
        assert_eq!(
            all("X-Envelope-User"),
            [Some("porthole".to_owned()), Some("porthole".to_owned())]
        );
        let (ids, references) = (all("Message-ID"), all("References"));
        assert!(ids[0].is_some() && ids[0] != ids[1], "{ids:?}");
        assert!(
            references[0].is_some() && references[0] == references[1],
            "{references:?}"
        );
        assert_eq!(all("In-Reply-To"), [None, references[1].clone()]);
        assert!(mails[0].contains("text/plain") && mails[0].contains("text/html"));
        assert!(mails[0].contains("incident #1, step 1"), "{}", mails[0]);
    }
}

#[tokio::test]
async fn what_a_mail_server_says_decides_when_it_is_asked_again() {
    for (recipient, password, state, hours, disabled) in [
        ("quota-550", "app-password", "RETRYING", Some(24.0), false),
        ("later-421", "app-password", "RETRYING", Some(0.25), false),
        ("full-452", "app-password", "RETRYING", Some(0.25), false),
        ("wrong-553", "app-password", "DEAD", None, false),
        ("ops", "revoked", "DEAD", None, true),
    ] {
        let to = format!("{recipient}@example.org");
        let scene = mailing(sqlite(), mail_input(&to, password, &starttls_port())).await;
        scene.see(vec![crash(Severity::Critical)], UNSETTLED).await;
        let channels = "{ channels { nodes { targets { ... on MailTarget { disabledReason } } lastDelivery { state nextAttemptAt error } } } }";
        let all = scene.admin.ok(channels, json!({})).await;
        let channel = &all["channels"]["nodes"][0];
        assert_eq!(channel["lastDelivery"]["state"], state, "{channel}");
        let next = channel["lastDelivery"]["nextAttemptAt"].as_str();
        let wait = next.map(|at| {
            let at: chrono::DateTime<chrono::Utc> = at.parse().expect("a time");
            (at - scene.server.app.clock.now()).as_seconds_f64() / 3_600.0
        });
        assert_eq!(wait, hours, "{channel}");
        assert_eq!(
            !channel["targets"][0]["disabledReason"].is_null(),
            disabled,
            "{channel}"
        );
    }
}

#[tokio::test]
async fn connections_are_kept_for_the_next_mail() {
    let (port, connections) = counting_proxy(set_up("PORTHOLE_TEST_SMTP_PLAIN")).await;
    let address = somebody("kept");
    let mut target = mail_input(&address, "app-password", &port.to_string());
    target["mail"]["security"] = json!("NONE");
    let scene = mailing(sqlite(), target).await;
    for n in 0..6 {
        let mut finding = crash(Severity::Critical);
        finding.key.owner.name = format!("app-{n}");
        scene.see(vec![finding], UNSETTLED).await;
    }
    assert_eq!(
        mails_for(&address).len(),
        11,
        "six alarms, and five that are gone"
    );
    let made = connections.load(Ordering::Relaxed);
    assert!(made <= 4, "{made} connections for eleven mails");
}

#[tokio::test]
async fn a_mail_server_that_falls_silent_holds_up_nobody_else() {
    let silent = silent_server().await;
    let mute = json!({ "mail": {
        "host": "127.0.0.1", "port": silent, "security": "NONE",
        "sender": "porthole@example.org", "recipients": ["ops@example.org"],
    } });
    let targets = json!([mute, { "discord": { "webhookUrl": Discord::webhook(1) } }]);
    let channel = json!({ "name": "ops", "targets": targets });
    let scene = Scene::with(sqlite(), &[], channel).await;
    let (app, notifier) = (scene.server.app.clone(), scene.notifier.clone());
    for _ in 0..porthole::alerts::worker::LANES {
        tokio::spawn(porthole::alerts::worker::run(app.clone(), notifier.clone()));
    }
    scene.note(vec![crash(Severity::Critical)], UNSETTLED).await;
    scene.discord.asked(1).await;
    let start = tokio::time::Instant::now();
    scene.note(vec![], GONE).await;
    scene.discord.asked(2).await;
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "the mail was waited for"
    );
    // The test of a channel answers within the time a request has, and for each target on its own.
    let results = scene
        .admin
        .ok(TEST, json!({ "i": { "targets": targets } }))
        .await;
    let results = &results["testChannel"]["results"];
    assert_eq!(results[0]["delivered"], false);
    assert!(
        results[0]["answer"]
            .as_str()
            .is_some_and(|a| a.contains("no answer")),
        "{results}"
    );
    assert_eq!(results[1]["delivered"], true);
    // In the end the silence is a failed try like any other.
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while scene.deliveries().await[0].0 != "RETRYING" {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{:?}",
            scene.deliveries().await
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Takes connections and never says a word.
async fn silent_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((socket, _)) = listener.accept().await {
            open.push(socket);
        }
    });
    port
}

/// Hands connections on, and counts them.
async fn counting_proxy(to: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let to = to.clone();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.expect("the mail server");
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (port, count)
}

fn mail_input(recipient: &str, password: &str, port: &str) -> Value {
    json!({ "mail": {
        "host": "localhost", "port": port.parse::<u16>().expect("a port"), "security": "STARTTLS",
        "username": "porthole", "password": password,
        "sender": "Porthole <porthole@example.org>", "recipients": [recipient],
    } })
}

#[tokio::test]
async fn mail_goes_out_by_a_real_server_and_its_refusals_are_understood() {
    let smtp = set_up("PORTHOLE_TEST_SMTP");
    let port = smtp.rsplit(':').next().expect("a port");
    let ca = format!("--mail-ca-file={}", set_up("PORTHOLE_TEST_SMTP_CA"));
    let server = TestApp::start(sqlite(), &[&ca]).await;
    let admin = server.admin().await;
    let test = "mutation($i: TestChannelInput!) { testChannel(input: $i) { results { delivered answer } errors { message path } } }";
    let answer = |target: Value| {
        let admin = &admin;
        async move {
            let all = admin
                .ok(test, json!({ "i": { "targets": [target] } }))
                .await;
            let result = all["testChannel"]["results"][0].clone();
            (
                result["delivered"] == true,
                result["answer"].as_str().unwrap_or_default().to_owned(),
            )
        }
    };
    let address = format!("ops-{}@example.org", std::process::id());
    let (delivered, words) = answer(mail_input(&address, "app-password", port)).await;
    assert!(delivered, "{words}");
    let folder = std::path::PathBuf::from(set_up("PORTHOLE_TEST_SMTP_MAIL_DIR"));
    let mails = read_all(&folder);
    let mail = mails
        .iter()
        .find(|mail| mail.contains(&address))
        .expect("it arrived");
    assert!(
        mail.contains("Subject: [Porthole] This is a test") && mail.contains("Message-ID: <"),
        "{mail}"
    );
    for (target, code) in [
        (mail_input(&address, "wrong", port), "535"),
        (
            mail_input("quota-550@example.org", "app-password", port),
            "5.4.5",
        ),
        (
            mail_input("later-421@example.org", "app-password", port),
            "421",
        ),
    ] {
        let (delivered, words) = answer(target).await;
        assert!(!delivered && words.contains(code), "{code}: {words}");
    }
    let elsewhere = json!({ "mail": { "host": "mail.example.org", "security": "NONE", "sender": "a@example.org", "recipients": ["b@example.org"] } });
    let refused = admin
        .ok(test, json!({ "i": { "targets": [elsewhere] } }))
        .await;
    assert_eq!(
        refused["testChannel"]["errors"][0]["path"],
        json!(["input", "targets", "0", "mail", "security"])
    );
}

/// Every mail in a folder and its folders.
pub fn read_all(folder: &std::path::Path) -> Vec<String> {
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(folder)
        .expect("the mail folder")
        .flatten()
    {
        if entry.path().is_dir() {
            mails.extend(read_all(&entry.path()));
        } else if let Ok(mail) = std::fs::read_to_string(entry.path()) {
            mails.push(mail);
        }
    }
    mails
}

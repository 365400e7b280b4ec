//! Against a real control plane: what kubectl shows, what happens, and who is told.

use std::{path::PathBuf, process::Output, time::Duration};

use k8s_openapi::api::core::v1;
use kube::{
    api::{Api, Patch, PatchParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::{Value, json};
use tokio::{process::Command, time::Instant};

use crate::{
    app::{Client, Socket, TestApp, config, set_up},
    db::sqlite,
    discord::Discord,
};

/// How long the real controllers may take.
const PATIENCE: Duration = Duration::from_secs(90);
const WATCH: &str = "subscription { podChanges { __typename
    ... on PodSnapshot { items { id name status } freshness { stale } }
    ... on PodUpsert { object { id name status health restarts owner { kind name } } }
    ... on Delete { id } ... on Heartbeat { freshness { stale } } } }";

/// A control plane of a test's own.
pub struct ControlPlane {
    folder: PathBuf,
}

impl ControlPlane {
    pub async fn start(name: &str, full: bool) -> Self {
        let folder = PathBuf::from(set_up("PORTHOLE_TEST_DIR")).join(name);
        let plane = Self { folder };
        plane.tool("up", if full { &["--full"] } else { &[] }).await;
        plane
    }

    pub async fn tool(&self, verb: &str, more: &[&str]) {
        let output = Command::new(set_up("PORTHOLE_TEST_CLUSTER_TOOL"))
            .arg(verb)
            .arg(&self.folder)
            .args(more)
            .output()
            .await
            .expect("the tool runs");
        assert!(output.status.success(), "{verb}: {}", text(&output.stderr));
    }

    pub async fn kubectl(&self, args: &[&str]) -> String {
        let output = self.try_kubectl(args, "").await;
        assert!(
            output.status.success(),
            "{args:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    pub async fn apply(&self, manifest: &Value) {
        let output = self
            .try_kubectl(&["apply", "-f", "-"], &manifest.to_string())
            .await;
        assert!(output.status.success(), "{}", text(&output.stderr));
    }

    /// Creates an object with the status it is to have.
    pub async fn place(&self, object: &Value) {
        let output = self
            .try_kubectl(&["create", "-f", "-"], &object.to_string())
            .await;
        assert!(output.status.success(), "{}", text(&output.stderr));
        self.status(object).await;
    }

    /// Gives an object another status.
    pub async fn status(&self, object: &Value) {
        let word = |pointer: &str| {
            let text = object.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let Some(status) = object.get("status") else {
            return;
        };
        let patch = json!({ "status": status }).to_string();
        let (kind, name) = (word("/kind"), word("/metadata/name"));
        let namespace = format!("--namespace={}", word("/metadata/namespace"));
        let mut args = vec![
            "patch",
            &kind,
            &name,
            &namespace,
            "--type=merge",
            "-p",
            &patch,
        ];
        // Argo CD's applications keep their status in the object itself.
        if kind != "Application" {
            args.push("--subresource=status");
        }
        self.kubectl(&args).await;
    }

    async fn try_kubectl(&self, args: &[&str], input: &str) -> Output {
        use tokio::io::AsyncWriteExt;
        let mut child = Command::new(self.folder.join("kubectl"))
            .args(args)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("kubectl runs");
        let mut stdin = child.stdin.take().expect("an input");
        stdin.write_all(input.as_bytes()).await.expect("written");
        drop(stdin);
        child.wait_with_output().await.expect("kubectl ends")
    }

    /// For what happens too often for a program to be started each time.
    pub async fn client(&self) -> kube::Client {
        let file = self.folder.join("kubeconfig");
        let kubeconfig = Kubeconfig::read_from(file).expect("a kubeconfig");
        let options = KubeConfigOptions::default();
        let config = kube::Config::from_custom_kubeconfig(kubeconfig, &options).await;
        kube::Client::try_from(config.expect("a config")).expect("a client")
    }

    pub fn kubeconfig(&self) -> String {
        format!("--kubeconfig={}", self.folder.join("kubeconfig").display())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub async fn server(args: &[&str]) -> TestApp {
    let db = sqlite();
    let config = config(
        &db,
        &[
            &["--cluster=auto", "--hold-seconds=1", "--quiet-seconds=1"],
            args,
        ]
        .concat(),
    );
    TestApp::start_with(config, porthole::clock::Clock::System, Some(db)).await
}

/// Hears until a step is the one; every step is shown when it never comes.
async fn until(socket: &mut Socket, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + PATIENCE;
    let mut heard = Vec::new();
    while Instant::now() < end {
        let step = socket.data().await["podChanges"].clone();
        if is_it(&step) {
            return step;
        }
        heard.push(step);
    }
    panic!("{what} never came: {heard:#?}");
}

/// Waits until something is true.
pub async fn wait_for<F: Future<Output = bool>>(what: &str, check: impl Fn() -> F) {
    let end = Instant::now() + PATIENCE;
    while !check().await {
        assert!(Instant::now() < end, "{what} did not happen in time");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

pub fn deployment(name: &str, replicas: u32, image: &str, play: Option<&str>) -> Value {
    let mut labels = json!({ "app": name });
    if let Some(play) = play {
        labels["testcluster/play"] = play.into();
    }
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": name, "namespace": "default" },
        "spec": {
            "replicas": replicas, "selector": { "matchLabels": { "app": name } },
            "template": { "metadata": { "labels": labels }, "spec": { "containers": [{ "name": "main", "image": image }] } },
        },
    })
}

async fn add_channels(admin: &Client) -> String {
    let smtp = set_up("PORTHOLE_TEST_SMTP_PLAIN");
    let port: u16 = smtp
        .rsplit(':')
        .next()
        .and_then(|p| p.parse().ok())
        .expect("a port");
    let address = format!("crash-{}@example.org", std::process::id());
    let targets = json!([
        { "discord": { "webhookUrl": Discord::webhook(1) } },
        { "mail": { "host": "127.0.0.1", "port": port, "security": "NONE", "sender": "porthole@example.org", "recipients": [address] } },
    ]);
    let create = "mutation($i: CreateChannelInput!) { createChannel(input: $i) { errors { message path } } }";
    let made = admin
        .ok(
            create,
            json!({ "i": { "name": "ops", "targets": targets } }),
        )
        .await;
    assert_eq!(made["createChannel"]["errors"], json!([]));
    address
}

#[tokio::test]
async fn a_crash_loop_is_seen_told_once_and_its_recovery_once_across_an_outage() {
    let plane = ControlPlane::start("crash", true).await;
    let discord = Discord::start().await;
    let server = server(&[
        &plane.kubeconfig(),
        &format!("--discord-api={}", discord.api),
    ])
    .await;
    let admin = server.admin().await;
    let address = add_channels(&admin).await;
    let mut socket = admin.socket().await;
    socket.subscribe("1", WATCH, json!({})).await;
    until(&mut socket, "a first snapshot", |s| {
        s["__typename"] == "PodSnapshot"
    })
    .await;

    plane
        .apply(&deployment("ledger", 2, "ledger:1", Some("crash-loop")))
        .await;
    let crash = until(&mut socket, "the crash loop", |s| {
        s["object"]["status"] == "CrashLoopBackOff"
    })
    .await;
    assert_eq!(
        crash["object"]["owner"],
        json!({ "kind": "Deployment", "name": "ledger" })
    );
    assert_eq!(crash["object"]["health"], "CRITICAL");
    wait_for("a message in Discord", || async {
        !discord.titles().is_empty()
    })
    .await;
    let message = discord.messages()[0].to_string();
    for words in [
        "ledger keeps crashing",
        "Deployment/ledger",
        "kubectl logs ledger-",
        "--previous",
    ] {
        assert!(message.contains(words), "{words} is missing: {message}");
    }
    let mails = || {
        crate::mail::read_all(&PathBuf::from(set_up("PORTHOLE_TEST_SMTP_MAIL_DIR")))
            .into_iter()
            .filter(|mail| mail.contains(&address))
            .count()
    };
    wait_for("a mail", || async { mails() == 1 }).await;

    plane.tool("stop-apiserver", &[]).await;
    until(&mut socket, "staleness", |s| {
        s["freshness"]["stale"] == true && s["__typename"] == "Heartbeat"
    })
    .await;
    let stale = admin.ok("{ cluster { reachable freshness { stale observedAt } sources { kind state message } } pods { totalCount freshness { stale } } }", json!({})).await;
    assert_eq!(stale["pods"]["freshness"]["stale"], true);
    assert!(
        stale["pods"]["totalCount"].as_i64() >= Some(2),
        "the last known pods stay"
    );
    assert_eq!(stale["cluster"]["reachable"], false);
    plane.tool("start-apiserver", &[]).await;
    until(&mut socket, "freshness", |s| {
        s["freshness"]["stale"] == false
    })
    .await;

    // A change is seen at once: within a second of kubectl's return.
    plane.apply(&deployment("web", 3, "web:1", None)).await;
    plane
        .kubectl(&["rollout", "status", "deployment/web", "--timeout=60s"])
        .await;
    let victim = plane
        .kubectl(&[
            "get",
            "pods",
            "-l",
            "app=web",
            "-o",
            "jsonpath={.items[0].metadata.name}",
        ])
        .await;
    plane
        .kubectl(&["delete", "pod", &victim, "--wait=false"])
        .await;
    let deleted = Instant::now();
    until(&mut socket, "a deletion", |s| {
        s["object"]["name"] == victim.as_str() && s["object"]["status"] == "Terminating"
    })
    .await;
    assert!(
        deleted.elapsed() < Duration::from_secs(1),
        "seen after {:?}",
        deleted.elapsed()
    );

    // A rolling update by the real controllers is no problem.
    plane
        .kubectl(&["set", "image", "deployment/web", "main=web:2"])
        .await;
    plane
        .kubectl(&["rollout", "status", "deployment/web", "--timeout=60s"])
        .await;
    assert_eq!(
        discord.titles(),
        ["ledger keeps crashing"],
        "nothing is told twice, and a rollout not at all"
    );

    plane
        .kubectl(&["label", "pods", "-l", "app=ledger", "testcluster/play-"])
        .await;
    wait_for("the all-clear", || async { discord.titles().len() > 1 }).await;
    assert_eq!(
        discord.titles(),
        ["ledger keeps crashing", "ledger has recovered"]
    );
    wait_for("the all-clear by mail", || async { mails() == 2 }).await;
    plane.tool("down", &[]).await;
}

#[tokio::test]
async fn the_columns_of_generated_pods_equal_kubectls() {
    let plane = ControlPlane::start("columns", false).await;
    let mut pods = Vec::new();
    let api: Api<v1::Pod> = Api::default_namespaced(plane.client().await);
    for number in 0..300_u32 {
        let (pod, status) = generated(number);
        let pod: v1::Pod = serde_json::from_value(pod).expect("a pod");
        let made = api.create(&PostParams::default(), &pod).await;
        let name = made.expect("created").metadata.name.expect("a name");
        let status = Patch::Merge(json!({ "status": status }));
        api.patch_status(&name, &PatchParams::default(), &status)
            .await
            .expect("patched");
        pods.push(name);
    }
    let server = server(&[&plane.kubeconfig()]).await;
    let admin = server.admin().await;
    wait_for("all pods", || async {
        let seen = admin
            .ok(
                "{ pods(first: 1) { totalCount freshness { stale } } }",
                json!({}),
            )
            .await;
        seen["pods"]["totalCount"] == 300 && seen["pods"]["freshness"]["stale"] == false
    })
    .await;
    let mut ours = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = admin
            .ok("query($after: String) { pods(first: 100, after: $after, orderBy: { field: NAME, direction: ASC }) { pageInfo { hasNextPage endCursor } nodes { name readyContainers totalContainers status restarts } } }", json!({ "after": after }))
            .await;
        for pod in page["pods"]["nodes"].as_array().expect("a list") {
            let word = |field: &str| pod[field].as_str().expect("text").to_owned();
            ours.push(format!(
                "{} {}/{} {} {}",
                word("name"),
                pod["readyContainers"],
                pod["totalContainers"],
                word("status"),
                pod["restarts"]
            ));
        }
        if page["pods"]["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = page["pods"]["pageInfo"]["endCursor"].clone();
    }
    let table = plane
        .kubectl(&["get", "pods", "--no-headers", "--sort-by=.metadata.name"])
        .await;
    // NAME READY STATUS RESTARTS (ago) AGE
    let theirs: Vec<String> = table
        .lines()
        .map(|line| {
            line.split_whitespace()
                .take(4)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(theirs.len(), 300);
    let differences: Vec<_> = ours.iter().zip(&theirs).filter(|(a, b)| a != b).collect();
    assert!(differences.is_empty(), "ours, kubectl's: {differences:#?}");
    plane.tool("down", &[]).await;
}

/// A pod and a status, varied by a fixed sequence.
fn generated(number: u32) -> (Value, Value) {
    let mut seed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut pick = |choices: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % choices
    };
    let mut state = || match pick(9) {
        0 => json!({ "waiting": { "reason": "CrashLoopBackOff" } }),
        1 => json!({ "waiting": { "reason": "PodInitializing" } }),
        2 => json!({ "waiting": {} }),
        3 => json!({ "terminated": { "exitCode": 0, "reason": "Completed" } }),
        4 => json!({ "terminated": { "exitCode": 3 } }),
        5 => json!({ "terminated": { "exitCode": 137, "signal": 9 } }),
        6 => json!({ "terminated": { "exitCode": 137, "reason": "OOMKilled" } }),
        _ => json!({ "running": { "startedAt": "2026-01-01T00:00:00Z" } }),
    };
    let mut containers = Vec::new();
    for _ in 0..6 {
        containers.push(state());
    }
    let (init_count, main_count) = (pick(3), pick(3) + 1);
    let is_sidecar = pick(2) == 0;
    let names =
        |kind: &str, count: u64| (0..count).map(|n| format!("{kind}{n}")).collect::<Vec<_>>();
    let mut status = |name: &String, state: &Value| {
        json!({
            "name": name, "image": "i", "imageID": "", "restartCount": pick(5), "ready": pick(2) == 0,
            "started": pick(2) == 0, "state": state,
        })
    };
    let init = names("init", init_count);
    let main = names("main", main_count);
    let init_statuses: Vec<Value> = init
        .iter()
        .zip(&containers)
        .map(|(n, s)| status(n, s))
        .collect();
    let main_statuses: Vec<Value> = main
        .iter()
        .zip(&containers[3..])
        .map(|(n, s)| status(n, s))
        .collect();
    let phases = [
        "Pending",
        "Running",
        "Running",
        "Succeeded",
        "Failed",
        "Unknown",
    ];
    let phase = phases[usize::try_from(pick(6)).expect("small")];
    let flag = |yes: bool| if yes { "True" } else { "False" };
    let mut conditions = vec![
        json!({ "type": "Initialized", "status": flag(pick(2) == 0) }),
        json!({ "type": "Ready", "status": flag(pick(2) == 0) }),
    ];
    if pick(8) == 0 {
        conditions.push(
            json!({ "type": "PodScheduled", "status": "False", "reason": "SchedulingGated" }),
        );
    }
    let mut result = json!({
        "phase": phase, "conditions": conditions,
        "initContainerStatuses": init_statuses, "containerStatuses": main_statuses,
    });
    if pick(6) == 0 {
        result["reason"] = "Evicted".into();
    }
    let spec_of = |name: &String, sidecar: bool| {
        let mut container = json!({ "name": name, "image": "i" });
        if sidecar {
            container["restartPolicy"] = "Always".into();
        }
        container
    };
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": format!("pod-{number:03}"), "namespace": "default" },
        "spec": {
            "containers": main.iter().map(|n| spec_of(n, false)).collect::<Vec<_>>(),
            "initContainers": init.iter().enumerate().map(|(i, n)| spec_of(n, is_sidecar && i == 0)).collect::<Vec<_>>(),
        },
    });
    (pod, result)
}

#[tokio::test]
async fn a_dead_or_wrong_cluster_is_said_so_and_the_server_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let dead = folder.path().join("kubeconfig");
    std::fs::write(&dead, DEAD).expect("written");
    let server = server(&[&format!("--kubeconfig={}", dead.display())]).await;
    let admin = server.admin().await;
    let ask = "{ server { demo } cluster { name reachable version podCount sources { kind state message } freshness { stale observedAt } } pods { totalCount freshness { stale } } }";
    wait_for("a message", || async {
        admin.ok(ask, json!({})).await["cluster"]["sources"][0]["message"].is_string()
    })
    .await;
    let seen = admin.ok(ask, json!({})).await;
    assert_eq!(
        seen["server"]["demo"], false,
        "a dead cluster is never replaced by a demo"
    );
    let cluster = &seen["cluster"];
    assert_eq!(
        (
            &cluster["name"],
            &cluster["reachable"],
            &cluster["podCount"]
        ),
        (&json!("dead"), &json!(false), &Value::Null)
    );
    assert_eq!(cluster["sources"][0]["state"], "CONNECTING");
    assert!(
        cluster["sources"][0]["message"]
            .as_str()
            .is_some_and(|m| m.contains("does not answer"))
    );
    assert_eq!(seen["pods"]["freshness"]["stale"], true);

    let db = sqlite();
    let wrong = config(
        &db,
        &[
            "--cluster=nowhere",
            &format!("--kubeconfig={}", dead.display()),
        ],
    );
    let refused = porthole::boot::build(wrong, porthole::clock::Clock::System).await;
    let words = format!("{:#}", refused.err().expect("refused"));
    assert!(
        words.contains("no context nowhere") && words.contains("dead"),
        "{words}"
    );
}

const DEAD: &str = "apiVersion: v1
kind: Config
current-context: dead
contexts: [{name: dead, context: {cluster: dead, user: nobody}}]
clusters: [{name: dead, cluster: {server: 'https://127.0.0.1:9'}}]
users: [{name: nobody, user: {token: x}}]
";

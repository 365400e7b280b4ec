//! Discord, played strictly: it enforces Discord's limits and answers with Discord's errors.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

/// A token that Discord would make.
pub const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What the double answers next, instead of taking the message.
#[derive(Clone, Debug)]
pub enum Mood {
    /// 429, with seconds to wait.
    RateLimited(f64),
    /// 429 for every webhook, with seconds to wait.
    GloballyLimited(f64),
    /// 429 of the wall in front of Discord, which does not speak JSON.
    Walled(f64),
    /// Discord does not like the message.
    BadRequest,
    /// A proxy on the way wants to know who asks.
    ProxyRefuses,
    /// It takes the message, after a while.
    Slow(std::time::Duration),
    /// A server error.
    Broken,
    /// The webhook was deleted.
    UnknownWebhook,
    /// The token is another one's.
    BadToken,
}

#[derive(Default)]
struct Seen {
    messages: Vec<(String, Value)>,
    /// Threads they were for.
    threads: Vec<Option<String>>,
    moods: Vec<Mood>,
    requests: usize,
}

/// A running double.
#[derive(Clone)]
pub struct Discord {
    seen: Arc<Mutex<Seen>>,
    /// What PORTHOLE_DISCORD_API would hold.
    pub api: String,
}

impl Discord {
    /// Starts on a free port.
    pub async fn start() -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let router = Router::new()
            .route("/webhooks/{id}/{token}", post(take))
            .with_state(Arc::clone(&seen));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let api = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { seen, api }
    }

    /// The URL a person would copy from Discord.
    pub fn webhook(id: u64) -> String {
        format!(
            "https://discord.com/api/webhooks/{}/{TOKEN}",
            123_456_789_012_345_000 + id
        )
    }

    /// The next answers, in order.
    pub fn will(&self, moods: &[Mood]) {
        let mut seen = self.seen.lock().expect("not poisoned");
        seen.moods = moods.iter().rev().cloned().collect();
    }

    /// Titles of the messages it took, in order.
    pub fn titles(&self) -> Vec<String> {
        let seen = self.seen.lock().expect("not poisoned");
        let title = |(_, m): &(String, Value)| {
            m["embeds"][0]["title"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        seen.messages.iter().map(title).collect()
    }

    /// How often somebody asked, whatever came of it.
    pub fn requests(&self) -> usize {
        self.seen.lock().expect("not poisoned").requests
    }

    /// The threads its messages were for, in order.
    pub fn threads(&self) -> Vec<Option<String>> {
        self.seen.lock().expect("not poisoned").threads.clone()
    }

    /// Waits until somebody asked so often.
    pub async fn asked(&self, times: usize) {
        let deadline = tokio::time::Instant::now() + crate::app::DEADLINE;
        while self.requests() < times {
            assert!(
                tokio::time::Instant::now() < deadline,
                "asked {} times, not {times}",
                self.requests()
            );
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    /// The messages it took.
    pub fn messages(&self) -> Vec<Value> {
        let seen = self.seen.lock().expect("not poisoned");
        seen.messages
            .iter()
            .map(|(_, message)| message.clone())
            .collect()
    }
}

async fn take(
    State(seen): State<Arc<Mutex<Seen>>>,
    Path((id, token)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    Json(message): Json<Value>,
) -> Response {
    let refuse = |status: u16, code: i64, text: &str| {
        let status = StatusCode::from_u16(status).expect("a status");
        (status, Json(json!({ "message": text, "code": code }))).into_response()
    };
    let limited = |seconds: f64, global: bool| {
        let body = json!({ "message": "You are being rate limited.", "retry_after": seconds, "global": global });
        let headers = [("retry-after", seconds.to_string())];
        (StatusCode::TOO_MANY_REQUESTS, headers, Json(body)).into_response()
    };
    let mood = {
        let mut seen = seen.lock().expect("not poisoned");
        seen.requests += 1;
        seen.moods.pop()
    };
    if let Some(Mood::Slow(pause)) = mood {
        tokio::time::sleep(pause).await;
    }
    let mut seen = seen.lock().expect("not poisoned");
    match mood {
        Some(Mood::RateLimited(seconds)) => return limited(seconds, false),
        Some(Mood::GloballyLimited(seconds)) => return limited(seconds, true),
        Some(Mood::Walled(seconds)) => {
            let headers = [("retry-after", seconds.to_string())];
            let page = "<html>error code: 1015</html>";
            return (StatusCode::TOO_MANY_REQUESTS, headers, page).into_response();
        }
        Some(Mood::BadRequest) => return refuse(400, 50_035, "Invalid Form Body"),
        Some(Mood::ProxyRefuses) => {
            return (StatusCode::UNAUTHORIZED, "who are you?").into_response();
        }
        Some(Mood::Broken) => return refuse(503, 0, "upstream connect error"),
        Some(Mood::UnknownWebhook) => return refuse(404, 10_015, "Unknown Webhook"),
        Some(Mood::BadToken) => return refuse(401, 50_027, "Invalid Webhook Token"),
        Some(Mood::Slow(_)) | None => {}
    }
    if token != TOKEN {
        return refuse(401, 50_027, "Invalid Webhook Token");
    }
    if let Err(fault) = check(&query, &message) {
        return refuse(400, 50_035, &fault);
    }
    let thread = query.into_iter().find(|(name, _)| name == "thread_id");
    seen.threads.push(thread.map(|(_, id)| id));
    seen.messages.push((id, message));
    Json(json!({ "id": format!("{}", seen.messages.len()) })).into_response()
}

fn check(query: &[(String, String)], message: &Value) -> Result<(), String> {
    let fail = |text: String| Err(text);
    if !query
        .iter()
        .any(|(name, value)| name == "wait" && value == "true")
    {
        return fail("wait=true is missing: an unsaved message would go unnoticed".into());
    }
    if message["allowed_mentions"] != json!({ "parse": [] }) {
        return fail("allowed_mentions would let a pod ping people".into());
    }
    // Discord trims first: a blank text is an empty one.
    let length = |value: &Value| value.as_str().map_or(0, |text| text.trim().chars().count());
    let embeds = message["embeds"].as_array().cloned().unwrap_or_default();
    if embeds.is_empty() && length(&message["content"]) == 0 {
        return fail("Cannot send an empty message".into());
    }
    let mut total = 0;
    for embed in &embeds {
        let fields = embed["fields"].as_array().cloned().unwrap_or_default();
        let parts = [
            ("title", length(&embed["title"]), 256),
            ("description", length(&embed["description"]), 4_096),
            ("footer", length(&embed["footer"]["text"]), 2_048),
            ("fields", fields.len(), 25),
        ];
        for (name, is, most) in parts {
            if is > most {
                return fail(format!("{name} is {is}, at most {most}"));
            }
        }
        total += parts[..3].iter().map(|(_, is, _)| is).sum::<usize>();
        for field in &fields {
            let (name, value) = (length(&field["name"]), length(&field["value"]));
            if !(1..=256).contains(&name) || !(1..=1_024).contains(&value) {
                return fail(format!("a field is {name} and {value} long"));
            }
            total += name + value;
        }
    }
    if embeds.len() > 10 || total > 6_000 {
        return fail(format!("{} embeds, {total} characters", embeds.len()));
    }
    Ok(())
}

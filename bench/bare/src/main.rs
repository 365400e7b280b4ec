//! What Porthole is measured beside: a broadcast and three answers from the same database, by axum and sqlx alone. No
//! accounts, no limits, no GraphQL.
//!
//! usage: bare ADDRESS [DATABASE FILE]

use std::{collections::HashMap, env};

use axum::{
    Json, Router,
    extract::{
        Path, State,
        ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use sqlx::{
    Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use tokio::sync::broadcast;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Clone)]
struct Bare {
    sender: broadcast::Sender<Utf8Bytes>,
    db: SqlitePool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:18096".into());
    let options = match arguments.next() {
        Some(file) => SqliteConnectOptions::new().filename(file),
        None => SqliteConnectOptions::new().in_memory(true),
    };
    let bare = Bare {
        sender: broadcast::Sender::new(1024),
        db: SqlitePool::connect_lazy_with(options),
    };
    let router = Router::new()
        .route("/live", get(live))
        .route("/tell", post(tell))
        .route("/users/{id}", get(user))
        .route("/posts", get(posts))
        .route("/posts/{id}", get(thread))
        .with_state(bare);
    let listener = tokio::net::TcpListener::bind(address).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn live(State(bare): State<Bare>, upgrade: WebSocketUpgrade) -> Response {
    let mut told = bare.sender.subscribe();
    upgrade
        .read_buffer_size(4096)
        .on_upgrade(async move |mut socket: WebSocket| {
            loop {
                tokio::select! {
                    text = told.recv() => {
                        let Ok(text) = text else { return };
                        if socket.send(Message::Text(text)).await.is_err() { return }
                    }
                    message = socket.recv() => if message.is_none_or(|m| m.is_err()) { return },
                }
            }
        })
}

async fn tell(State(bare): State<Bare>, text: String) {
    let _ = bare.sender.send(text.into());
}

type Answer = Result<Json<Value>, Failed>;

struct Failed(sqlx::Error);

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

/// Ids are kept as sixteen bytes.
fn id(row: &SqliteRow, column: &str) -> Option<String> {
    let bytes: Option<Vec<u8>> = row.get(column);
    bytes.map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn key(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| *c != '-').collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    digits
        .chunks(2)
        .filter_map(|pair| byte(pair).ok())
        .collect()
}

fn person(row: &SqliteRow) -> Value {
    json!({ "id": id(row, "author"), "displayName": row.get::<Option<String>, _>("display_name") })
}

async fn user(State(bare): State<Bare>, Path(user): Path<String>) -> Answer {
    let row = sqlx::query("SELECT id AS author, username, display_name FROM users WHERE id = ?")
        .bind(key(&user))
        .fetch_one(&bare.db)
        .await?;
    let mut answer = person(&row);
    answer["username"] = row.get::<String, _>("username").into();
    Ok(Json(answer))
}

async fn posts(State(bare): State<Bare>) -> Answer {
    let rows = sqlx::query(
        "SELECT p.id, p.title, p.comment_count, p.created_at, u.id AS author, u.display_name FROM posts p \
         LEFT JOIN users u ON u.id = p.author_id WHERE p.board = 'notice' ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
    )
    .fetch_all(&bare.db)
    .await?;
    let posts = rows.iter().map(|row| {
        json!({
            "id": id(row, "id"), "title": row.get::<String, _>("title"), "author": person(row),
            "commentCount": row.get::<i64, _>("comment_count"), "createdAt": row.get::<String, _>("created_at"),
        })
    });
    Ok(Json(posts.collect()))
}

async fn thread(State(bare): State<Bare>, Path(post): Path<String>) -> Answer {
    let post = key(&post);
    let head = sqlx::query("SELECT title, body FROM posts WHERE id = ?")
        .bind(&post)
        .fetch_one(&bare.db)
        .await?;
    let rows = sqlx::query(
        "SELECT c.id, c.reply_to_id, c.body, c.created_at, u.id AS author, u.display_name FROM comments c \
         LEFT JOIN users u ON u.id = c.author_id WHERE c.post_id = ? ORDER BY c.created_at, c.id",
    )
    .bind(&post)
    .fetch_all(&bare.db)
    .await?;
    let mut replies: HashMap<String, Vec<Value>> = HashMap::new();
    let mut comments = Vec::new();
    for row in &rows {
        let comment = json!({
            "id": id(row, "id"), "body": row.get::<String, _>("body"), "author": person(row),
            "createdAt": row.get::<String, _>("created_at"),
        });
        match id(row, "reply_to_id") {
            Some(to) => replies.entry(to).or_default().push(comment),
            None => comments.push(comment),
        }
    }
    for comment in &mut comments {
        let of = comment["id"].as_str().and_then(|id| replies.remove(id));
        comment["replies"] = of.unwrap_or_default().into();
    }
    Ok(Json(json!({
        "title": head.get::<String, _>("title"), "body": head.get::<String, _>("body"), "comments": comments,
    })))
}

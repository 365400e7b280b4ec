//! The interface, embedded in the binary with its compressed twins (`.br`, `.gz`) made at build time.

use std::borrow::Cow;

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::plain;

#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Assets;

/// What the build adds for the server alone.
const DOCUMENTS: &str = "documents.json";

/// Encodings by preference, with their file name endings.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The documents the interface was built with, as JSON from ids to texts.
pub(super) fn documents() -> Option<Cow<'static, [u8]>> {
    Assets::get(DOCUMENTS).map(|file| file.data)
}

/// Serves a file, or the page for every other path: the interface has its own routes.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_twin = ENCODINGS.iter().any(|(_, ending)| path.ends_with(ending));
    if !path.is_empty() && !is_twin && path != DOCUMENTS && Assets::get(path).is_some() {
        return file(path, &headers);
    }
    if path.starts_with("assets/") || is_twin || path == DOCUMENTS {
        return plain(StatusCode::NOT_FOUND, "There is no such file.\n");
    }
    if Assets::get("index.html").is_none() {
        return plain(
            StatusCode::NOT_FOUND,
            "This server was built without its interface: run `make run`, or `npm run build` in frontend/ before cargo.\n",
        );
    }
    file("index.html", &headers)
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    let (encoding, file) = pick(path, headers);
    let Some(file) = file else {
        return plain(StatusCode::NOT_FOUND, "There is no such file.\n");
    };
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..12]));
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = Response::new(if is_known {
        Body::empty()
    } else {
        Body::from(file.data)
    });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    let mime = Assets::get(path).map(|f| f.metadata.mimetype().to_owned());
    let mime = match mime.as_deref() {
        Some(text) if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        Some(other) => other.to_owned(),
        None => "application/octet-stream".to_owned(),
    };
    // Files under assets/ carry a hash of their content in their name.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    for (name, value) in [(header::CONTENT_TYPE, mime), (header::ETAG, etag)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            out.insert(name, value);
        }
    }
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn pick(path: &str, headers: &HeaderMap) -> (Option<&'static str>, Option<EmbeddedFile>) {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let accepts = |encoding: &str| {
        accepted.split(',').any(|part| {
            let mut parts = part.split(';').map(str::trim);
            parts.next() == Some(encoding) && parts.next() != Some("q=0")
        })
    };
    ENCODINGS
        .into_iter()
        .filter(|(encoding, _)| accepts(encoding))
        .find_map(|(encoding, ending)| {
            Some((
                Some(encoding),
                Some(Assets::get(&format!("{path}{ending}"))?),
            ))
        })
        .unwrap_or_else(|| (None, Assets::get(path)))
}

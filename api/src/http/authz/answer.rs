//! What a proxy is answered.

use axum::{body::Body, response::Response};
use entity::user;
use http::{HeaderName, HeaderValue, StatusCode, header};
use url::Url;

use crate::{
    error::Error,
    http::{Server, plain},
    locale::Locale,
    text,
};

/// Why a request was refused, for whoever sets a proxy up.
pub(super) const REASON: HeaderName = HeaderName::from_static("x-porthole-reason");

pub(super) fn allowed(user: &user::Model, groups: &str) -> Response {
    let mut response = plain(StatusCode::OK, "");
    let headers = response.headers_mut();
    for (name, value) in [
        ("remote-user", user.username.as_str()),
        ("remote-email", user.email.as_deref().unwrap_or_default()),
        ("remote-name", &user.display_name),
        ("remote-groups", groups),
    ] {
        // Names may be Korean: as UTF-8, which proxies pass on as it is.
        let value =
            HeaderValue::from_bytes(value.as_bytes()).unwrap_or(HeaderValue::from_static(""));
        headers.insert(HeaderName::from_static(name), value);
    }
    private(&mut response);
    response
}

pub(super) fn refused(status: StatusCode, why: &'static str) -> Response {
    let mut response = plain(status, format!("{why}\n"));
    response
        .headers_mut()
        .insert(REASON, HeaderValue::from_static(why));
    private(&mut response);
    response
}

/// The database does not answer: closed, and said so.
pub(super) fn broken(error: Error) -> Response {
    let error = error.into_anyhow();
    tracing::error!(
        error = format!("{error:#}"),
        "a proxy's question could not be answered"
    );
    refused(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE")
}

fn private(response: &mut Response) {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

pub(super) fn to_sign_in(server: &Server, back: &Url, why: &'static str) -> Response {
    let mut response = refused(StatusCode::FOUND, why);
    redirect(&mut response, &sign_in_url(server, back.as_str()));
    response
}

pub(super) fn sign_in_url(server: &Server, back: &str) -> String {
    let mut url = server.app.config.public_url();
    url.set_path("/sign-in");
    url.query_pairs_mut().clear().append_pair("rd", back);
    url.into()
}

pub(super) fn redirect(response: &mut Response, to: &str) {
    if let Ok(location) = HeaderValue::try_from(to) {
        response.headers_mut().insert(header::LOCATION, location);
    }
}

/// A short page for people, in their language.
pub(super) fn explain(server: &Server, response: &mut Response, page: Option<&str>) {
    let name = escape(page.unwrap_or_default());
    let home = escape(server.app.config.public_url().as_str());
    let lang = Locale::current().as_str();
    let title = text!("Not open to you", "열 수 없습니다").told();
    let what = if name.is_empty() {
        text!(
            "This address belongs to no page.",
            "이 주소에 해당하는 페이지가 없습니다."
        )
    } else {
        text!(
            "You may not open {name}. Ask an admin to tick its box.",
            "{name}을(를) 열 수 없습니다. 관리자에게 권한을 요청하세요."
        )
    };
    let what = what.told();
    let link = text!("Back to the portal", "포털로 돌아가기").told();
    *response.body_mut() = Body::from(format!(
        "<!doctype html>\n<html lang=\"{lang}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\n<h1>{title}</h1>\n<p>{what}</p>\n<p><a href=\"{home}\">{link}</a></p>\n</html>\n"
    ));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

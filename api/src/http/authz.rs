//! Forward-auth: a proxy in front of an internal page asks here, with every request, whether to let it through.
//!
//! Who asks is the cookie for pages, and nothing else; what is asked is in headers the proxy sets. What is missing,
//! doubled or unknown is refused: nothing is open by default. A 200 always carries the identity headers, empty where
//! there is nothing to say, so that a proxy that copies them overwrites what the client sent.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::{ConnectInfo, OriginalUri, Query, State},
    response::Response,
};
use entity::{group, group_member, user};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use serde::Deserialize;
use url::Url;

use super::{Server, client, plain};
use crate::{
    audit::{self, Action, Actor, Event},
    error::{Error, Result},
    locale::Locale,
    pages::{
        address::clean,
        decide::{Place, decide, is_host_of_a_page},
    },
    users::session,
    viewer::Viewer,
};

/// Why a request was refused, for whoever sets a proxy up.
const REASON: HeaderName = HeaderName::from_static("x-porthole-reason");

/// What somebody wants to open.
struct Wanted {
    url: Url,
    /// The path as the client wrote it.
    raw_path: String,
    method: Method,
}

/// What is answered, before a proxy's habits.
enum Verdict {
    Allowed(Box<user::Model>, String),
    /// Nobody is signed in, or they must change their password first.
    SignedOut(&'static str),
    Denied(&'static str, Option<String>),
    /// The proxy did not say what is asked for, or it is no page's host.
    Unclear(&'static str),
}

/// nginx's `auth_request`: 200, 401 or 403; everything else would become a 500 there.
pub async fn nginx(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(opened): Query<Opened>,
    headers: HeaderMap,
) -> Response {
    let wanted = from_nginx(&headers).filter(|wanted| opened.is(&wanted.url));
    match judge(&server, peer, &headers, wanted.as_ref()).await {
        Ok(Verdict::Allowed(user, groups)) => allowed(&user, &groups),
        // nginx cannot escape a URL: it takes the whole address of the sign-in from here.
        Ok(Verdict::SignedOut(why)) => {
            let mut response = refused(StatusCode::UNAUTHORIZED, why);
            if let Some(wanted) = &wanted {
                redirect(&mut response, &sign_in_url(&server, wanted.url.as_str()));
            }
            response
        }
        Ok(Verdict::Denied(why, _) | Verdict::Unclear(why)) => refused(StatusCode::FORBIDDEN, why),
        Err(error) => broken(error),
    }
}

/// What nginx opens, where its template puts what the client says into X-Original-URL: `/authz/nginx?host=$host`.
#[derive(Deserialize)]
pub struct Opened {
    host: Option<String>,
}

impl Opened {
    /// True for the same host, or where nothing is said.
    fn is(&self, url: &Url) -> bool {
        let named = url.host_str().unwrap_or_default();
        self.host
            .as_deref()
            .is_none_or(|host| host.eq_ignore_ascii_case(named))
    }
}

/// Traefik's `forwardAuth` and Caddy's `forward_auth`: a redirect is handed to the browser.
pub async fn traefik(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let wanted = from_traefik(&headers);
    talkative(&server, peer, &headers, wanted).await
}

/// Envoy's `ext_authz` over HTTP: the original path behind ours, the original host and method.
pub async fn envoy(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let wanted = from_envoy(&server, &uri, method, &headers);
    talkative(&server, peer, &headers, wanted).await
}

/// A path under `/authz` that is none of ours: closed, for a proxy may be set up wrongly.
pub async fn nowhere() -> Response {
    refused(StatusCode::FORBIDDEN, "NO_SUCH_ENDPOINT")
}

/// For proxies that hand our answer to the client: a redirect to the sign-in for people, statuses for programs.
async fn talkative(
    server: &Server,
    peer: SocketAddr,
    headers: &HeaderMap,
    wanted: Option<Wanted>,
) -> Response {
    match judge(server, peer, headers, wanted.as_ref()).await {
        Ok(Verdict::Allowed(user, groups)) => allowed(&user, &groups),
        Ok(Verdict::SignedOut(why)) => match wanted {
            Some(wanted) if is_navigation(&wanted.method, headers) => {
                to_sign_in(server, &wanted.url, why)
            }
            _ => refused(StatusCode::UNAUTHORIZED, why),
        },
        Ok(Verdict::Denied(why, page)) => {
            let mut response = refused(StatusCode::FORBIDDEN, why);
            if wanted.is_some_and(|wanted| is_navigation(&wanted.method, headers)) {
                explain(server, &mut response, page.as_deref());
            }
            response
        }
        Ok(Verdict::Unclear(why)) => refused(StatusCode::BAD_REQUEST, why),
        Err(error) => broken(error),
    }
}

async fn judge(
    server: &Server,
    peer: SocketAddr,
    headers: &HeaderMap,
    wanted: Option<&Wanted>,
) -> Result<Verdict> {
    let Some(wanted) = wanted else {
        return Ok(Verdict::Unclear("MISSING_METADATA"));
    };
    let app = &server.app;
    let proof = session::prove_for_pages(app, headers).await?;
    let user = proof.map(|(_, user)| user);
    let place = decide(&app.db, &wanted.url, &wanted.raw_path, user.as_ref()).await?;
    if place == Place::Unknown {
        tracing::warn!(
            host = wanted.url.host_str(),
            "a proxy asks for a host that no page has: add the page, or its annotations"
        );
        return Ok(Verdict::Unclear("UNKNOWN_HOST"));
    }
    let Some(user) = user else {
        return Ok(Verdict::SignedOut("UNAUTHENTICATED"));
    };
    if user.must_change_password {
        return Ok(Verdict::SignedOut("PASSWORD_CHANGE_REQUIRED"));
    }
    let page = match place {
        Place::Page(_, true) => {
            let groups = groups(server, &user).await?;
            return Ok(Verdict::Allowed(Box::new(user), groups));
        }
        Place::Page(name, false) => Some(name),
        Place::Uncovered | Place::Unknown => None,
    };
    let origin = client::origin(&app.config, peer, headers);
    let target = page
        .clone()
        .unwrap_or_else(|| wanted.url.host_str().unwrap_or_default().into());
    let event = Event::denied(Action::PageOpen, target, "no box of theirs opens it");
    audit::record_denial(app, &Actor::account(&user, &origin), event).await;
    Ok(Verdict::Denied("FORBIDDEN", page))
}

/// The groups of somebody, by commas.
async fn groups(server: &Server, user: &user::Model) -> Result<String> {
    let to_group: RelationDef = group_member::Entity::belongs_to(group::Entity)
        .from(group_member::Column::GroupId)
        .to(group::Column::Id)
        .into();
    let names: Vec<String> = group_member::Entity::find()
        .select_only()
        .column(group::Column::Name)
        .join(JoinType::InnerJoin, to_group)
        .filter(group_member::Column::UserId.eq(user.id))
        .order_by_asc(group::Column::Name)
        .into_tuple()
        .all(&server.app.db)
        .await?;
    Ok(names.join(","))
}

/// A header that is there once and is text; twice is a client trying to speak over the proxy.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn from_nginx(headers: &HeaderMap) -> Option<Wanted> {
    let method = match headers.contains_key("x-original-method") {
        true => only(headers, "x-original-method")?.parse().ok()?,
        false => Method::GET,
    };
    wanted(only(headers, "x-original-url")?, method)
}

fn from_traefik(headers: &HeaderMap) -> Option<Wanted> {
    let scheme = only(headers, "x-forwarded-proto")?;
    let host = only(headers, "x-forwarded-host")?;
    let path = only(headers, "x-forwarded-uri")?;
    let method = only(headers, "x-forwarded-method")?.parse().ok()?;
    assembled(scheme, host, path, method)
}

fn from_envoy(server: &Server, uri: &Uri, method: Method, headers: &HeaderMap) -> Option<Wanted> {
    let own = if server.app.config.is_secure() {
        "https"
    } else {
        "http"
    };
    let scheme = match headers.contains_key("x-forwarded-proto") {
        true => only(headers, "x-forwarded-proto")?,
        false => own,
    };
    let host = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => only(headers, header::HOST.as_str())?,
    };
    let path = uri
        .path_and_query()?
        .as_str()
        .strip_prefix("/authz/envoy")?;
    let path = if path.is_empty() { "/" } else { path };
    assembled(scheme, host, path, method)
}

fn assembled(scheme: &str, host: &str, path: &str, method: Method) -> Option<Wanted> {
    let is_host = !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']' | '_'));
    let is_web = matches!(scheme, "http" | "https" | "ws" | "wss");
    if !is_host || !is_web || !path.starts_with('/') {
        return None;
    }
    let scheme = if matches!(scheme, "https" | "wss") {
        "https"
    } else {
        "http"
    };
    wanted(&format!("{scheme}://{host}{path}"), method)
}

fn wanted(url: &str, method: Method) -> Option<Wanted> {
    let after_host = url
        .split_once("://")?
        .1
        .split_once('/')
        .map_or("", |(_, rest)| rest);
    let raw_path = after_host.split(['?', '#']).next().unwrap_or_default();
    Some(Wanted {
        raw_path: format!("/{raw_path}"),
        url: clean(url)?,
        method,
    })
}

/// True for somebody who looks at a page; false for programs, which cannot sign in.
fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let says = |name: &str| {
        headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
    };
    matches!(*method, Method::GET | Method::HEAD)
        && says("accept").contains("text/html")
        && says("x-requested-with").is_empty()
        && matches!(says("sec-fetch-mode"), "" | "navigate")
}

fn allowed(user: &user::Model, groups: &str) -> Response {
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

fn refused(status: StatusCode, why: &'static str) -> Response {
    let mut response = plain(status, format!("{why}\n"));
    response
        .headers_mut()
        .insert(REASON, HeaderValue::from_static(why));
    private(&mut response);
    response
}

/// The database does not answer: closed, and said so.
fn broken(error: Error) -> Response {
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

fn to_sign_in(server: &Server, back: &Url, why: &'static str) -> Response {
    let mut response = refused(StatusCode::FOUND, why);
    redirect(&mut response, &sign_in_url(server, back.as_str()));
    response
}

fn sign_in_url(server: &Server, back: &str) -> String {
    let mut url = server.app.config.public_url();
    url.set_path("/sign-in");
    url.query_pairs_mut().clear().append_pair("rd", back);
    url.into()
}

fn redirect(response: &mut Response, to: &str) {
    if let Ok(location) = HeaderValue::try_from(to) {
        response.headers_mut().insert(header::LOCATION, location);
    }
}

/// A short page for people, in their language.
fn explain(server: &Server, response: &mut Response, page: Option<&str>) {
    let is_korean = Locale::current() == Locale::Ko;
    let name = escape(page.unwrap_or_default());
    let home = escape(server.app.config.public_url().as_str());
    let (lang, title, what, link) = match (is_korean, name.is_empty()) {
        (false, false) => (
            "en",
            "Not open to you",
            format!("You may not open {name}. Ask an admin to tick its box."),
            "Back to the portal",
        ),
        (false, true) => (
            "en",
            "Not open to you",
            "This address belongs to no page.".into(),
            "Back to the portal",
        ),
        (true, false) => (
            "ko",
            "열 수 없습니다",
            format!("{name}을(를) 열 수 없습니다. 관리자에게 권한을 요청하세요."),
            "포털로 돌아가기",
        ),
        (true, true) => (
            "ko",
            "열 수 없습니다",
            "이 주소에 해당하는 페이지가 없습니다.".into(),
            "포털로 돌아가기",
        ),
    };
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

/// Where to go back to.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    rd: String,
}

/// Leads back to a page after the sign-in, with the cookie it needs. Only to hosts of pages: everything else would make
/// this portal vouch for strangers.
pub async fn come_back(
    State(server): State<Server>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Response {
    match lead_back(&server, peer, &headers, &back.rd).await {
        Ok(response) => response,
        Err(error) => broken(error),
    }
}

async fn lead_back(
    server: &Server,
    peer: SocketAddr,
    headers: &HeaderMap,
    rd: &str,
) -> Result<Response> {
    let app = &server.app;
    let allowed = |url: &Url| url.scheme() == "https" || !app.config.is_secure();
    let url = match clean(rd).filter(allowed) {
        Some(url) if is_host_of_a_page(&app.db, &url).await? => url,
        _ => {
            return Ok(refused(StatusCode::BAD_REQUEST, "NOT_A_PAGE"));
        }
    };
    let origin = client::origin(&app.config, peer, headers);
    let proof = session::prove(app, headers, &origin, false).await?;
    let mut response = refused(StatusCode::SEE_OTHER, "UNAUTHENTICATED");
    let session = proof.and_then(|proof| Viewer::session(&proof.viewer));
    let cookie = match session {
        Some(id) => session::pages_cookie_of(app, id).await?,
        None => None,
    };
    let Some(cookie) = cookie else {
        redirect(&mut response, &sign_in_url(server, url.as_str()));
        return Ok(response);
    };
    response.headers_mut().remove(REASON);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    redirect(&mut response, url.as_str());
    Ok(response)
}

//! Forward-auth: a proxy in front of an internal page asks here, with every request, whether to let it through.
//!
//! Who asks is the cookie for pages, and nothing else; what is asked is in headers the proxy sets. What is missing,
//! doubled or unknown is refused: nothing is open by default. A 200 always carries the identity headers, empty where
//! there is nothing to say, so that a proxy that copies them overwrites what the client sent.

mod answer;
mod wanted;

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, OriginalUri, Query, State},
    response::Response,
};
use entity::{group, group_member, user};
use http::{HeaderMap, Method, StatusCode, header};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
};
use serde::Deserialize;
use url::Url;

use self::{
    answer::{REASON, allowed, broken, explain, redirect, refused, sign_in_url, to_sign_in},
    wanted::{Wanted, from_envoy, from_nginx, from_traefik, is_navigation},
};
use super::{Server, client};
use crate::{
    audit::{self, Action, Actor, Event},
    error::Result,
    pages::{
        address::clean,
        decide::{Place, decide, is_host_of_a_page},
    },
    users::session,
    viewer::Viewer,
};

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

//! The demo cluster's API server: an axum router that answers as Kubernetes does.
//!
//! It only reads. A client may list, watch and get what [`kinds::ALL`] names; everything else is answered
//! with the `Status` a real server would send, so that a client's handling of refusals is exercised too.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    kinds::{self, Kind},
    logs,
    store::{Key, Store},
    watch,
};

/// The parameters of a list or a watch. Names are the API's own.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Params {
    /// Whether to watch instead of listing.
    pub watch: Option<String>,
    /// The version to watch from.
    pub resource_version: String,
    /// How long a watch lasts at most.
    pub timeout_seconds: Option<u64>,
    /// How many objects a page has at most.
    pub limit: usize,
    /// Where the previous page ended.
    #[serde(rename = "continue")]
    pub token: String,
    /// Whether a watch may tell the version when nothing changed.
    pub allow_watch_bookmarks: bool,
    /// Whether a watch begins with what there is, and says when it has told all of it.
    pub send_initial_events: bool,
    /// Asked for, but not understood here.
    pub label_selector: String,
    /// Asked for, but not understood here.
    pub field_selector: String,
}

impl Params {
    fn watching(&self) -> bool {
        matches!(self.watch.as_deref(), Some("" | "1" | "true"))
    }
}

/// What a path leads to.
struct Target {
    kind: Kind,
    namespace: Option<String>,
    name: Option<String>,
}

/// The API of the cluster whose objects `store` keeps.
pub fn router(store: Store) -> Router {
    // Paths of all kinds have one shape, which a route per kind would only repeat.
    Router::new().fallback(answer).with_state(store)
}

/// A `Status`, as the server answers whatever it will not do.
pub fn status(code: StatusCode, reason: &str, message: &str) -> Value {
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code.as_u16(),
    })
}

fn refuse(code: StatusCode, reason: &str, message: &str) -> Response {
    (code, Json(status(code, reason, message))).into_response()
}

fn not_found() -> Response {
    let message = "the server could not find the requested resource";
    refuse(StatusCode::NOT_FOUND, "NotFound", message)
}

async fn answer(
    State(store): State<Store>,
    method: Method,
    uri: Uri,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    let path: Vec<&str> = uri.path().split('/').filter(|s| !s.is_empty()).collect();
    let found = discovery(&path);
    let target = parse(&path);
    if let [
        "apis",
        "authorization.k8s.io",
        "v1",
        "selfsubjectaccessreviews",
    ] = path[..]
    {
        // Whoever asks may do everything here.
        return Json(json!({
            "kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
            "spec": {}, "status": { "allowed": true },
        }))
        .into_response();
    }
    if method != Method::GET {
        return match (found, target) {
            (None, None) => not_found(),
            _ => refuse(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
            ),
        };
    }
    if let Some(document) = found {
        return Json(document).into_response();
    }
    if let ["api", "v1", "namespaces", namespace, "pods", pod, "log"] = path[..] {
        let pod = store.get(&Key::new(kinds::POD, namespace, pod));
        return pod.map_or_else(not_found, |pod| logs::respond(&pod, uri.query()));
    }
    let Some(target) = target else {
        return not_found();
    };
    let Query(params) = match params {
        Ok(params) => params,
        Err(e) => return refuse(StatusCode::BAD_REQUEST, "BadRequest", &e.body_text()),
    };
    match &target.name {
        Some(name) => get(&store, &target, name),
        // Answering with objects that were not asked for would be worse than not answering.
        None if !params.label_selector.is_empty() || !params.field_selector.is_empty() => refuse(
            StatusCode::BAD_REQUEST,
            "BadRequest",
            "the demo cluster does not understand selectors",
        ),
        None if params.watching() => watch::respond(&store, target.kind, target.namespace, &params),
        None => list(&store, &target, &params),
    }
}

/// What `/version`, `/api`, `/apis` and the lists of resources say.
fn discovery(path: &[&str]) -> Option<Value> {
    let resources = |group: &str, version: &str| {
        let list: Vec<Value> = kinds::ALL
            .iter()
            .filter(|k| k.group == group && k.version == version)
            .map(|k| {
                json!({
                    "name": k.plural, "singularName": k.kind.to_lowercase(), "namespaced": k.namespaced,
                    "kind": k.kind, "verbs": ["get", "list", "watch"],
                })
            })
            .collect();
        let at = format!("{group}/{version}");
        (!list.is_empty()).then(|| {
            json!({
                "kind": "APIResourceList", "apiVersion": "v1",
                "groupVersion": at.trim_start_matches('/'), "resources": list,
            })
        })
    };
    match path {
        ["version"] => Some(json!({
            "major": "1", "minor": "33", "gitVersion": "v1.33.4+k3s1", "gitTreeState": "clean",
            "gitCommit": "148243c49519922720fca1e7d0df4c3b36a7da66", "buildDate": "2025-08-26T02:34:04Z",
            "goVersion": "go1.24.5", "compiler": "gc", "platform": "linux/amd64",
        })),
        ["api"] => Some(
            json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}),
        ),
        ["apis"] => {
            let mut groups: Vec<(&str, &str)> = kinds::ALL
                .iter()
                .filter(|k| !k.group.is_empty())
                .map(|k| (k.group, k.version))
                .collect();
            groups.dedup();
            let groups: Vec<Value> = groups
                .into_iter()
                .map(|(group, version)| {
                    let at =
                        json!({"groupVersion": format!("{group}/{version}"), "version": version});
                    json!({"name": group, "versions": [at], "preferredVersion": at})
                })
                .collect();
            Some(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}))
        }
        ["api", version] => resources("", version),
        ["apis", group, version] => resources(group, version),
        _ => None,
    }
}

fn parse(path: &[&str]) -> Option<Target> {
    let (group, version, rest) = match path {
        ["api", version, rest @ ..] => ("", *version, rest),
        ["apis", group, version, rest @ ..] => (*group, *version, rest),
        _ => return None,
    };
    let (namespace, plural, name) = match rest {
        ["namespaces", namespace, plural] => (Some(*namespace), *plural, None),
        ["namespaces", namespace, plural, name] => (Some(*namespace), *plural, Some(*name)),
        [plural] => (None, *plural, None),
        [plural, name] => (None, *plural, Some(*name)),
        _ => return None,
    };
    let kind = Kind::find(group, version, plural)?;
    // A kind without namespaces is not found in one; an object in one is not found without naming it.
    let fits = match namespace {
        Some(_) => kind.namespaced,
        None => !kind.namespaced || name.is_none(),
    };
    fits.then(|| Target {
        kind,
        namespace: namespace.map(str::to_owned),
        name: name.map(str::to_owned),
    })
}

fn get(store: &Store, target: &Target, name: &str) -> Response {
    let namespace = target.namespace.as_deref().unwrap_or("");
    match store.get(&Key::new(target.kind, namespace, name)) {
        Some(object) => Json(object).into_response(),
        None => {
            let kind = &target.kind;
            let resource = match kind.group {
                "" => kind.plural.to_owned(),
                group => format!("{}.{group}", kind.plural),
            };
            let message = format!("{resource} {name:?} not found");
            let mut body = status(StatusCode::NOT_FOUND, "NotFound", &message);
            body["details"] = json!({"name": name, "group": kind.group, "kind": kind.plural});
            (StatusCode::NOT_FOUND, Json(body)).into_response()
        }
    }
}

fn list(store: &Store, target: &Target, params: &Params) -> Response {
    let (now, mut objects) = store.list(target.kind, target.namespace.as_deref());
    let mut version = now;
    if !params.token.is_empty() {
        let Some((first, after)) = read_token(target.kind, &params.token) else {
            let message = "continue key is not valid";
            return refuse(StatusCode::BAD_REQUEST, "BadRequest", message);
        };
        // Later pages show a later state. Keeping the first page's version makes a watch from it tell again
        // whatever changed meanwhile, so nothing is lost.
        version = first;
        objects.retain(|(key, _)| *key > after);
    }
    let mut meta = json!({"resourceVersion": version.to_string()});
    if params.limit > 0 && objects.len() > params.limit {
        meta["remainingItemCount"] = json!(objects.len() - params.limit);
        objects.truncate(params.limit);
        if let Some((key, _)) = objects.last() {
            let token = format!("{version}/{}/{}", key.namespace, key.name);
            meta["continue"] = json!(BASE64_URL_SAFE_NO_PAD.encode(token));
        }
    }
    let items: Vec<Arc<Value>> = objects.into_iter().map(|(_, object)| object).collect();
    Json(json!({
        "kind": format!("{}List", target.kind.kind), "apiVersion": target.kind.api_version(),
        "metadata": meta, "items": items,
    }))
    .into_response()
}

fn read_token(kind: Kind, token: &str) -> Option<(u64, Key)> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.splitn(3, '/');
    let version = parts.next()?.parse().ok()?;
    Some((version, Key::new(kind, parts.next()?, parts.next()?)))
}

//! Which scope an API token needs for which field at the root, and who gets the same answers. What a program may not do
//! at all is listed too: a field that is not here is refused.

use async_graphql::parser::types::OperationType;
use entity::user_right::Right;

use crate::{
    error::{Error, Result},
    locale::Text,
    viewer::{Credential, Scope, Viewer},
};

/// What a field at the root asks of a token.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing, or the objects it leads to are checked one by one.
    Nothing,
    /// This scope.
    Scope(Scope),
    /// A browser.
    Browser,
}

/// What a field needs; `None` for one that does not exist.
pub fn need(operation: OperationType, field: &str) -> Option<Need> {
    use Need::{Browser, Nothing, Scope as S};
    use Scope as Is;
    Some(match (operation, field) {
        (_, "__typename")
        | (
            OperationType::Query,
            "__schema" | "__type" | "server" | "node" | "nodes" | "viewer" | "diagnoses",
        ) => Nothing,
        (OperationType::Query, field) => match field {
            "board" | "post" => S(Is::BoardsRead),
            "pods" | "clusterNodes" | "workloads" | "events" | "services" | "certificates"
            | "applications" | "hosts" | "cluster" | "clusters" => S(Is::ClusterRead),
            "podLogs" => S(Is::LogsRead),
            "incidents" | "incident" | "channels" => S(Is::AlertsRead),
            "pages" => S(Is::PagesRead),
            "users" | "groups" => S(Is::UsersRead),
            "auditEvents" => S(Is::AuditRead),
            _ => return None,
        },
        (OperationType::Subscription, field) => match field {
            "commentChanges" => S(Is::BoardsRead),
            "podChanges" | "nodeChanges" | "workloadChanges" | "eventChanges"
            | "serviceChanges" | "certificateChanges" | "applicationChanges" | "hostChanges" => {
                S(Is::ClusterRead)
            }
            "podLogLines" => S(Is::LogsRead),
            "incidentChanges" | "deliveryChanges" => S(Is::AlertsRead),
            "pageChanges" => S(Is::PagesRead),
            _ => return None,
        },
        (OperationType::Mutation, field) => match field {
            "signIn"
            | "signOut"
            | "changePassword"
            | "requestPasswordReset"
            | "endSession"
            | "endSessions"
            | "createApiToken"
            | "revokeApiToken"
            | "startTwoFactor"
            | "confirmTwoFactor"
            | "disableTwoFactor"
            | "renewRecoveryCodes"
            | "checkHosts"
            | "startPasskeyRegistration"
            | "finishPasskeyRegistration"
            | "renamePasskey"
            | "deletePasskey"
            | "startPasskeySignIn"
            | "finishPasskeySignIn" => Browser,
            "createPost" | "updatePost" | "deletePost" | "createComment" | "deleteComment" => {
                S(Is::BoardsWrite)
            }
            "createChannel" | "updateChannel" | "deleteChannel" | "testChannel"
            | "retryDelivery" => S(Is::AlertsWrite),
            "createPage" | "updatePage" | "deletePage" => S(Is::PagesWrite),
            "createUser"
            | "updateUser"
            | "deleteUser"
            | "lockUser"
            | "unlockUser"
            | "issueTemporaryPassword"
            | "setAccess"
            | "createGroup"
            | "updateGroup"
            | "deleteGroup"
            | "setGroupMember" => S(Is::UsersWrite),
            _ => return None,
        },
    })
}

/// Refuses fields that a token's scopes do not cover; browsers pass.
///
/// # Errors
/// FORBIDDEN, and names the scope.
pub fn check(viewer: &Viewer, operation: OperationType, roots: &[String]) -> Result<()> {
    if viewer.session().is_some() {
        return Ok(());
    }
    for field in roots {
        match need(operation, field) {
            // Validation names fields that do not exist.
            None | Some(Need::Nothing) => {}
            Some(Need::Scope(scope)) if viewer.allows(scope) => {}
            Some(Need::Scope(scope)) => {
                let name = crate::audit::text(scope);
                return Err(Error::Forbidden(Text::as_is(format!(
                    "This API token has no scope {name}, which {field} needs."
                ))));
            }
            Some(Need::Browser) => {
                return Err(Error::Forbidden(Text::as_is(format!(
                    "{field} is for people in a browser, not for API tokens."
                ))));
            }
        }
    }
    Ok(())
}

/// Those who get the same answers to a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Audience(String);

/// The subscriptions, for numbers: never by a name that a client made up.
const SUBSCRIPTIONS: [&str; 13] = [
    "applicationChanges",
    "certificateChanges",
    "commentChanges",
    "deliveryChanges",
    "eventChanges",
    "hostChanges",
    "incidentChanges",
    "nodeChanges",
    "pageChanges",
    "podChanges",
    "podLogLines",
    "serviceChanges",
    "workloadChanges",
];

/// The name of a subscription; `None` when there is none.
pub fn subscription(field: &str) -> Option<&'static str> {
    SUBSCRIPTIONS.into_iter().find(|name| *name == field)
}

/// With whom this viewer shares a subscription: those of the same role, rights and scopes, where nothing else decides
/// what one sees. `None` where the viewer themselves does.
pub fn audience(viewer: &Viewer, field: &str) -> Option<Audience> {
    let by_rights = match field {
        "podChanges" | "nodeChanges" | "workloadChanges" | "eventChanges" | "serviceChanges"
        | "certificateChanges" | "applicationChanges" | "hostChanges" | "deliveryChanges" => true,
        // Others see the alerts of the pages they may open.
        "incidentChanges" => viewer.has(Right::ClusterView),
        _ => false,
    };
    if !by_rights || viewer.must_change_password {
        return None;
    }
    let scopes = match &viewer.credential {
        Credential::Session(_) => None,
        Credential::Token { scopes, .. } => Some(scopes),
    };
    let Viewer { role, rights, .. } = viewer;
    Some(Audience(format!("{role:?} {rights:?} {scopes:?}")))
}

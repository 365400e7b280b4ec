//! What belongs to no room: this installation, and any object by its id.

use async_graphql::{Context, ID, Interface, Object, SimpleObject};
use entity::{channel, delivery, user_right::Right};
use sea_orm::EntityTrait;

use crate::{
    alerts::{
        graphql::{Channel, Delivery, Incident},
        visible,
    },
    app::App,
    audit::{self, graphql::AuditEvent},
    boards::{
        graphql::{Comment, Post},
        service,
    },
    cluster::{
        Clusters,
        graphql::{
            application::Application, certificate::Certificate, event::Event, host::Host,
            node::ClusterNode, object, pod::Pod, service::Service, workload::Workload,
        },
    },
    error::Error,
    graphql::NodeId,
    locale::Text,
    pages::{self, graphql::Page},
    users::{
        access::{self, graphql::Group},
        api_token::{self, graphql::ApiToken},
        graphql::{User, node as user_node},
        passkey::{self, graphql::Passkey, party::RelyingParty},
        session::{self, graphql::Session},
    },
    viewer::{Scope, ViewerExt},
};

/// Most ids of one `nodes`.
const MAX_NODES: usize = 100;

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "&ID", desc = "Opaque id."))]
pub enum Node {
    /// A person.
    User(Box<User>),
    /// A notice or a request.
    Post(Box<Post>),
    /// A comment.
    Comment(Box<Comment>),
    /// A pod.
    Pod(Box<Pod>),
    /// A node of a cluster.
    ClusterNode(Box<ClusterNode>),
    /// Something that owns pods.
    Workload(Box<Workload>),
    /// What a component said about an object.
    Event(Box<Event>),
    /// A name and an address for a set of pods.
    Service(Box<Service>),
    /// A certificate.
    Certificate(Box<Certificate>),
    /// An Argo CD application.
    Application(Box<Application>),
    /// What a host serves over TLS.
    Host(Box<Host>),
    /// A problem.
    Incident(Box<Incident>),
    /// A message about one step of a problem.
    Delivery(Box<Delivery>),
    /// Where alerts go.
    Channel(Box<Channel>),
    /// An internal page.
    Page(Box<Page>),
    /// A set of people.
    Group(Box<Group>),
    /// A key for a program.
    ApiToken(Box<ApiToken>),
    /// A signed-in browser.
    Session(Box<Session>),
    /// What signs somebody in without a password.
    Passkey(Box<Passkey>),
    /// Something that was done.
    AuditEvent(Box<AuditEvent>),
}

/// This installation.
#[derive(SimpleObject)]
pub struct Server {
    /// Its name.
    name: String,
    /// Porthole's version.
    version: &'static str,
    /// True when the built-in demo cluster is shown instead of a real one.
    demo: bool,
    /// Fewest characters of a password.
    password_min_length: i32,
    /// True when browsers may send only the interface's own documents.
    trusted_documents_only: bool,
    /// True when people can sign in with passkeys; without, what is about passkeys answers UNAVAILABLE.
    passkeys: bool,
}

/// What belongs to no room.
#[derive(Default)]
pub struct RootQuery;

#[Object]
impl RootQuery {
    /// Any object by its id; null when there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The object's id.")] id: ID,
    ) -> Option<async_graphql::Result<Node>> {
        find(ctx, &id).await.transpose()
    }

    /// Several objects by their ids, in the same order; null for each that is not there or not yours to see.
    #[graphql(complexity = "ids.len().saturating_mul(child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The objects' ids, at most 100.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        if ids.len() > MAX_NODES {
            let message = Text::as_is(format!("Ask for at most {MAX_NODES} ids at once."));
            return Err(Error::Invalid(message, vec!["ids".into()]).into());
        }
        futures::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }

    /// This installation; open to everybody.
    async fn server(&self, ctx: &Context<'_>) -> Server {
        let config = &ctx.data_unchecked::<App>().config;
        Server {
            name: config.name.clone(),
            version: env!("CARGO_PKG_VERSION"),
            demo: ctx.data_unchecked::<Clusters>().is_demo(),
            password_min_length: i32::try_from(config.password_min_length).unwrap_or(i32::MAX),
            trusted_documents_only: config.trusted_documents_only,
            passkeys: RelyingParty::of(config).is_ok(),
        }
    }
}

/// Looks an object up for this viewer: what is hidden from them, or from their token, is not there.
async fn find(ctx: &Context<'_>, id: &ID) -> async_graphql::Result<Option<Node>> {
    let viewer = ctx.viewer()?;
    let app = ctx.data_unchecked::<App>();
    let Some(node) = NodeId::decode(id) else {
        return Ok(None);
    };
    if !scope_of(&node.kind).is_some_and(|scope| viewer.allows(scope)) {
        return Ok(None);
    }
    if viewer.has(Right::ClusterView)
        && let Some(found) = in_cluster(ctx.data_unchecked(), &node)
    {
        return Ok(Some(found));
    }
    let Ok(key) = node.key.parse() else {
        return Ok(None);
    };
    let manages = viewer.has(Right::ChannelsManage);
    Ok(match node.kind.as_str() {
        "User" => user_node(ctx, viewer, key)
            .await?
            .map(|u| Node::User(Box::new(u))),
        "Post" => service::find_post(&app.db, viewer, key)
            .await?
            .map(|row| Node::Post(Box::new(row.into()))),
        "Comment" => service::find_comment(&app.db, viewer, key)
            .await?
            .map(|(row, _)| Node::Comment(Box::new(row.into()))),
        "Incident" => visible::find(app, viewer, key)
            .await?
            .map(|row| Incident::from_row(&row))
            .transpose()?
            .map(|incident| Node::Incident(Box::new(incident))),
        "Delivery" if manages => delivery::Entity::find_by_id(key)
            .one(&app.db)
            .await
            .map_err(Error::from)?
            .map(|row| Node::Delivery(Box::new(row.into()))),
        "Channel" if manages => channel::Entity::find_by_id(key)
            .one(&app.db)
            .await
            .map_err(Error::from)?
            .map(|row| Node::Channel(Box::new(row.into()))),
        "Page" => pages::graphql::node(app, viewer, key)
            .await?
            .map(|page| Node::Page(Box::new(page))),
        "Group" => access::graphql::node(ctx, key)
            .await?
            .map(|group| Node::Group(Box::new(group))),
        "ApiToken" => api_token::graphql::node(app, viewer, key)
            .await?
            .map(|token| Node::ApiToken(Box::new(token))),
        "Session" => session::graphql::node(app, viewer, key)
            .await?
            .map(|session| Node::Session(Box::new(session))),
        "Passkey" => passkey::graphql::node(app, viewer, key)
            .await?
            .map(|passkey| Node::Passkey(Box::new(passkey))),
        "AuditEvent" if viewer.is_admin() => audit::graphql::node(app, key)
            .await?
            .map(|event| Node::AuditEvent(Box::new(event))),
        _ => None,
    })
}

/// An object of a cluster.
fn in_cluster(clusters: &Clusters, node: &NodeId) -> Option<Node> {
    let key = node.key.as_str();
    Some(match node.kind.as_str() {
        "Pod" => Node::Pod(Box::new(object::find(clusters, key)?)),
        "ClusterNode" => Node::ClusterNode(Box::new(object::find(clusters, key)?)),
        "Workload" => Node::Workload(Box::new(object::find(clusters, key)?)),
        "Event" => Node::Event(Box::new(object::find(clusters, key)?)),
        "Service" => Node::Service(Box::new(object::find(clusters, key)?)),
        "Certificate" => Node::Certificate(Box::new(object::find(clusters, key)?)),
        "Application" => Node::Application(Box::new(object::find(clusters, key)?)),
        "Host" => Node::Host(Box::new(object::find(clusters, key)?)),
        _ => return None,
    })
}

/// What a token needs to see an object of a type; `None` for types that are no nodes.
fn scope_of(kind: &str) -> Option<Scope> {
    Some(match kind {
        "User" | "Group" => Scope::UsersRead,
        "ApiToken" | "Session" | "Passkey" => Scope::AccountRead,
        "Post" | "Comment" => Scope::BoardsRead,
        "Pod" | "ClusterNode" | "Workload" | "Event" | "Service" | "Certificate"
        | "Application" | "Host" => Scope::ClusterRead,
        "Incident" | "Delivery" | "Channel" => Scope::AlertsRead,
        "Page" => Scope::PagesRead,
        "AuditEvent" => Scope::AuditRead,
        _ => return None,
    })
}

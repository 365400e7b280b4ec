//! The only place where the rooms meet: one schema out of each room's queries, mutations and subscriptions.

mod fresh;
mod root;

use async_graphql::{
    MergedObject, MergedSubscription, SDLExportOptions, SchemaBuilder, connection::Connection,
};

pub use self::{fresh::Executed, root::Node};
use self::{fresh::FreshLoaders, root::RootQuery};
use crate::{
    alerts::{
        diagnosis::graphql::DiagnosisQuery,
        graphql::{AlertQuery, Channel, Incident},
        live::AlertSubscription,
        mutation::AlertMutation,
    },
    app::App,
    audit::graphql::{AuditEvent, AuditQuery},
    boards::{
        graphql::{BoardQuery, Comment, Post},
        live::BoardSubscription,
        mutation::BoardMutation,
    },
    cluster::{
        Clusters,
        graphql::{
            Seen,
            application::{Application, ApplicationQuery},
            certificate::{Certificate, CertificateQuery},
            cluster::ClusterQuery,
            event::{Event, EventQuery},
            host::{Host, HostMutation, HostQuery},
            live::ClusterSubscription,
            logs::{LogQuery, LogSubscription},
            node::{ClusterNode, NodeQuery},
            pod::{Pod, PodQuery},
            service::{Service, ServiceQuery},
            workload::{Workload, WorkloadQuery},
        },
    },
    graphql::{Total, observe::Observed, trusted::TrustedOnly},
    notify::Notifier,
    pages::{
        graphql::{Page, PageQuery},
        live::PageSubscription,
        mutation::PageMutation,
    },
    users::{
        access::graphql::{AccessMutation, Group, GroupQuery},
        api_token::{graphql::ApiTokenMutation, meter::Metering},
        graphql::{User, UserQuery},
        manage::ManageMutation,
        mutation::UserMutation,
        passkey::graphql::PasskeyMutation,
        session::graphql::SessionMutation,
        two_factor::graphql::TwoFactorMutation,
    },
};

/// The whole API.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Questions.
#[derive(MergedObject, Default)]
pub struct Query(
    RootQuery,
    UserQuery,
    BoardQuery,
    ClusterQuery,
    PodQuery,
    NodeQuery,
    WorkloadQuery,
    EventQuery,
    LogQuery,
    ServiceQuery,
    CertificateQuery,
    ApplicationQuery,
    HostQuery,
    AlertQuery,
    DiagnosisQuery,
    PageQuery,
    GroupQuery,
    AuditQuery,
);

/// Changes. Each takes one input and answers with what it made and the errors a user can put right.
#[derive(MergedObject, Default)]
pub struct Mutation(
    UserMutation,
    ManageMutation,
    SessionMutation,
    TwoFactorMutation,
    PasskeyMutation,
    ApiTokenMutation,
    AccessMutation,
    BoardMutation,
    AlertMutation,
    HostMutation,
    PageMutation,
);

/// Live streams. Each starts with a snapshot; steps come at least once, in order for each object.
#[derive(MergedSubscription, Default)]
pub struct Subscription(
    BoardSubscription,
    ClusterSubscription,
    LogSubscription,
    AlertSubscription,
    PageSubscription,
);

/// What both the served schema and its text are made of.
fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    let (query, mutation) = (Query::default(), Mutation::default());
    async_graphql::Schema::build(query, mutation, Subscription::default())
        .override_output_type_description::<Connection<String, User, Total>>("A page of accounts.")
        .override_output_type_description::<Connection<String, Post, Total>>("A page of posts.")
        .override_output_type_description::<Connection<String, Comment, Total>>(
            "A page of comments.",
        )
        .override_output_type_description::<Connection<String, Incident, Total>>(
            "A page of incidents.",
        )
        .override_output_type_description::<Connection<String, Channel, Total>>(
            "A page of channels.",
        )
        .override_output_type_description::<Connection<String, Page, Total>>(
            "A page of internal pages.",
        )
        .override_output_type_description::<Connection<String, Group, Total>>("A page of groups.")
        .override_output_type_description::<Connection<String, AuditEvent, Total>>(
            "A page of audit events.",
        )
        .override_output_type_description::<Connection<String, Pod, Seen>>("A page of pods.")
        .override_output_type_description::<Connection<String, ClusterNode, Seen>>(
            "A page of nodes.",
        )
        .override_output_type_description::<Connection<String, Workload, Seen>>(
            "A page of workloads.",
        )
        .override_output_type_description::<Connection<String, Event, Seen>>("A page of events.")
        .override_output_type_description::<Connection<String, Service, Seen>>(
            "A page of services.",
        )
        .override_output_type_description::<Connection<String, Application, Seen>>(
            "A page of applications.",
        )
        .override_output_type_description::<Connection<String, Certificate, Seen>>(
            "A page of certificates.",
        )
        .override_output_type_description::<Connection<String, Host, Seen>>("A page of hosts.")
        .with_sorted_fields()
        .with_sorted_enums()
}

/// Builds the schema with its limits and the rooms' handles.
pub fn build(app: &App, notifier: Notifier, clusters: Clusters) -> Schema {
    let builder = if app.config.trusted_documents_only {
        builder().extension(TrustedOnly)
    } else {
        builder()
    };
    builder
        .data(app.clone())
        .data(notifier)
        .data(clusters)
        .extension(Observed)
        .extension(FreshLoaders(app.db.clone()))
        .extension(Metering(app.clone()))
        .limit_complexity(app.config.limits.cost)
        .limit_recursive_depth(app.config.limits.nesting)
        .disable_suggestions()
        .finish()
}

/// The schema as text, sorted, for `schema.graphql`.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items();
    builder().finish().sdl_with_options(options)
}

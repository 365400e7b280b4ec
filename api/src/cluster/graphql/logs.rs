//! Logs in the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject, Subscription};
use entity::user_right::Right;
use futures::{Stream, StreamExt};

use super::super::{
    Cluster, Clusters,
    logs::{self, Line, Wanted},
    model::Pod,
};
use crate::{
    error::{Error, Result},
    graphql::NodeId,
    text,
    viewer::ViewerExt,
};

/// Lines when the caller does not say how many.
const USUAL: i32 = 200;

/// Lines that a container wrote.
#[derive(SimpleObject)]
pub struct LogLines {
    /// The lines, oldest first.
    lines: Vec<Line>,
}

/// Logs: queries.
#[derive(Default)]
pub struct LogQuery;

#[Object]
impl LogQuery {
    /// The last lines of a container, for those who may read logs.
    #[graphql(complexity = "50")]
    async fn pod_logs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pod's id.")] pod: ID,
        #[graphql(desc = "Name of the container; the pod's first one when left out.")]
        container: Option<String>,
        #[graphql(desc = "How many lines, 1 to 1000; 200 when left out.")] tail: Option<i32>,
        #[graphql(desc = "True for the run before this one.", default)] previous: bool,
    ) -> async_graphql::Result<LogLines> {
        let (cluster, pod) = find(ctx, &pod)?;
        let wanted = Wanted {
            container,
            tail: tail.unwrap_or(USUAL),
            previous,
        };
        let lines = logs::tail(&cluster, &pod, &wanted).await?;
        Ok(LogLines { lines })
    }
}

/// Logs: subscriptions.
#[derive(Default)]
pub struct LogSubscription;

#[Subscription]
impl LogSubscription {
    /// The last lines of a container, then each as it is written; it ends with the container. For those who may read
    /// logs.
    async fn pod_log_lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pod's id.")] pod: ID,
        #[graphql(desc = "Name of the container; the pod's first one when left out.")]
        container: Option<String>,
        #[graphql(desc = "How many lines to begin with, 1 to 1000; 200 when left out.")]
        tail: Option<i32>,
    ) -> async_graphql::Result<impl Stream<Item = LogLines> + use<>> {
        let (cluster, pod) = find(ctx, &pod)?;
        let wanted = Wanted {
            container,
            tail: tail.unwrap_or(USUAL),
            previous: false,
        };
        let stream = logs::follow(&cluster, &pod, &wanted).await?;
        Ok(stream.map(|lines| LogLines { lines }))
    }
}

fn find(ctx: &Context<'_>, id: &ID) -> Result<(Arc<Cluster>, Arc<Pod>)> {
    ctx.with(Right::ClusterView)?;
    ctx.with(Right::LogsView)?;
    let missing = || {
        Error::NotFound(text!(
            "There is no Pod with this id.",
            "이 id의 파드가 없습니다."
        ))
    };
    let node = NodeId::decode(id).filter(|node| node.kind == "Pod");
    let node = node.ok_or_else(missing)?;
    let (uid, name) = node.key.split_once('@').ok_or_else(missing)?;
    let clusters = ctx.data_unchecked::<Clusters>();
    let cluster = clusters.find(Some(name)).ok_or_else(missing)?;
    let pod = cluster.pods.read().get(uid).cloned();
    Ok((Arc::clone(cluster), pod.ok_or_else(missing)?))
}

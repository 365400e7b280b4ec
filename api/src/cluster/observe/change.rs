//! What changed last about an owner of pods: the first thing to look at when it breaks.

use super::super::{
    Cluster,
    index::Keyed,
    model::{Pod, Workload},
};
use crate::alerts::finding::{Change, ImageChange};

/// The last change of a workload, where it can be told.
pub fn last(cluster: &Cluster, workload: &Workload, pods: &[&Pod]) -> Option<Change> {
    let change = match workload.owner.kind.as_str() {
        "Deployment" => of_deployment(cluster, workload)?,
        "StatefulSet" | "DaemonSet" => of_pods(workload, pods)?,
        _ => return None,
    };
    Some(Change {
        commit: commit(cluster, workload),
        ..change
    })
}

/// From the newest two ReplicaSets. A rollback makes an old one the newest again: then its age says nothing.
fn of_deployment(cluster: &Cluster, deployment: &Workload) -> Option<Change> {
    let [_, replica_sets, ..] = &cluster.workloads;
    let index = replica_sets.read();
    let mut sets: Vec<_> = index
        .objects()
        .filter(|set| {
            set.namespace == deployment.namespace
                && set.controller.as_ref() == Some(&deployment.owner)
                && set.revision.is_some()
        })
        .collect();
    sets.sort_by_key(|set| (set.revision, set.key()));
    let [.., before, after] = &sets[..] else {
        return None;
    };
    Some(Change {
        at: (after.created_at > before.created_at).then_some(after.created_at),
        revision: after.revision,
        previous_revision: before.revision,
        images: images(&before.images, &after.images),
        commit: None,
    })
}

/// From pods that still run what was before.
fn of_pods(workload: &Workload, pods: &[&Pod]) -> Option<Change> {
    let differs = |pod: &&&Pod| {
        pod.containers
            .iter()
            .any(|c| !workload.images.contains(&(c.name.clone(), c.image.clone())))
    };
    let old = pods.iter().find(differs)?;
    let before: Vec<_> = old
        .containers
        .iter()
        .map(|c| (c.name.clone(), c.image.clone()))
        .collect();
    Some(Change {
        images: images(&before, &workload.images),
        ..Change::default()
    })
}

type Images = [(std::sync::Arc<str>, std::sync::Arc<str>)];

fn images(before: &Images, after: &Images) -> Vec<ImageChange> {
    let changed = after.iter().filter_map(|(container, image)| {
        let (_, old) = before.iter().find(|(name, _)| name == container)?;
        (old != image).then(|| ImageChange {
            container: container.to_string(),
            before: old.to_string(),
            after: image.to_string(),
        })
    });
    changed.collect()
}

/// The commit that Argo CD deployed it from.
fn commit(cluster: &Cluster, workload: &Workload) -> Option<String> {
    let name = workload.application.as_ref()?;
    let index = cluster.applications.read();
    let application = index.objects().find(|a| a.name == *name)?;
    application.revision.as_ref().map(ToString::to_string)
}

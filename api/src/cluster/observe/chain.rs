//! The steps cert-manager takes: Certificate → CertificateRequest → Order → Challenge. The deepest one that says why it
//! waits says most.

use std::{collections::HashMap, sync::Arc};

use super::super::{Cluster, model::Issuing};
use crate::alerts::finding::Owner;

/// Every step, by what it is a step for.
pub struct Chain(HashMap<(Arc<str>, Owner), Vec<Arc<Issuing>>>);

impl Chain {
    /// Gathers them, newest last.
    pub fn new(cluster: &Cluster) -> Self {
        let mut by_owner: HashMap<_, Vec<Arc<Issuing>>> = HashMap::new();
        for source in &cluster.issuing {
            for step in source.read().objects() {
                if let Some(owner) = &step.controller {
                    let key = (Arc::clone(&step.namespace), owner.clone());
                    by_owner.entry(key).or_default().push(Arc::clone(step));
                }
            }
        }
        for steps in by_owner.values_mut() {
            steps.sort_by_key(|step| (step.created_at, Arc::clone(&step.uid)));
        }
        Self(by_owner)
    }

    /// The deepest step of the newest attempt that gives a reason.
    pub fn deepest(&self, namespace: &Arc<str>, owner: &Owner) -> Option<Arc<Issuing>> {
        let steps = self.0.get(&(Arc::clone(namespace), owner.clone()))?;
        // An order may have many challenges: those that are done say nothing.
        steps.iter().rev().find_map(|step| {
            let deeper = self.deepest(namespace, &step.owner);
            deeper.or_else(|| step.reason.is_some().then(|| Arc::clone(step)))
        })
    }
}

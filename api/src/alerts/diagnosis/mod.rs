//! Incidents that are known by name, so that an alert says what it is and what to do.

pub mod catalogue;
pub mod graphql;
mod page;

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

use self::catalogue::{ALL, Entry};
use crate::locale::Locale;

/// An incident that is known by name.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "DiagnosisKind")]
pub enum Diagnosis {
    /// A NodePort is taken.
    NodePortTaken,
    /// The liveness probe runs before the database is up.
    ProbeBeforeDatabase,
    /// The proxy answers HTML for the API.
    HtmlForApi,
    /// Argo CD cannot read the repository.
    RepositoryUnreadable,
    /// A resource is defined twice.
    DefinedTwice,
    /// The registry speaks plain http.
    HttpRegistry,
    /// The registry sends nodes to a token server they cannot reach.
    TokenRealmUnreachable,
    /// The image names a registry that only pods can find.
    ClusterRegistryName,
    /// A password hash is polluted.
    PollutedPasswordHash,
    /// The branch and its remote have diverged.
    GitNotFastForward,
    /// cert-manager cannot reach the site from inside (hairpin NAT).
    HairpinNat,
    /// The load balancer's address is localhost.
    LoadBalancerLocalhost,
    /// git does not know who you are.
    GitIdentityMissing,
    /// The registry sends nodes to a token server inside the cluster.
    TokenRealmInCluster,
}

impl Diagnosis {
    /// Its entry in the catalogue.
    pub fn entry(self) -> &'static Entry {
        &ALL[self as usize]
    }

    /// Number people use, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// Why, in a sentence or two.
    pub fn cause(self, locale: Locale) -> &'static str {
        let [en, ko] = self.entry().cause;
        locale.pick(en, ko)
    }

    /// What to do, step by step.
    pub fn remedy(self, locale: Locale) -> &'static [&'static str] {
        let [en, ko] = self.entry().remedy;
        locale.pick(en, ko)
    }
}

#[cfg(test)]
mod tests {
    use super::catalogue::ALL;

    #[test]
    fn entries_stand_in_the_order_of_their_numbers_and_are_complete() {
        for (place, entry) in ALL.iter().enumerate() {
            assert_eq!(entry.diagnosis as usize, place);
            let texts = entry.title.iter().chain(&entry.cause);
            let steps = entry.remedy.iter().flat_map(|steps| steps.iter());
            assert!(texts.chain(steps).all(|text| !text.is_empty()));
            assert_eq!(
                entry.remedy[0].len(),
                entry.remedy[1].len(),
                "{}",
                entry.slug
            );
            let is_korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
            assert!(is_korean(entry.title[1]) && is_korean(entry.cause[1]));
        }
    }
}

//! Known incidents in the schema.

use async_graphql::{Context, Object};

use super::{Diagnosis as Kind, catalogue::ALL};
use crate::{locale::Locale, viewer::ViewerExt};

/// An incident that is known by name, with its cause and its remedy.
pub struct Diagnosis(pub Kind);

/// An incident that is known by name, with its cause and its remedy.
#[Object]
impl Diagnosis {
    /// Which.
    async fn kind(&self) -> Kind {
        self.0
    }

    /// Number people use.
    async fn number(&self) -> i32 {
        i32::try_from(self.0.number()).unwrap_or(i32::MAX)
    }

    /// Name of its page, such as `hairpin-nat`.
    async fn slug(&self) -> &'static str {
        self.0.entry().slug
    }

    /// What one sees, verbatim.
    async fn symptom(&self) -> &'static str {
        self.0.entry().symptom
    }

    /// One line about it.
    async fn title(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> &'static str {
        let [en, ko] = self.0.entry().title;
        locale.pick(en, ko)
    }

    /// Why it happens.
    async fn cause(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> &'static str {
        self.0.cause(locale)
    }

    /// What to do, step by step.
    async fn remedy(
        &self,
        #[graphql(desc = "Language.", default_with = "Locale::En")] locale: Locale,
    ) -> Vec<&'static str> {
        self.0.remedy(locale).to_vec()
    }
}

/// Known incidents: queries.
#[derive(Default)]
pub struct DiagnosisQuery;

#[Object]
impl DiagnosisQuery {
    /// All incidents that are known by name, by number. They are the same in every installation.
    async fn diagnoses(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Diagnosis>> {
        ctx.viewer()?;
        Ok(ALL.iter().map(|entry| Diagnosis(entry.diagnosis)).collect())
    }
}

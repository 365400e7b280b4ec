//! What is made anew for each execution.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::{
    Data, Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use sea_orm::DatabaseConnection;

use crate::{
    alerts::loader::AlertLoaders,
    boards::loader::BoardLoaders,
    users::{access::loader::AccessLoaders, loader::UserLoader},
};

/// Tells whether an operation ran at all, or was refused before: the two are answered differently.
#[derive(Clone, Default)]
pub struct Executed(Arc<AtomicBool>);

impl Executed {
    /// True once the operation ran.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Gives each execution (each event, for subscriptions) its own loaders: their caches never forget.
pub(super) struct FreshLoaders(pub(super) DatabaseConnection);

impl ExtensionFactory for FreshLoaders {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self(self.0.clone()))
    }
}

#[async_trait::async_trait]
impl Extension for FreshLoaders {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(executed) = ctx.data_opt::<Executed>() {
            executed.0.store(true, Ordering::Relaxed);
        }
        let mut data = Data::default();
        data.insert(UserLoader::new(self.0.clone()));
        data.insert(BoardLoaders::new(&self.0));
        data.insert(AlertLoaders::new(&self.0));
        data.insert(AccessLoaders::new(&self.0));
        next.run_with_data(ctx, operation_name, data).await
    }
}

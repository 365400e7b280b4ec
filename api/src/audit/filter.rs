//! Which events somebody wants to see, the same for the API and for exports.

use chrono::{DateTime, Utc};
use entity::audit_event::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use uuid::Uuid;

use super::{Action, Outcome, text};

/// Most characters that are searched for.
const MAX_SEARCH: usize = 100;

/// What all events must be like; `None` and empty let everything through.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Any of these.
    pub actions: Vec<Action>,
    /// This one.
    pub outcome: Option<Outcome>,
    /// Done by this account.
    pub actor: Option<Uuid>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Part of the actor's, target's, detail's or address's text; case does not matter.
    pub search: String,
}

impl Filter {
    /// The events, in no order yet.
    pub fn select(&self) -> Select<Entity> {
        let mut all = Condition::all();
        if !self.actions.is_empty() {
            all = all.add(Column::Action.is_in(self.actions.iter().map(|a| text(*a))));
        }
        if let Some(outcome) = self.outcome {
            all = all.add(Column::Outcome.eq(text(outcome)));
        }
        if let Some(actor) = self.actor {
            all = all.add(Column::ActorId.eq(actor));
        }
        if let Some(since) = self.since {
            all = all.add(Column::At.gte(since));
        }
        if let Some(until) = self.until {
            all = all.add(Column::At.lt(until));
        }
        let search: String = self.search.trim().chars().take(MAX_SEARCH).collect();
        if !search.is_empty() {
            all = all.add(contains(&search));
        }
        Entity::find().filter(all)
    }
}

fn contains(search: &str) -> Condition {
    let mut pattern = String::from("%");
    for c in search.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    let columns = [
        Column::Actor,
        Column::Target,
        Column::Detail,
        Column::Address,
        Column::Token,
    ];
    columns.into_iter().fold(Condition::any(), |any, column| {
        let lower = Func::lower(Expr::col(column));
        any.add(Expr::expr(lower).like(LikeExpr::new(pattern.as_str()).escape('\\')))
    })
}

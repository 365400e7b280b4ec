//! Errors a user can put right, as data of a mutation's payload.

use async_graphql::SimpleObject;

use crate::error::{Error, ErrorCode, Result};

/// Something in the input that the user can put right.
#[derive(SimpleObject, Clone, Debug)]
pub struct UserError {
    /// What is wrong and what to do, in English; `code` and `path` are for programs.
    pub message: String,
    /// Kind of the error.
    pub code: ErrorCode,
    /// Where in the arguments it is, such as `["input", "title"]`.
    pub path: Option<Vec<String>>,
}

/// What a mutation came to: a value, or errors for the user. Everything else is a top-level error.
pub struct Outcome<T> {
    /// What the mutation made.
    pub value: Option<T>,
    /// Why it made nothing.
    pub errors: Vec<UserError>,
}

impl<T> Outcome<T> {
    /// Sorts a result: wrong input, conflicts and missing objects are the user's; the rest is a top-level error.
    ///
    /// # Errors
    /// Rights, limits and faults.
    pub fn of(result: Result<T>) -> Result<Self> {
        match result {
            Ok(value) => Ok(Self {
                value: Some(value),
                errors: Vec::new(),
            }),
            Err(e @ (Error::Invalid(..) | Error::Conflict(..) | Error::NotFound(_))) => Ok(Self {
                value: None,
                errors: vec![UserError {
                    message: e.message(),
                    code: e.code(),
                    path: e.path(),
                }],
            }),
            Err(other) => Err(other),
        }
    }
}

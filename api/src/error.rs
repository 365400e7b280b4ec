//! One error for the whole API, one code per kind. What is internal is logged here and never returned.
//!
//! There is deliberately no `Display`: async-graphql turns anything that has one into an error without a code.

use async_graphql::{Enum, ErrorExtensionValues};
use sea_orm::DbErr;

use crate::{locale::Text, telemetry, text};

/// The result of everything below a resolver.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in terms of what the caller may do about it.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in.
    Unauthenticated,
    /// A temporary password must be changed first.
    PasswordChangeRequired,
    /// The signed-in user may not do this; says what they would need.
    Forbidden(Text),
    /// No such thing, or none this viewer may see.
    NotFound(Text),
    /// An input is wrong: a sentence that says what to do, and the path of the field.
    Invalid(Text, Vec<String>),
    /// A cursor that this server did not make.
    BadCursor,
    /// Somebody else changed it first, or it exists already.
    Conflict(Text, Vec<String>),
    /// Too many tries; seconds to wait.
    RateLimited(u64),
    /// The query is larger than a limit; names the limit.
    TooComplex(String),
    /// A document id that this server does not know.
    UnknownDocument,
    /// A document that a browser made up, where only trusted ones are taken.
    TrustedDocumentsOnly,
    /// Something this depends on does not answer.
    Unavailable(Text),
    /// A fault of ours.
    Internal(anyhow::Error),
}

/// Kinds of errors, the same in `extensions.code` and in `UserError.code`.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// Sign in first.
    Unauthenticated,
    /// Change the temporary password first.
    PasswordChangeRequired,
    /// The password was right; send the second factor's code too.
    SecondFactorRequired,
    /// The signed-in user may not do this.
    Forbidden,
    /// No such thing, or none that you may see.
    NotFound,
    /// An input is wrong; the message says how to put it right.
    BadUserInput,
    /// The cursor is not one this server made; start again without it.
    BadCursor,
    /// Somebody else changed it first, or it exists already.
    Conflict,
    /// Too many tries; `retryAfter` says how many seconds to wait.
    RateLimited,
    /// The query is over a limit; the message names it.
    QueryTooComplex,
    /// `documentId` names no document of this server; a page that was loaded before an update must be loaded again.
    UnknownDocument,
    /// This server takes only the interface's own documents from browsers; use an API token.
    TrustedDocumentsOnly,
    /// Something this depends on does not answer; try again later.
    Unavailable,
    /// A fault of the server; give `requestId` to whoever runs it.
    Internal,
}

impl ErrorCode {
    /// The code as clients see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::PasswordChangeRequired => "PASSWORD_CHANGE_REQUIRED",
            Self::SecondFactorRequired => "SECOND_FACTOR_REQUIRED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::BadCursor => "BAD_CURSOR",
            Self::Conflict => "CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::UnknownDocument => "UNKNOWN_DOCUMENT",
            Self::TrustedDocumentsOnly => "TRUSTED_DOCUMENTS_ONLY",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

impl Error {
    /// A wrong input at one field.
    pub fn invalid(field: &str, message: Text) -> Self {
        Self::Invalid(message, vec!["input".into(), field.into()])
    }

    /// The kind of this error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthenticated => ErrorCode::Unauthenticated,
            Self::PasswordChangeRequired => ErrorCode::PasswordChangeRequired,
            Self::Forbidden(_) => ErrorCode::Forbidden,
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Invalid(..) => ErrorCode::BadUserInput,
            Self::BadCursor => ErrorCode::BadCursor,
            Self::Conflict(..) => ErrorCode::Conflict,
            Self::RateLimited(_) => ErrorCode::RateLimited,
            Self::TooComplex(_) => ErrorCode::QueryTooComplex,
            Self::UnknownDocument => ErrorCode::UnknownDocument,
            Self::TrustedDocumentsOnly => ErrorCode::TrustedDocumentsOnly,
            Self::Unavailable(_) => ErrorCode::Unavailable,
            Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// A sentence for the caller, in the language of the request; never carries internals.
    pub fn message(&self) -> String {
        self.text().told()
    }

    fn text(&self) -> Text {
        match self {
            Self::Unauthenticated => text!("Sign in first.", "먼저 로그인하세요."),
            Self::PasswordChangeRequired => text!(
                "Change your temporary password first: until then only changePassword and signOut work.",
                "임시 비밀번호를 먼저 바꾸세요. 그때까지는 changePassword와 signOut만 쓸 수 있습니다.",
            ),
            Self::Forbidden(text)
            | Self::NotFound(text)
            | Self::Invalid(text, _)
            | Self::Conflict(text, _)
            | Self::Unavailable(text) => text.clone(),
            Self::TooComplex(limit) => Text::as_is(limit.clone()),
            Self::BadCursor => text!(
                "This cursor was not made by this server, or by an older one: start again without it.",
                "이 서버가 만들지 않았거나 오래된 커서입니다. 커서 없이 다시 시작하세요.",
            ),
            Self::UnknownDocument => text!(
                "This server knows no document with this id. It may have been updated: load the page again, or send the document itself as query.",
                "이 서버에 이 id의 문서가 없습니다. 서버가 새 버전일 수 있으니 페이지를 새로 고치거나 문서를 query로 보내세요.",
            ),
            Self::TrustedDocumentsOnly => text!(
                "This server takes only the interface's own documents from browsers (PORTHOLE_TRUSTED_DOCUMENTS_ONLY). Ask with an API token instead.",
                "이 서버는 브라우저에서 화면 자체의 문서만 받습니다(PORTHOLE_TRUSTED_DOCUMENTS_ONLY). API 토큰으로 요청하세요.",
            ),
            Self::RateLimited(seconds) => text!(
                "Too many tries: wait {seconds} s and try again.",
                "시도가 너무 많습니다. {seconds}초 뒤에 다시 시도하세요.",
            ),
            Self::Internal(_) => text!(
                "The server met an error of its own. Give the request id to whoever runs it.",
                "서버 오류입니다. 요청 번호를 서버 관리자에게 알려 주세요.",
            ),
        }
    }

    /// For callers outside GraphQL, such as the command line.
    pub fn into_anyhow(self) -> anyhow::Error {
        match self {
            Self::Internal(cause) => cause,
            other => anyhow::Error::msg(other.message()),
        }
    }

    /// Where in the input the error is, if it is there.
    pub fn path(&self) -> Option<Vec<String>> {
        match self {
            Self::Invalid(_, path) | Self::Conflict(_, path) if !path.is_empty() => {
                Some(path.clone())
            }
            _ => None,
        }
    }
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        telemetry::error(error.code().as_str());
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", error.code().as_str());
        match &error {
            Error::RateLimited(seconds) => extensions.set("retryAfter", *seconds),
            Error::Internal(cause) => {
                let id = crate::viewer::request_id();
                tracing::error!(
                    request_id = id,
                    error = format!("{cause:#}"),
                    "internal error"
                );
                extensions.set("requestId", id);
            }
            Error::Unavailable(_) => extensions.set("requestId", crate::viewer::request_id()),
            _ => {}
        }
        let mut out = Self::new(error.message());
        out.extensions = Some(extensions);
        out
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
                tracing::error!(error = %error, "the database does not answer");
                Self::Unavailable(text!(
                    "The database does not answer. Try again in a moment.",
                    "데이터베이스가 응답하지 않습니다. 잠시 뒤에 다시 시도하세요.",
                ))
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<std::sync::Arc<DbErr>> for Error {
    fn from(error: std::sync::Arc<DbErr>) -> Self {
        Self::Internal(anyhow::Error::msg(error.to_string()))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

/// The innermost cause of an error: what people can act on. The outer ones only say that a request failed, or repeat it.
pub fn cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

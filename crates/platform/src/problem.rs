//! Problems as answers: `application/problem+json` (RFC 9457), from one place.
//!
//! Handlers return [`ApiError`]. What the caller may know is in its [`Problem`]; the cause of what broke
//! on our side goes to the log, never into the answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use domain::problem::{Code, FieldError, Problem};

use crate::observe::current_trace_id;

/// The answer of a handler that has none.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct ApiError {
    problem: Problem,
    #[source]
    cause: Option<anyhow::Error>,
}

/// What a handler returns.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// A problem of this kind with what happened this time.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Problem::new(code, detail).into()
    }

    /// Something broke on our side: 500, and the cause goes to the log.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let detail = "The request could not be completed. The trace id leads to the cause in the log.";
        Self { problem: Problem::new(Code::Internal, detail), cause: Some(cause.into()) }
    }

    /// Something needed is away: 503, and the cause goes to the log.
    pub fn unavailable(what: &str, cause: impl Into<anyhow::Error>) -> Self {
        Self { problem: Problem::unavailable(what), cause: Some(cause.into()) }
    }

    /// One part of the body is wrong: 422.
    pub fn field(pointer: &str, detail: impl Into<String>) -> Self {
        Problem::validation(vec![FieldError::new(pointer, detail)]).into()
    }

    /// The problem that the caller sees.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Says in the log what broke, once, where the answer is made.
    fn log(&self) {
        let Some(cause) = &self.cause else { return };
        if self.problem.code == Code::Internal {
            tracing::error!(error = format!("{cause:#}"), "request failed");
        } else {
            tracing::warn!(error = format!("{cause:#}"), problem = self.problem.code.slug(), "request refused");
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { problem, cause: None }
    }
}

impl From<Vec<FieldError>> for ApiError {
    fn from(errors: Vec<FieldError>) -> Self {
        Problem::validation(errors).into()
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        respond(self.problem.clone())
    }
}

/// The problem as a response, with the headers that belong to it.
#[must_use]
pub fn respond(problem: Problem) -> HttpResponse {
    let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponseBuilder::new(status);
    response.insert_header(("content-type", "application/problem+json"));
    if let Some(seconds) = problem.retry_after_s {
        response.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if problem.code == Code::Unauthenticated {
        response.insert_header((WWW_AUTHENTICATE, r#"Bearer realm="taskhub""#));
    }
    let document = problem.document(current_trace_id());
    match serde_json::to_vec(&document) {
        Ok(body) => response.body(body),
        Err(_) => response.content_type(ContentType::plaintext()).finish(),
    }
}

//! Problems as answers: `application/problem+json` (RFC 9457), from one place.
//!
//! Handlers return [`ApiError`]. What the caller may know is in its [`Problem`]; the cause of what broke
//! on our side goes to the log, never into the answer.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use domain::problem::{Code, FieldError, Problem};

use crate::observe::{current_trace_id, is_safe_to_repeat};

/// The answer of a handler that has none.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct ApiError {
    problem: Problem,
    /// Whether there was a bearer token, which isn't good.
    invalid_token: bool,
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
        Self { problem: Problem::new(Code::Internal, detail), invalid_token: false, cause: Some(cause.into()) }
    }

    /// The bearer token isn't good: 401, with the error code of RFC 6750.
    pub fn invalid_token(detail: impl Into<String>) -> Self {
        Self { problem: Problem::new(Code::Unauthenticated, detail), invalid_token: true, cause: None }
    }

    /// Something needed is away: 503, and the cause goes to the log.
    pub fn unavailable(what: &str, cause: impl Into<anyhow::Error>) -> Self {
        Self { problem: Problem::unavailable(what), invalid_token: false, cause: Some(cause.into()) }
    }

    /// A write was sent, and nothing tells whether it was done: 503, and the cause goes to the log.
    pub fn outcome_unknown(what: &str, cause: impl Into<anyhow::Error>) -> Self {
        Self { problem: Problem::outcome_unknown(what), invalid_token: false, cause: Some(cause.into()) }
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
        Self { problem, invalid_token: false, cause: None }
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
        let mut problem = self.problem.clone();
        if problem.code == Code::OutcomeUnknown && is_safe_to_repeat() {
            problem = problem.retry_after(1);
        }
        let mut response = respond(problem);
        if self.invalid_token {
            let challenge = HeaderValue::from_static(r#"Bearer realm="taskhub", error="invalid_token""#);
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The most of what a caller sent that is repeated to them, in characters from each end.
const ECHO_CHARS: usize = 200;

/// A text that may hold what the caller sent, without its middle if it is long.
#[must_use]
pub fn shortened(text: &str) -> Cow<'_, str> {
    let (start, end) = (text.char_indices().nth(ECHO_CHARS), text.char_indices().nth_back(ECHO_CHARS));
    match (start, end) {
        (Some((start, _)), Some((end, _))) if start < end => {
            let cut = text.split_at_checked(start).zip(text.split_at_checked(end));
            cut.map_or(Cow::Borrowed(text), |((head, _), (_, tail))| Cow::Owned(format!("{head} … {tail}")))
        }
        _ => Cow::Borrowed(text),
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
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, r#"Bearer realm="taskhub""#));
    }
    let document = problem.document(current_trace_id());
    match serde_json::to_vec(&document) {
        Ok(body) => response.body(body),
        Err(_) => response.content_type(ContentType::plaintext()).finish(),
    }
}

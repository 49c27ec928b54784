//! What can go wrong with a request, as the caller sees it: RFC 9457 problem details.
//!
//! One table from code to status and title; every service answers from it, so that a caller can rely
//! on `type` alone.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal $slug:literal $title:literal;)*) => {
        /// The kinds of problem, each with its HTTP status, `type` and title.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The last segment of `type`: stable, for programs.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The short text for people; it doesn't change from one occurrence to the next.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The whole `type`: `urn:taskhub:problem:<slug>`.
            #[must_use]
            pub const fn type_uri(self) -> &'static str {
                match self { $(Self::$name => concat!("urn:taskhub:problem:", $slug),)* }
            }
        }
    };
}

codes! {
    /// The request as such can't be read: a header, a path or a query value is wrong.
    BadRequest = 400 "bad-request" "The request can't be understood";
    /// The body isn't JSON.
    MalformedJson = 400 "malformed-json" "The body is not valid JSON";
    /// A page cursor wasn't made by this API, or for another list.
    BadCursor = 400 "bad-cursor" "The cursor is not valid";
    /// There is no valid bearer token.
    Unauthenticated = 401 "unauthenticated" "Authentication is needed";
    /// Email and password don't match an account.
    BadCredentials = 401 "bad-credentials" "Email or password is wrong";
    /// The caller is known but may not do this.
    Forbidden = 403 "forbidden" "You may not do this";
    /// It doesn't exist, or not for this caller.
    NotFound = 404 "not-found" "Not found";
    /// The path exists, but not with this method.
    MethodNotAllowed = 405 "method-not-allowed" "The method is not allowed here";
    /// The body or the headers took too long to arrive.
    RequestTimeout = 408 "request-timeout" "The request took too long to arrive";
    /// It clashes with what is there.
    Conflict = 409 "conflict" "It conflicts with what is there";
    /// The same `Idempotency-Key` came with another request.
    IdempotencyMismatch = 409 "idempotency-mismatch" "The Idempotency-Key was used for another request";
    /// An invitation that was used, revoked or has expired.
    Gone = 410 "gone" "It is no longer available";
    /// A position in a team's log that the log doesn't have, since the database was restored.
    LogReset = 410 "log-reset" "The log begins anew; read everything again";
    /// `If-Match` names a version that has been replaced.
    PreconditionFailed = 412 "precondition-failed" "It has been changed since";
    /// The body is larger than allowed.
    PayloadTooLarge = 413 "payload-too-large" "The body is too large";
    /// The path and query are longer than allowed.
    UriTooLong = 414 "uri-too-long" "The address is too long";
    /// The body is of a type that isn't taken.
    UnsupportedMediaType = 415 "unsupported-media-type" "The media type is not supported";
    /// The body is JSON, but not what is wanted; `errors` says where.
    Validation = 422 "validation" "The body is not valid";
    /// The caller sends too much.
    TooManyRequests = 429 "too-many-requests" "Too many requests";
    /// The headers are larger than allowed.
    HeadersTooLarge = 431 "headers-too-large" "The headers are too large";
    /// We broke; the cause is in the log under the trace id.
    Internal = 500 "internal" "Something went wrong on our side";
    /// The body comes in a transfer coding that isn't known here.
    NotImplemented = 501 "not-implemented" "It is not supported here";
    /// A service behind the gateway answered something that isn't HTTP.
    BadGateway = 502 "bad-gateway" "A service answered wrongly";
    /// A write was sent, and no answer tells whether it was done.
    OutcomeUnknown = 503 "outcome-unknown" "It may or may not have been done";
    /// Something that is needed can't be reached right now; nothing was done.
    Unavailable = 503 "unavailable" "Not available right now";
    /// More requests are under way than can be served in time.
    Overloaded = 503 "overloaded" "Too busy right now";
    /// A service behind the gateway didn't answer in time.
    GatewayTimeout = 504 "gateway-timeout" "A service did not answer in time";
}

/// What is wrong with one part of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the body; empty for the whole of it.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl FieldError {
    /// `pointer` as RFC 6901 writes it, for example `/assignees/0`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// A problem as the code that finds it states it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", .code.slug())]
pub struct Problem {
    /// Which kind of problem.
    pub code: Code,
    /// What happened this time, for the caller to read: no SQL, no path, no stack.
    pub detail: String,
    /// For [`Code::Validation`]: each part that is wrong.
    pub errors: Vec<FieldError>,
    /// Seconds after which another try makes sense; goes into `Retry-After`.
    pub retry_after_s: Option<u32>,
}

impl Problem {
    /// A problem of this kind with what happened this time.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), retry_after_s: None }
    }

    /// A body that doesn't validate.
    #[must_use]
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] if one.pointer.is_empty() => one.detail.clone(),
            [one] => format!("{}: {}", one.pointer, one.detail),
            many => format!("{} fields are not valid", many.len()),
        };
        Self { code: Code::Validation, detail, errors, retry_after_s: None }
    }

    /// The same for what doesn't exist and for what the caller may not know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing here, or not for you.")
    }

    /// Something needed is away; `what` is a name such as `database`.
    #[must_use]
    pub fn unavailable(what: &str) -> Self {
        Self::new(
            Code::Unavailable,
            format!("The {what} can't be reached right now; nothing was changed. Try again shortly."),
        )
        .retry_after(1)
    }

    /// A write was sent to `what`, such as `database`, and it can't be told whether it was done. It has no
    /// `Retry-After`: only who knows the request can tell whether sending it again is safe.
    #[must_use]
    pub fn outcome_unknown(what: &str) -> Self {
        Self::new(
            Code::OutcomeUnknown,
            format!(
                "The {what} didn't answer, so the change may or may not have been made. Read what there is now before \
                 you send it again, or send it with the same Idempotency-Key or If-Match."
            ),
        )
    }

    /// The same problem with a `Retry-After`, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The document that goes over the wire.
    #[must_use]
    pub fn document(self, trace_id: Option<String>) -> ProblemDocument {
        ProblemDocument {
            r#type: self.code.type_uri().into(),
            title: self.code.title().into(),
            status: self.code.status(),
            detail: self.detail,
            trace_id,
            errors: self.errors,
        }
    }
}

/// `application/problem+json` (RFC 9457), with our extension members `trace_id` and `errors`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Problem))]
pub struct ProblemDocument {
    /// Which kind of problem, as a URN.
    pub r#type: String,
    /// The kind, for people.
    pub title: String,
    /// The HTTP status, again.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// The trace to look for in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, required = false))]
    pub trace_id: Option<String>,
    /// Each part of the body that is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(required = false))]
    pub errors: Vec<FieldError>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_an_error_status_with_a_slug_of_its_own() {
        let mut slugs: Vec<_> = Code::ALL.iter().map(|c| c.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Code::ALL.len());
        assert!(Code::ALL.iter().all(|c| (400..600).contains(&c.status())));
    }

    #[test]
    fn one_wrong_field_is_named_in_the_detail() {
        let problem = Problem::validation(vec![FieldError::new("/title", "must not be blank")]);
        assert_eq!(problem.detail, "/title: must not be blank");
        assert_eq!(problem.code.status(), 422);
    }
}

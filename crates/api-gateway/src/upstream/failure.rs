//! What can go wrong between the gateway and a service, as the caller is told.

use std::io;

use actix_http::error::ParseError;
use domain::problem::{Code, Problem};
use platform::ApiError;

use super::Outcome;

/// Why there is no answer to pass on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("too many requests under way")]
    Overloaded,
    #[error("can't connect: {0}")]
    Refused(io::Error),
    /// `began` tells whether a part of an answer had come, `sent` whether the whole request had gone.
    #[error("the connection broke: {cause}")]
    Broken { began: bool, sent: bool, cause: io::Error },
    #[error("the answer isn't HTTP: {0}")]
    NotHttp(ParseError),
    /// `sent` tells whether the whole request had gone.
    #[error("no answer in time")]
    Late { sent: bool },
}

impl Failure {
    /// Its label in the metrics.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Overloaded | Self::Refused(_) => Outcome::Refused,
            Self::Broken { .. } | Self::NotHttp(_) => Outcome::Broken,
            Self::Late { .. } => Outcome::Timeout,
        }
    }

    /// Whether the service may have done what the request asks for.
    fn may_be_done(&self) -> bool {
        match self {
            Self::Broken { sent, .. } | Self::Late { sent } => *sent,
            Self::NotHttp(_) => true,
            Self::Overloaded | Self::Refused(_) => false,
        }
    }

    /// The problem that the caller gets; the cause goes to the log. `reads` tells whether the request changes nothing.
    pub(crate) fn answer(self, service: &'static str, reads: bool) -> ApiError {
        if !reads && self.may_be_done() {
            return ApiError::outcome_unknown(service, self);
        }
        let (code, detail) = match self {
            Self::Refused(cause) => return ApiError::unavailable(service, cause),
            Self::Broken { .. } | Self::Late { .. } if !reads => return ApiError::unavailable(service, self),
            Self::Overloaded => {
                let problem = Problem::new(Code::Overloaded, format!("Too many requests wait for the {service}."));
                return problem.retry_after(1).into();
            }
            Self::Broken { ref cause, .. } => {
                tracing::warn!(service, error = %cause, "the connection to a service broke");
                (Code::BadGateway, format!("The {service} broke off before it had answered. Try again shortly."))
            }
            Self::NotHttp(ref cause) => {
                tracing::error!(service, error = %cause, "a service answered something that isn't HTTP");
                (Code::BadGateway, format!("The {service} answered something that can't be read. Try again shortly."))
            }
            Self::Late { .. } => {
                tracing::warn!(service, "a service did not answer in time");
                (Code::GatewayTimeout, format!("The {service} did not answer in time. Try again shortly."))
            }
        };
        ApiError::new(code, detail)
    }
}

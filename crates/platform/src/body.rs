//! Reading what a request carries: JSON bodies, query strings and path segments, each with a clear
//! problem for what is wrong and nothing passed over in silence.

use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest};
use domain::problem::{Code, FieldError, Problem};
use domain::validation::Validate;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;

use crate::problem::{ApiError, ApiResult};

/// Largest body a service takes, in bytes, where the app doesn't say otherwise.
pub const DEFAULT_BODY_LIMIT: usize = 1 << 20;

/// The app's limit of a request body, in bytes; put into the app's data.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimit(pub usize);

/// The raw bytes of a JSON body, within the limit.
#[derive(Debug)]
pub struct JsonBytes(pub bytes::Bytes);

impl FromRequest for JsonBytes {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let checked = check_headers(req);
        let mut payload = payload.take();
        async move {
            let limit = checked?;
            let mut body = bytes::BytesMut::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|e| payload_error(&e))?;
                if body.len() + chunk.len() > limit {
                    return Err(too_large(limit));
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Self(body.freeze()))
        }
        .boxed_local()
    }
}

/// The media type and the announced length, before a byte of the body is read.
fn check_headers(req: &HttpRequest) -> ApiResult<usize> {
    let limit = req.app_data::<BodyLimit>().map_or(DEFAULT_BODY_LIMIT, |l| l.0);
    let media_type = req.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(essence.as_str(), "application/json" | "application/merge-patch+json") {
        return Err(ApiError::new(Code::UnsupportedMediaType, "Send the body with `Content-Type: application/json`."));
    }
    let announced = req.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    if announced.is_some_and(|length: usize| length > limit) {
        return Err(too_large(limit));
    }
    Ok(limit)
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(Code::PayloadTooLarge, format!("A body may have at most {limit} bytes."))
}

fn payload_error(error: &actix_web::error::PayloadError) -> ApiError {
    ApiError::new(Code::BadRequest, format!("The body did not arrive whole: {error}."))
}

/// A JSON body that is valid: 400 when it isn't JSON, 422 with a pointer when it isn't what is wanted.
#[derive(Debug)]
pub struct Body<T: Validate>(pub T::Valid);

impl<T> FromRequest for Body<T>
where
    T: Validate + DeserializeOwned + 'static,
{
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = JsonBytes::from_request(req, payload);
        async move { parse::<T>(&bytes.await?.0).map(Self) }.boxed_local()
    }
}

/// Reads and validates a JSON text.
///
/// # Errors
/// 400 when it isn't JSON, 422 with a pointer to each part that isn't what is wanted.
pub fn parse<T: Validate + DeserializeOwned>(text: &[u8]) -> ApiResult<T::Valid> {
    // serde would take an array for an object, its fields in order: nobody means that.
    if text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') && is_json(text) {
        return Err(ApiError::field("", "must be a JSON object"));
    }
    let body: T = match serde_json::from_slice(text) {
        Ok(body) => body,
        // The path to what is wrong costs time, so it is looked for only when something is.
        Err(error) => return Err(explain::<T>(text, &error)),
    };
    body.validate().map_err(ApiError::from)
}

fn explain<T: DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> ApiError {
    if error.is_syntax() || error.is_eof() || !is_json(text) {
        return ApiError::new(Code::MalformedJson, format!("{error}."));
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    let (pointer, detail) = match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Ok(_) => (String::new(), error.to_string()),
        Err(at) => (pointer(at.path()), at.inner().to_string()),
    };
    // "… at line 1 column 7" helps where JSON is malformed; here the pointer says it better.
    let detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
    Problem::validation(vec![FieldError { pointer, detail }]).into()
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

/// JSON Pointer (RFC 6901) of a place in a body.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// The query string; the type must refuse unknown fields. 400 names what is wrong.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = std::future::Ready<ApiResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(
            serde_urlencoded::from_str(req.query_string())
                .map(Self)
                .map_err(|e| ApiError::new(Code::BadRequest, format!("query: {e}"))),
        )
    }
}

/// One segment of the path as what it stands for.
///
/// # Errors
/// 400 that says what the segment should be.
pub fn segment<T>(req: &HttpRequest, name: &'static str) -> ApiResult<T>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    let text = req.match_info().get(name).unwrap_or_default();
    text.parse().map_err(|e: T::Err| ApiError::new(Code::BadRequest, format!("{{{name}}} in the path: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[allow(dead_code, reason = "only parsed")]
        items: Vec<u8>,
    }

    impl Validate for Order {
        type Valid = Self;
        fn validate(self) -> Result<Self, Vec<FieldError>> {
            Ok(self)
        }
    }

    fn problem(text: &str) -> Problem {
        parse::<Order>(text.as_bytes()).unwrap_err().problem().clone()
    }

    #[test]
    fn what_is_not_json_is_400() {
        for text in ["", "{", "{\"items\": [1,]}", "nope", "{\"items\": [1]} {}", "\u{0}"] {
            assert_eq!(problem(text).code, Code::MalformedJson, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_wanted_is_422_and_says_where() {
        for (text, pointer, says) in [
            (r#"{"items": [1, "two"]}"#, "/items/1", "invalid type: string"),
            (r#"{"items": [1], "colour": 1}"#, "/colour", "unknown field `colour`"),
            (r#"{}"#, "", "missing field `items`"),
            (r#"[[1]]"#, "", "must be a JSON object"),
            (r#"7"#, "", "invalid type"),
        ] {
            let problem = problem(text);
            assert_eq!(problem.code, Code::Validation, "{text}");
            assert_eq!(problem.errors[0].pointer, pointer, "{text}");
            assert!(problem.errors[0].detail.contains(says), "{problem:?}");
        }
    }
}

//! Reading what a request carries: JSON bodies, query strings and path segments, each with a clear
//! problem for what is wrong and nothing passed over in silence.

use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest};
use domain::problem::{Code, FieldError, Problem};
use domain::validation::Validate;
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::observe::want_body;
use crate::problem::{ApiError, ApiResult, shortened};

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
        if checked.is_ok() {
            want_body(req);
        }
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
    let unsupported = |detail| Err(ApiError::new(Code::UnsupportedMediaType, detail));
    let text = |name| req.headers().get(name).map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    let media_type = text(CONTENT_TYPE).unwrap_or_default();
    let mut parts = media_type.split(';').map(str::trim);
    if !matches!(parts.next(), Some("application/json" | "application/merge-patch+json")) {
        return unsupported("Send the body with `Content-Type: application/json`.");
    }
    if parts.filter_map(|part| part.strip_prefix("charset=")).any(|charset| charset.trim_matches('"') != "utf-8") {
        return unsupported("JSON is UTF-8 (RFC 8259); send the body so, with no `charset` or this one.");
    }
    if text(CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return unsupported("Send the body without `Content-Encoding`.");
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
    if text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') && check_json(text).is_ok() {
        return Err(ApiError::field("", "must be a JSON object"));
    }
    let body: T = match serde_json::from_slice(text) {
        Ok(body) => body,
        // The path to what is wrong costs time, so it is looked for only when something is.
        Err(error) => return Err(explain::<T>(text, &error)),
    };
    body.validate().map_err(ApiError::from)
}

/// The most members that are named as wrong.
const MOST_ERRORS: usize = 20;

fn explain<T: Validate + DeserializeOwned>(text: &[u8], error: &serde_json::Error) -> ApiError {
    let malformed = |said: &str| ApiError::new(Code::MalformedJson, shortened(&format!("{said}.")));
    if error.is_syntax() || error.is_eof() {
        return malformed(&error.to_string());
    }
    // serde stops where a member is wrong, and looks only for the end of one that isn't known.
    if let Err(said) = check_json(text) {
        return malformed(&said);
    }
    let first =
        match wrong_part(serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(text))) {
            Ok(_) => FieldError::new("", sentence(&error.to_string())),
            Err(wrong) => wrong,
        };
    let mut errors = vec![first];
    // serde stops at the first member that is wrong, so it reads on without that.
    let mut body: Value = serde_json::from_slice(text).unwrap_or_default();
    let mut without = Vec::new();
    while errors.len() < MOST_ERRORS
        && let Some(name) = errors.last().and_then(|wrong| member_of(&wrong.pointer))
        && body.as_object_mut().and_then(|members| members.remove(&name)).is_some()
    {
        without.push(format!("missing field `{name}`"));
        match wrong_part(serde_path_to_error::deserialize::<_, T>(&body)) {
            Ok(body) => {
                errors.extend(body.validate().err().unwrap_or_default());
                break;
            }
            // It was there.
            Err(wrong) if without.contains(&wrong.detail) => break,
            Err(wrong) => errors.push(wrong),
        }
    }
    for error in &mut errors {
        error.pointer = shortened(&error.pointer).into_owned();
    }
    Problem::validation(errors).into()
}

/// What was read, or what is wrong and where.
fn wrong_part<T>(read: Result<T, serde_path_to_error::Error<serde_json::Error>>) -> Result<T, FieldError> {
    read.map_err(|wrong| FieldError { pointer: pointer(wrong.path()), detail: sentence(&wrong.inner().to_string()) })
}

/// The name of the body's member that a pointer leads into.
fn member_of(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix('/')?.split('/').next()?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// What serde says, in the terms of JSON rather than of Rust.
fn sentence(said: &str) -> String {
    // "… at line 1 column 7" helps where JSON is malformed; here the pointer says it better.
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let Some((found, expected)) = said.rsplit_once(", expected ") else { return shortened(said).into_owned() };
    let expected = match expected.split(' ').next().unwrap_or_default() {
        "struct" | "map" => "an object",
        "sequence" | "tuple" => "a list",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "enum" | "variant" => "one of its names",
        "a" if expected == "a sequence" => "a list",
        _ => expected,
    };
    format!("{}, expected {expected}", shortened(found))
}

/// What is wrong with a text that isn't JSON.
fn check_json(text: &[u8]) -> Result<(), String> {
    let text = str::from_utf8(text).map_err(|error| error.to_string())?;
    serde_json::from_str::<serde::de::IgnoredAny>(text).map(drop).map_err(|error| error.to_string())
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
        let pairs = url::form_urlencoded::parse(req.query_string().as_bytes());
        let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
        std::future::ready(read.map(Self).map_err(|wrong| {
            let (name, said) = (wrong.path().to_string(), sentence(&wrong.inner().to_string()));
            // An error of the whole has no path; it names the parameter itself.
            let place = if name == "." { String::new() } else { format!(" `{}`", shortened(&name)) };
            ApiError::new(Code::BadRequest, format!("query{place}: {said}"))
        }))
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
        let unknown = parse::<Order>(b"{\"items\": [1], \"colour\": \"\xff\"}").unwrap_err();
        assert_eq!(unknown.problem().code, Code::MalformedJson);
        let wrong_type_first = problem(r#"{"items": {"a": 1,}}"#);
        assert!(wrong_type_first.detail.contains("key must be a string"), "{wrong_type_first:?}");
    }

    #[test]
    fn what_is_not_wanted_is_422_and_says_where() {
        for (text, pointer, says) in [
            (r#"{"items": [1, "two"]}"#, "/items/1", "invalid type: string"),
            (r#"{"items": [1], "colour": 1}"#, "/colour", "unknown field `colour`"),
            (r#"{}"#, "", "missing field `items`"),
            (r#"[[1]]"#, "", "must be a JSON object"),
            (r#"7"#, "", "expected an object"),
            (r#"{"items": 7}"#, "/items", "expected a list"),
            (r#"{"items": [-1]}"#, "/items/0", "expected a whole number"),
        ] {
            let problem = problem(text);
            assert_eq!(problem.code, Code::Validation, "{text}");
            assert_eq!(problem.errors[0].pointer, pointer, "{text}");
            assert!(problem.errors[0].detail.contains(says), "{problem:?}");
            assert!(!problem.errors[0].detail.contains("Order"), "{problem:?}");
        }
    }

    #[test]
    fn every_wrong_member_is_named_once() {
        let wrong = problem(r#"{"a/b": 1, "items": ["x"], "colour": 1, "~": 2}"#);
        let mut pointers: Vec<_> = wrong.errors.iter().map(|error| error.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/a~1b", "/colour", "/items/0", "/~0"]);
        let missing = problem(r#"{"colour": 1}"#);
        let details: Vec<_> = missing.errors.iter().map(|error| error.detail.as_str()).collect();
        assert_eq!(details, ["unknown field `colour`, expected `items`", "missing field `items`"]);
        let many: String = (0..1000).map(|n| format!("\"k{n}\": 1,")).collect();
        assert_eq!(problem(&format!("{{{many} \"items\": []}}")).errors.len(), MOST_ERRORS);
    }

    #[test]
    fn what_is_echoed_is_cut() {
        let long = "\u{1}é".repeat(500_000);
        for body in [serde_json::json!({long.clone(): 1}), serde_json::json!({"items": [long]})] {
            let wrong = problem(&body.to_string());
            let size = serde_json::to_vec(&wrong.document(None)).unwrap().len();
            assert!(size < 10_000, "{size}");
        }
    }
}

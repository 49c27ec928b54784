//! Preconditions: `If-Match` and `If-None-Match` (RFC 9110, sections 13.1.1 and 13.1.2).
//!
//! Our tags name versions, not bytes, and a proxy that compresses an answer makes its tag weak. So tags are compared
//! weakly, also in `If-Match`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};
use domain::problem::Code;

use crate::problem::{ApiError, ApiResult};

/// What a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: anything that exists.
    Any,
    /// The opaque parts of these tags, without quotes.
    Listed(Vec<Vec<u8>>),
}

impl Tags {
    fn have(&self, tag: &str) -> bool {
        let opaque = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').as_bytes();
        match self {
            Self::Any => true,
            Self::Listed(tags) => tags.iter().any(|tag| tag == opaque),
        }
    }
}

/// `If-Match` of a request; without one, every version is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Option<Tags>);

impl IfMatch {
    /// The condition of a request.
    ///
    /// # Errors
    /// 400 when the header is malformed.
    pub fn of(headers: &HeaderMap) -> ApiResult<Self> {
        condition(headers, &IF_MATCH).map(Self)
    }

    /// The versions that are right, as SQL takes them; `None` when all are. A tag that isn't a version is never right.
    #[must_use]
    pub fn versions(&self) -> Option<Vec<i64>> {
        match &self.0 {
            None | Some(Tags::Any) => None,
            Some(Tags::Listed(tags)) => Some(tags.iter().filter_map(|tag| version(tag)).collect()),
        }
    }

    /// Whether what this tag stands for is right.
    #[must_use]
    pub fn allows(&self, tag: &str) -> bool {
        self.0.as_ref().is_none_or(|tags| tags.have(tag))
    }
}

/// `If-None-Match` of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfNoneMatch(Option<Tags>);

impl IfNoneMatch {
    /// The condition of a request.
    ///
    /// # Errors
    /// 400 when the header is malformed.
    pub fn of(headers: &HeaderMap) -> ApiResult<Self> {
        condition(headers, &IF_NONE_MATCH).map(Self)
    }

    /// Whether there is one at all.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the caller already has what this tag stands for.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        self.0.as_ref().is_some_and(|tags| tags.have(tag))
    }
}

/// The version that this is the tag of, if it is one, written as we write it.
fn version(opaque: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(opaque).ok()?;
    text.parse::<i64>().ok().filter(|version| version.to_string() == text)
}

/// The condition in a header that may be repeated, in which case its lines count as one list.
fn condition(headers: &HeaderMap, name: &HeaderName) -> ApiResult<Option<Tags>> {
    let mut found: Option<Tags> = None;
    for value in headers.get_all(name) {
        let line = parse(value.as_bytes()).ok_or_else(|| malformed(name))?;
        found = Some(match (found, line) {
            (None, line) => line,
            (Some(Tags::Listed(mut all)), Tags::Listed(more)) => {
                all.extend(more);
                Tags::Listed(all)
            }
            _ => return Err(malformed(name)),
        });
    }
    match found {
        Some(Tags::Listed(tags)) if tags.is_empty() => Err(malformed(name)),
        found => Ok(found),
    }
}

fn malformed(name: &HeaderName) -> ApiError {
    let header = title(name);
    ApiError::new(Code::BadRequest, format!("{header} must be `*` or a list of tags in quotes, for example \"3\"."))
}

/// The header's name as people write it.
pub(crate) fn title(name: &HeaderName) -> &'static str {
    if name == IF_MATCH { "If-Match" } else { "If-None-Match" }
}

/// `*` or a list of `[W/]"opaque"`, of which elements may be empty (RFC 9110, section 5.6.1); `None` for anything else.
fn parse(value: &[u8]) -> Option<Tags> {
    let mut rest = value.trim_ascii();
    if rest == b"*" {
        return Some(Tags::Any);
    }
    let mut tags = Vec::with_capacity(1);
    loop {
        rest = rest.trim_ascii_start();
        if !matches!(rest, [] | [b',', ..]) {
            let quoted = rest.strip_prefix(b"W/").unwrap_or(rest).strip_prefix(b"\"")?;
            let end = quoted.iter().position(|byte| *byte == b'"')?;
            let (opaque, behind) = quoted.split_at_checked(end)?;
            if opaque.iter().any(|byte| byte.is_ascii_control() || *byte == b' ') {
                return None;
            }
            tags.push(opaque.to_vec());
            rest = behind.strip_prefix(b"\"")?.trim_ascii_start();
        }
        if rest.is_empty() {
            return Some(Tags::Listed(tags));
        }
        rest = rest.strip_prefix(b",")?;
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req.headers()))
    }
}

impl FromRequest for IfNoneMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(req.headers()))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn if_match(text: &str) -> Option<Vec<i64>> {
        IfMatch(parse(text.as_bytes())).versions()
    }

    #[test]
    fn if_match_takes_our_tags_strong_or_weak_and_nothing_else() {
        assert_eq!(if_match("\"3\""), Some(vec![3]));
        assert_eq!(if_match("\"3\", \"4\" ,\"x\",W/\"5\""), Some(vec![3, 4, 5]));
        assert_eq!(if_match("\"03\", \"+3\", \"\""), Some(vec![]));
        assert_eq!(if_match(" * "), None);
        assert_eq!(IfMatch(None).versions(), None);
    }

    #[test]
    fn empty_elements_are_passed_over() {
        for list in ["\"3\",", ",\"3\"", " , ,\"3\" ,, ", "\"3\",\t,"] {
            assert_eq!(if_match(list), Some(vec![3]), "{list:?}");
        }
    }

    #[test]
    fn if_none_match_compares_weakly() {
        let has = |text: &str, tag: &str| IfNoneMatch(parse(text.as_bytes())).has(tag);
        assert!(
            has("W/\"3\"", "\"3\"") && has("\"3\"", "W/\"3\"") && has("\"1\", \"3\"", "\"3\"") && has("*", "\"3\"")
        );
        assert!(!has("\"2\"", "\"3\"") && !IfNoneMatch(None).has("\"3\""));
        assert!(has("\"a,b\", \"3\"", "\"3\"") && !has("\"a,b\"", "\"b\""));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for bad in ["3", "\"3", "3\"", "\"3\" \"4\"", "w/\"3\"", "W/3", "*, \"3\"", "*,", "\"a b\"", "\"\x7f\""] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad:?}");
        }
        // A byte beyond ASCII may be in a tag (obs-text), though in none of ours.
        assert_eq!(IfMatch(parse(b"\"\xff\", \"3\"")).versions(), Some(vec![3]));
    }

    #[test]
    fn lines_of_one_header_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(condition(&headers, &IF_MATCH).unwrap(), None);
        headers.append(IF_MATCH, HeaderValue::from_static(" , "));
        assert!(IfMatch::of(&headers).is_err(), "a list of nothing names nothing");
        headers.append(IF_MATCH, HeaderValue::from_static("\"1\""));
        headers.append(IF_MATCH, HeaderValue::from_static("\"2\""));
        assert_eq!(IfMatch::of(&headers).unwrap().versions(), Some(vec![1, 2]));
        headers.append(IF_MATCH, HeaderValue::from_static("*"));
        assert!(condition(&headers, &IF_MATCH).unwrap_err().to_string().contains("If-Match"));
    }

    proptest! {
        #[test]
        fn a_version_is_found_in_its_own_tag(version in 1_i64..) {
            prop_assert_eq!(if_match(&format!("\"{version}\"")), Some(vec![version]));
        }

        #[test]
        fn no_header_panics(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse(&bytes);
        }
    }
}

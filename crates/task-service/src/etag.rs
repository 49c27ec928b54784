//! Entity tags and the conditions on them: RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2.
//!
//! The tag of a task is its version, strong: `"3"`. The tag of a list is the team's revision and the list's query, weak:
//! `W/"17-9e3779b97f4a7c15"`.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};
use domain::problem::Code;
use platform::{ApiError, ApiResult};

/// The tag of a task.
pub(crate) fn of_version(version: i64) -> String {
    format!("\"{version}\"")
}

/// The tag of a list: it changes with anything that happens in the team, and differs from query to query.
pub(crate) fn of_list(revision: i64, query: &str) -> String {
    // FNV-1a, which is the same in every release and replica.
    let hash = query
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("W/\"{revision}-{hash:016x}\"")
}

/// What a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever is there.
    Any,
    /// These.
    Listed(Vec<Tag>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    weak: bool,
    opaque: String,
}

/// `If-Match` of a request; without one, every version is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IfMatch(Option<Tags>);

impl IfMatch {
    /// The versions that are right, as SQL takes them; `None` when all are. Comparison is strong, so a weak tag is never
    /// right, and neither is a tag that we didn't make.
    pub(crate) fn versions(&self) -> Option<Vec<i64>> {
        match &self.0 {
            None | Some(Tags::Any) => None,
            Some(Tags::Listed(tags)) => Some(tags.iter().filter(|tag| !tag.weak).filter_map(Tag::version).collect()),
        }
    }
}

/// `If-None-Match` of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IfNoneMatch(Option<Tags>);

impl IfNoneMatch {
    /// Whether there is one at all.
    pub(crate) fn is_present(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the caller already has what this tag stands for. Comparison is weak.
    pub(crate) fn has(&self, tag: &str) -> bool {
        let opaque = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        match &self.0 {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::Listed(tags)) => tags.iter().any(|tag| tag.opaque == opaque),
        }
    }
}

impl Tag {
    /// The version that this is the tag of, if it is one, in its one spelling.
    fn version(&self) -> Option<i64> {
        self.opaque.parse::<i64>().ok().filter(|version| version.to_string() == self.opaque)
    }
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
    Ok(found)
}

fn malformed(name: &HeaderName) -> ApiError {
    let header = if name == IF_MATCH { "If-Match" } else { "If-None-Match" };
    ApiError::new(Code::BadRequest, format!("{header} must be `*` or a list of tags in quotes, for example \"3\"."))
}

/// `*` or `[W/]"opaque"` separated by commas; `None` for anything else.
fn parse(value: &[u8]) -> Option<Tags> {
    let mut rest = std::str::from_utf8(value).ok()?.trim();
    if rest == "*" {
        return Some(Tags::Any);
    }
    let mut tags = Vec::with_capacity(1);
    loop {
        let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |quoted| (true, quoted));
        let (opaque, behind) = quoted.strip_prefix('"')?.split_once('"')?;
        if opaque.chars().any(|c| c.is_ascii_control() || c == ' ') {
            return None;
        }
        tags.push(Tag { weak, opaque: opaque.to_owned() });
        rest = behind.trim_start();
        if rest.is_empty() {
            return Some(Tags::Listed(tags));
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(condition(req.headers(), &IF_MATCH).map(Self))
    }
}

impl FromRequest for IfNoneMatch {
    type Error = ApiError;
    type Future = Ready<ApiResult<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(condition(req.headers(), &IF_NONE_MATCH).map(Self))
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
    fn if_match_takes_our_strong_tags_and_nothing_else() {
        assert_eq!(if_match("\"3\""), Some(vec![3]));
        assert_eq!(if_match("\"3\", \"4\" ,\"x\",W/\"5\""), Some(vec![3, 4]));
        assert_eq!(if_match("\"03\", \"+3\", \"\""), Some(vec![]));
        assert_eq!(if_match(" * "), None);
        assert_eq!(IfMatch(None).versions(), None);
    }

    #[test]
    fn if_none_match_compares_weakly() {
        let has = |text: &str, tag: &str| IfNoneMatch(parse(text.as_bytes())).has(tag);
        assert!(
            has("W/\"3\"", "\"3\"") && has("\"3\"", "W/\"3\"") && has("\"1\", \"3\"", "\"3\"") && has("*", "\"3\"")
        );
        assert!(!has("\"2\"", "\"3\"") && !IfNoneMatch(None).has("\"3\""));
        let tag = of_list(17, "status=pending");
        assert!(has(&tag, &tag) && !has(&tag, &of_list(18, "status=pending")) && !has(&tag, &of_list(17, "")));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for bad in [
            "",
            "3",
            "\"3",
            "3\"",
            "\"3\" \"4\"",
            "\"3\",",
            ",\"3\"",
            "w/\"3\"",
            "W/3",
            "*, \"3\"",
            "\"a b\"",
            "\"\x7f\"",
        ] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad:?}");
        }
        assert_eq!(parse(b"\"\xff\""), None);
    }

    #[test]
    fn lines_of_one_header_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(condition(&headers, &IF_MATCH).unwrap(), None);
        headers.append(IF_MATCH, HeaderValue::from_static("\"1\""));
        headers.append(IF_MATCH, HeaderValue::from_static("\"2\""));
        assert_eq!(IfMatch(condition(&headers, &IF_MATCH).unwrap()).versions(), Some(vec![1, 2]));
        headers.append(IF_MATCH, HeaderValue::from_static("*"));
        assert!(condition(&headers, &IF_MATCH).unwrap_err().to_string().contains("If-Match"));
    }

    proptest! {
        #[test]
        fn a_version_is_found_in_its_own_tag(version in 1_i64..) {
            prop_assert_eq!(if_match(&of_version(version)), Some(vec![version]));
        }

        #[test]
        fn no_header_panics(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse(&bytes);
        }
    }
}

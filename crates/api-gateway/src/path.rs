//! Which paths are taken at all: only those that every party reads the same way.
//!
//! A path is passed on byte for byte, so what one reader would resolve, decode twice or cut, and another
//! would not, is refused: dot segments, empty segments, encoded separators, control characters.

use domain::problem::{Code, Problem};

/// Longest path and query, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// Checks a path as it came; `whole` is path and query.
///
/// # Errors
/// 400 or 414 that says what is wrong with it.
pub(crate) fn check(path: &str, whole: &str) -> Result<(), Problem> {
    if whole.len() > MAX_BYTES {
        let detail = format!("Path and query may have at most {MAX_BYTES} bytes together.");
        return Err(Problem::new(Code::UriTooLong, detail));
    }
    ambiguity(path).map_or(Ok(()), |what| Err(Problem::new(Code::BadRequest, format!("The path {what}."))))
}

/// What two readers might read differently; `None` when there is nothing.
fn ambiguity(path: &str) -> Option<&'static str> {
    let Some(rest) = path.strip_prefix('/') else { return Some("must begin with /") };
    if path.bytes().any(|b| !b.is_ascii_graphic() || b == b'\\') {
        return Some("has a character that must be percent-encoded, or a backslash");
    }
    if path.contains("//") {
        return Some("has an empty segment");
    }
    if !path.contains('%') {
        return rest.split('/').any(is_dots).then_some("has a dot segment");
    }
    rest.split('/').find_map(|segment| match decoded(segment) {
        Ok(text) => is_dots(&text).then_some("has a dot segment"),
        Err(what) => Some(what),
    })
}

fn is_dots(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

/// A segment as what it stands for (RFC 3986 §2.1).
fn decoded(segment: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else {
            return Err("has a broken percent escape");
        };
        match high << 4 | low {
            b'/' | b'\\' => return Err("has an encoded separator"),
            // Who decodes twice would find another escape.
            b'%' => return Err("has an encoded percent sign"),
            byte if byte.is_ascii_control() => return Err("has an encoded control character"),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| "has escapes that are not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_that_everyone_reads_alike_is_taken() {
        for path in [
            "/",
            "/api/tasks",
            "/api/tasks/",
            "/api/v1/teams/ops/tasks/OPS-42",
            "/a.b/..c/d../...",
            "/caf%C3%A9/a%20b/~x@y:z",
            "/%2Ehidden",
        ] {
            assert_eq!(ambiguity(path), None, "{path}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for (path, what) in [
            ("", "begin"),
            ("*", "begin"),
            ("//", "empty"),
            ("/api//tasks", "empty"),
            ("/api/./tasks", "dot"),
            ("/api/../tasks", "dot"),
            ("/api/..", "dot"),
            ("/api/%2e%2e/tasks", "dot"),
            ("/api/.%2E/tasks", "dot"),
            ("/api/%2e", "dot"),
            ("/api/a%2fb", "separator"),
            ("/api/a%2Fb", "separator"),
            ("/api/a%5cb", "separator"),
            ("/api/a%00", "control"),
            ("/api/a%0d%0a", "control"),
            ("/api/a%7f", "control"),
            ("/api/%252e%252e/x", "percent sign"),
            ("/api/%", "broken"),
            ("/api/%2", "broken"),
            ("/api/%zz", "broken"),
            ("/api/%+1", "broken"),
            ("/api/%c0%ae%c0%ae/x", "UTF-8"),
            ("/api/a\\b", "backslash"),
            ("/api/a b", "percent-encoded"),
            ("/api/a\u{1}", "percent-encoded"),
            ("/api/caf\u{e9}", "percent-encoded"),
        ] {
            let said = ambiguity(path).unwrap_or("nothing");
            assert!(said.contains(what), "{path:?}: {said}");
        }
    }

    #[test]
    fn a_long_path_is_refused_as_such() {
        let path = format!("/{}", "a".repeat(MAX_BYTES));
        assert_eq!(check(&path, &path).unwrap_err().code, Code::UriTooLong);
        assert_eq!(check("/a", &path).unwrap_err().code, Code::UriTooLong);
    }

    /// Segments made of what matters, and of anything.
    fn any_path() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just(".".to_owned()),
            Just("%2e".to_owned()),
            Just("%2E".to_owned()),
            Just("%".to_owned()),
            Just("%25".to_owned()),
            Just("%2f".to_owned()),
            "[a-z0-9]{1,3}",
            ".{0,3}",
        ];
        let segment = prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat());
        let start = prop_oneof![Just("/api/v1/teams"), Just("/api/tasks"), Just(""), Just("/api/v1/teams/t/tasks")];
        (start, prop::collection::vec(segment, 0..6))
            .prop_map(|(start, segments)| segments.iter().fold(start.to_owned(), |path, s| path + "/" + s))
    }

    /// As the most eager reader would do it: decode until nothing changes, then look for dots.
    fn eagerly_decoded(path: &str) -> String {
        let mut bytes = path.as_bytes().to_vec();
        loop {
            let mut once = Vec::new();
            let mut i = 0;
            while i < bytes.len() {
                let hex = bytes.get(i + 1..i + 3).and_then(|h| std::str::from_utf8(h).ok());
                let byte = hex.filter(|h| !h.starts_with('+')).and_then(|h| u8::from_str_radix(h, 16).ok());
                match byte.filter(|_| bytes[i] == b'%') {
                    Some(byte) => (once.push(byte), i += 3),
                    None => (once.push(bytes[i]), i += 1),
                };
            }
            if once == bytes {
                return String::from_utf8_lossy(&once).into_owned();
            }
            bytes = once;
        }
    }

    proptest! {
        #[test]
        fn nothing_with_dot_segments_is_ever_routed(path in any_path()) {
            let taken = ambiguity(&path).is_none();
            let routed = crate::routes::find(&path).is_some();
            let seen = eagerly_decoded(&path);
            if taken {
                prop_assert!(!seen.split(['/', '\\']).any(|s| matches!(s, "." | "..")), "{path:?}");
                prop_assert!(!seen.contains("//"), "{path:?}");
                prop_assert_eq!(seen.matches('/').count(), path.matches('/').count());
            }
            if taken && routed {
                prop_assert!(path.starts_with("/api/"));
            }
        }
    }
}

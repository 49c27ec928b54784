//! What holds on every route, whatever it does.

use platform::routes::Route;

use crate::Api;

/// Asserts that a route answers `HEAD` as `GET`, and `OPTIONS`, and that it evaluates or refuses each precondition.
///
/// `path` is the route's with something in it that `api` may see, and `body` is one that it takes.
///
/// # Panics
/// When it doesn't.
pub async fn keeps_conventions(api: &Api, route: &Route, path: &str, body: Option<&str>) {
    let named = format!("{} {path}", route.method);
    let send = async |api: &Api| api.send(route.method, path, body.map(|body| body.as_bytes().to_vec())).await;
    let options = api.send("OPTIONS", path, None).await.expect(204);
    assert!(options.header("allow").split(", ").any(|method| method == route.method), "{named}");
    assert!(options.header("allow").ends_with("OPTIONS"), "{named}");
    if route.method == "GET" {
        assert!(options.header("allow").contains("GET, HEAD"), "{named}");
        let head = api.send("HEAD", path, None).await;
        assert_eq!(head.text, "", "{named}");
        // The body of a live stream doesn't end.
        if head.header("content-type") != "text/event-stream" {
            let get = send(api).await;
            assert_eq!(head.status, get.status, "{named}");
            for name in ["content-type", "etag", "cache-control", "vary", "x-content-type-options"] {
                assert_eq!(head.header(name), get.header(name), "{named}: {name}");
            }
            // How long it took, which some tell, has not always as many digits.
            let has_length = [&head, &get].map(|answer| answer.headers.contains_key("content-length"));
            assert_eq!(has_length, [true, true], "{named}");
            assert_eq!(get.headers.contains_key("etag"), route.versioned && get.status == 200, "{named}");
            if route.versioned && get.status == 200 {
                assert_eq!(get.header("cache-control"), "private, no-cache", "{named}");
                for (tags, status) in [(get.header("etag"), 200), ("*", 200), ("\"other\"", 412), ("3", 400)] {
                    assert_eq!(send(&api.with_header("if-match", tags)).await.status, status, "{named} {tags}");
                }
                let again = api.with_header("if-none-match", get.header("etag"));
                assert_eq!(again.send("HEAD", path, None).await.status, 304, "{named}");
                assert_eq!(send(&again.with_header("if-match", "\"other\"")).await.status, 412, "{named}");
            }
        }
    }
    if matches!(route.method, "POST" | "PUT" | "PATCH") {
        for (name, value) in [
            ("content-type", "text/plain"),
            ("content-type", "application/json; charset=iso-8859-1"),
            ("content-encoding", "gzip"),
        ] {
            let answer = send(&api.with_header(name, value)).await;
            // Some routes take no body.
            if answer.status == 415 {
                assert_eq!(answer.headers.contains_key("accept-patch"), route.method == "PATCH", "{named}");
            } else {
                assert!(body.is_none() || route.path.ends_with("/auth/logout"), "{named} {value}: {}", answer.text);
            }
        }
    }
    let refused = match (route.versioned, route.method) {
        (false, _) => ["if-match", "if-none-match"].as_slice(),
        (true, "GET") => &[],
        (true, _) => &["if-none-match"],
    };
    for name in refused {
        for tags in ["*", "\"1\"", "W/\"x\""] {
            send(&api.with_header(name, tags)).await.is_problem(400, "isn't evaluated here");
        }
    }
}

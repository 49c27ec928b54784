//! The page's files, where the gateway serves them.

use std::path::PathBuf;

use api_gateway::Gateway;

use crate::services::Echo;
use crate::stage::{Stage, TASKS, nowhere, settings};

/// A folder as the page's build leaves it.
fn built() -> PathBuf {
    let dir = std::env::temp_dir().join(format!("taskhub-page-{}", uuid::Uuid::now_v7().simple()));
    std::fs::create_dir_all(dir.join("assets")).unwrap();
    std::fs::create_dir_all(dir.join(".vite")).unwrap();
    std::fs::write(dir.join("index.html"), "<!doctype html><title>TaskHub</title>").unwrap();
    std::fs::write(dir.join("assets/page-1a2b.js"), "export {}").unwrap();
    std::fs::write(dir.join(".vite/manifest.json"), "{}").unwrap();
    std::fs::write(dir.join("headers.json"), r#"{"Content-Security-Policy": "default-src 'none'"}"#).unwrap();
    dir
}

async fn stage(dir: &PathBuf) -> (Stage, Echo) {
    let task = Echo::start("task-service").await;
    let urls = [nowhere(), task.url(), nowhere()];
    (Stage::start(urls, |settings| settings.page.dir.clone_from(dir)).await, task)
}

#[tokio::test]
async fn the_page_and_the_api_share_an_address() {
    let dir = built();
    let (stage, task) = stage(&dir).await;
    for path in ["/", "/index.html", "/ops/board", "/ops/tasks/42", "/apiary"] {
        let page = stage.nobody().get(path).await.expect(200);
        assert!(page.text.contains("<title>TaskHub"), "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("content-security-policy"), "default-src 'none'");
        assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), ("no-cache", "nosniff"));
    }
    let script = stage.nobody().get("/assets/page-1a2b.js").await.expect(200);
    assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
    assert!(script.header("cache-control").contains("immutable"));
    let again = stage.nobody().with_header("if-none-match", script.header("etag"));
    assert_eq!(again.get("/assets/page-1a2b.js").await.expect(304).text, "");
    assert_eq!(task.seen(), 0);
    let _ = stage.api().get(TASKS).await.expect(200);
    stage.api().get("/api/nothing").await.is_problem(404, "route");
    stage.nobody().get(TASKS).await.is_problem(401, "Bearer");
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn what_is_no_path_is_not_the_page() {
    let dir = built();
    let (stage, task) = stage(&dir).await;
    for target in ["//api/tasks", "//", "/ops//board", "x:80", "/..", "/ops/%2e%2e/board", "http://user@x/", "ftp://x/"]
    {
        let answer = stage.say(format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && !answer.contains("<title>"), "{target}: {answer}");
    }
    for target in ["/", "/ops/board?q=a//b", "http://x/ops", "/caf%C3%A9"] {
        let answer = stage.say(format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("<title>"), "{target}: {answer}");
    }
    for line in ["OPTIONS * HTTP/1.1", "OPTIONS / HTTP/1.0"] {
        let answer = stage.say(format!("{line}\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.contains(" 204 No Content\r\n"), "{line}: {answer}");
    }
    assert_eq!(task.seen(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn what_the_build_has_compressed_is_sent_to_those_who_take_it() {
    let dir = built();
    for (name, content) in [("index.html.br", "B"), ("index.html.gz", "G"), ("assets/lone.css.gz", "L")] {
        std::fs::write(dir.join(name), content).unwrap();
    }
    let (stage, _task) = stage(&dir).await;
    let mut tags = Vec::new();
    for (accepted, encoding, starts) in [
        ("gzip, deflate, br", "br", "B"),
        ("BR;q=0.5", "br", "B"),
        ("gzip", "gzip", "G"),
        ("br;q=0, gzip;q=1.0", "gzip", "G"),
        ("identity", "", "<!doctype"),
        ("br;q=0", "", "<!doctype"),
    ] {
        let api = stage.nobody().with_header("accept-encoding", accepted);
        for path in ["/", "/ops/board"] {
            let page = api.get(path).await.expect(200);
            assert!(page.text.starts_with(starts), "{accepted}: {}", page.text);
            assert_eq!((page.header("content-encoding"), page.header("vary")), (encoding, "Accept-Encoding"));
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            let tag = page.header("etag").to_owned();
            let again = api.with_header("if-none-match", &tag).get(path).await.expect(304);
            assert_eq!((again.header("vary"), again.header("etag")), ("Accept-Encoding", tag.as_str()));
            tags.push(tag);
        }
    }
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), 3, "each encoding has a tag of its own");
    let script = stage.nobody().with_header("accept-encoding", "br").get("/assets/page-1a2b.js").await.expect(200);
    assert_eq!((script.header("content-encoding"), script.header("vary")), ("", ""));
    for path in ["/index.html.br", "/index.html.gz"] {
        let _ = stage.nobody().get(path).await.expect(404);
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn only_what_the_build_made_is_there() {
    let dir = built();
    let (stage, _task) = stage(&dir).await;
    for path in ["/headers.json", "/.vite/manifest.json", "/assets/gone.js", "/etc/passwd.txt"] {
        let _ = stage.nobody().get(path).await.expect(404);
    }
    let _ = stage.nobody().get("/assets/..%2findex.html.bak").await.expect(400);
    let answer = stage.say("GET /../../../../etc/hosts.conf HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(
        stage.nobody().post("/ops", serde_json::json!({})).await.expect(405).header("allow"),
        "GET, HEAD, OPTIONS"
    );
    assert_eq!(stage.nobody().send("OPTIONS", "/ops", None).await.expect(204).header("allow"), "GET, HEAD, OPTIONS");
    std::fs::remove_dir_all(dir).unwrap();
}

#[tokio::test]
async fn a_folder_without_a_page_is_said_at_the_start() {
    let issuer = testkit::Issuer::start().await;
    let urls = [nowhere(), nowhere(), nowhere()];
    let (empty, headless) = (built(), built());
    std::fs::remove_file(empty.join("index.html")).unwrap();
    std::fs::remove_file(headless.join("headers.json")).unwrap();
    for (dir, says) in [("/nonexistent".into(), "can't be read"), (empty, "index.html"), (headless, "headers.json")] {
        let mut settings = settings(&issuer, urls.clone());
        settings.page.dir = dir;
        let error = format!("{:#}", Gateway::new(&settings).unwrap_err());
        assert!(error.starts_with("TASKHUB__PAGE__DIR") && error.contains(says), "{error}");
    }
}

//! What passes and what doesn't, both ways.

use serde_json::Value;

use crate::services::{Raw, read_request};
use crate::stage::{Echoes, Stage, TASKS};
use tokio::io::AsyncWriteExt;

/// The values of a header that the service got.
fn got<'a>(answer: &'a Value, name: &str) -> Vec<&'a str> {
    let headers = answer["headers"].as_array().unwrap();
    headers.iter().filter(|pair| pair[0] == name).map(|pair| pair[1].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_is_meant_for_one_connection_ends_there() {
    let (stage, echoes) = Stage::with_echoes().await;
    let host = echoes.task.addr.to_string();
    let request = stage.head(&format!("GET {TASKS}"))
        + "connection: close, x-private\r\nconnection: x-other\r\nx-private: 1\r\nx-other: 2\r\nkeep-alive: 5\r\n"
        + "proxy-connection: x\r\nproxy-authorization: Basic x\r\nte: trailers\r\ntrailer: x\r\nupgrade: h2c\r\n"
        + "x-kept: a\r\nx-kept: b\r\ncookie: c=1\r\nif-none-match: \"7\"\r\n\r\n";
    let answer = stage.say(request).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let json: Value = serde_json::from_str(body).unwrap();
    for name in [
        "connection",
        "x-private",
        "x-other",
        "keep-alive",
        "proxy-connection",
        "proxy-authorization",
        "te",
        "trailer",
        "upgrade",
        "transfer-encoding",
        "content-length",
    ] {
        assert!(got(&json, name).is_empty(), "{name}: {body}");
    }
    assert_eq!(got(&json, "x-kept"), ["a", "b"]);
    assert_eq!(got(&json, "cookie"), ["c=1"]);
    assert_eq!(got(&json, "if-none-match"), ["\"7\""]);
    assert_eq!(got(&json, "host"), [host.as_str()]);
    assert!(!head.contains("keep-alive") && !head.contains("server:"), "{head}");
}

#[tokio::test]
async fn an_answer_loses_what_was_meant_for_us_and_keeps_the_rest() {
    let raw = Raw::saying(
        "HTTP/1.1 200 OK\r\nconnection: close, x-inner\r\nx-inner: 1\r\nkeep-alive: timeout=5\r\nproxy-authenticate: x\r\n\
         trailer: x\r\nupgrade: h2c\r\nserver: inner\r\netag: \"7\"\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\
         content-length: 2\r\n\r\nok",
    )
    .await;
    let stage = Stage::before(&raw).await;
    let answer = stage.api().get(TASKS).await.expect(200);
    for name in ["connection", "x-inner", "keep-alive", "proxy-authenticate", "trailer", "upgrade", "server"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!((cookies.len(), answer.header("etag"), answer.text.as_str()), (2, "\"7\"", "ok"));
    assert_eq!(
        answer.header("cache-control"),
        "private, no-cache",
        "an answer with an ETag may be kept and asked for again"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn every_answer_is_guarded_also_our_own() {
    let (stage, _echoes) = Stage::with_echoes().await;
    for path in [TASKS, "/nowhere", "/health", "/health/ready", "/api/v1/status", "/api/v1/me"] {
        let answer = stage.nobody().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
    }
}

#[tokio::test]
async fn id_and_trace_go_through_and_come_back_once() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let api = stage.api().with_header("x-request-id", "call-1").with_header("traceparent", parent);
    let answer = api.get(TASKS).await.expect(200);
    assert_eq!(got(&answer.json, "x-request-id"), ["call-1"]);
    let passed = got(&answer.json, "traceparent");
    assert_eq!(passed, [answer.header("traceparent")], "the gateway's own span is the service's parent");
    assert!(passed[0].starts_with(&parent[..36]) && passed[0] != parent);
    let ids: Vec<_> = answer.headers.get_all("x-request-id").iter().collect();
    assert_eq!(ids, ["call-1"], "not what the service made of it");
    assert_eq!(answer.headers.get_all("traceparent").iter().count(), 1);

    let made = stage.api().get(TASKS).await.expect(200);
    assert_eq!(got(&made.json, "x-request-id"), [made.header("x-request-id")]);
}

#[tokio::test]
async fn who_called_is_ours_to_say() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let lies = [
        ("x-forwarded-for", "1.2.3.4"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "evil.test"),
        ("x-forwarded-port", "1"),
        ("x-forwarded-prefix", "/x"),
        ("x-real-ip", "1.2.3.4"),
        ("forwarded", "for=1.2.3.4"),
        ("x-client-address", "1.2.3.4"),
        ("x-deadline-ms", "0"),
    ];
    let api = lies.iter().fold(stage.api(), |api, (name, value)| api.with_header(name, value));
    let answer = api.get(TASKS).await.expect(200).json;
    assert_eq!(got(&answer, "x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(got(&answer, "x-forwarded-proto"), ["http"]);
    assert_eq!(got(&answer, "x-forwarded-host"), [stage.addr().to_string()]);
    assert_eq!(got(&answer, "x-client-address"), ["127.0.0.1"]);
    assert_eq!(got(&answer, "x-deadline-ms"), ["10000"]);
    for name in ["x-forwarded-port", "x-forwarded-prefix", "x-real-ip", "forwarded"] {
        assert!(got(&answer, name).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn behind_a_proxy_of_ours_its_word_is_taken() {
    let echoes = Echoes::start().await;
    let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
    let stage = Stage::start(urls, |settings| settings.upstreams.trust_forwarded = true).await;
    let api = stage
        .api()
        .with_header("x-forwarded-for", "1.2.3.4")
        .with_header("x-forwarded-proto", "https")
        .with_header("x-forwarded-host", "taskhub.test");
    let answer = api.get(TASKS).await.expect(200).json;
    assert_eq!(got(&answer, "x-forwarded-for"), ["1.2.3.4, 127.0.0.1"]);
    assert_eq!(got(&answer, "x-client-address"), ["1.2.3.4"]);
    assert_eq!(got(&answer, "x-forwarded-proto"), ["https"]);
    assert_eq!(got(&answer, "x-forwarded-host"), ["taskhub.test"]);
}

#[tokio::test]
async fn of_what_a_proxy_was_told_its_own_word_is_taken() {
    let echoes = Echoes::start().await;
    let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
    let stage = Stage::start(urls, |settings| settings.upstreams.trust_forwarded = true).await;
    for (told, client) in [("9.9.9.9, 1.2.3.4", "1.2.3.4"), ("2001:db8::1", "2001:db8::1"), ("unknown", "127.0.0.1")] {
        let answer = stage.api().with_header("x-forwarded-for", told).get(TASKS).await.expect(200).json;
        assert_eq!(got(&answer, "x-client-address"), [client]);
    }
}

#[tokio::test]
async fn an_answer_says_how_long_it_took() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let timing = stage.api().get(TASKS).await.expect(200).header("server-timing").to_owned();
    let names: Vec<_> = timing.split(", ").map(|entry| entry.split_once(";dur=").unwrap()).collect();
    assert_eq!([names[0].0, names[1].0], ["total", "upstream"]);
    let took: Vec<f64> = names.iter().map(|(_, took)| took.parse().unwrap()).collect();
    assert!(took[0] >= took[1] && took[1] > 0.0, "{timing}");
    let refused = stage.nobody().get(TASKS).await;
    refused.is_problem(401, "Authorization");
    assert!(!refused.header("server-timing").contains("upstream"), "nobody was asked");
}

#[tokio::test]
async fn answers_without_a_body_keep_their_head() {
    let raw = Raw::start(|mut stream, _| async move {
        loop {
            let answer: &[u8] = match read_request(&mut stream).await {
                request if request.is_empty() => return,
                request if request.contains("/tasks/304") => {
                    b"HTTP/1.1 304 Not Modified\r\netag: \"7\"\r\ncontent-length: 100\r\n\r\n"
                }
                request if request.contains("/tasks/204") => b"HTTP/1.1 204 No Content\r\n\r\n",
                request if request.starts_with("HEAD") => b"HTTP/1.1 200 OK\r\ncontent-length: 123\r\n\r\n",
                _ => b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            };
            stream.write_all(answer).await.unwrap();
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    for _ in 0..3 {
        let unchanged = stage.api().get(&format!("{TASKS}/304")).await.expect(304);
        assert_eq!((unchanged.header("etag"), unchanged.text.as_str()), ("\"7\"", ""));
        let _ = stage.api().delete(&format!("{TASKS}/204")).await.expect(204);
        let head = stage.api().send("HEAD", TASKS, None).await.expect(200);
        assert_eq!(head.header("content-length"), "123");
        let hinted = stage.api().get(TASKS).await.expect(200);
        assert_eq!((hinted.header("link"), hinted.text.as_str()), ("", ""));
    }
    assert_eq!(raw.connections(), 1, "none of them costs a connection");
}

//! JSON is compressed for clients that take it so.

use std::io::Read;

use reqwest::header::HeaderMap;
use serde_json::json;

use crate::services::Raw;
use crate::stage::{Stage, TASKS};

/// A gateway before a service that answers with this head, to which `Content-Length` is added, and this body.
async fn stage(head: &str, body: &str) -> (Stage, Raw) {
    let raw = Raw::saying(format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
    (Stage::before(&raw).await, raw)
}

/// Headers and body of an answer, as they came.
async fn ask(stage: &Stage, method: &str, path: &str, accepted: &str) -> (HeaderMap, Vec<u8>) {
    let client = reqwest::Client::new();
    let request = client.request(method.parse().unwrap(), format!("{}{path}", stage.running.url));
    let answer = request.bearer_auth(stage.token()).header("accept-encoding", accepted).send().await.unwrap();
    let headers = answer.headers().clone();
    (headers, answer.bytes().await.unwrap().to_vec())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn decoded(headers: &HeaderMap, body: &[u8]) -> String {
    let mut plain = String::new();
    match text(headers, "content-encoding") {
        "br" => brotli::Decompressor::new(body, 4096).read_to_string(&mut plain).unwrap(),
        "gzip" => flate2::read::GzDecoder::new(body).read_to_string(&mut plain).unwrap(),
        _ => return String::from_utf8(body.to_vec()).unwrap(),
    };
    plain
}

fn long(times: usize) -> String {
    json!({"items": vec![json!({"title": "Water the plants", "status": "pending"}); times]}).to_string()
}

const JSON: &str = "200 OK\r\ncontent-type: application/json\r\netag: \"3\"";

#[tokio::test]
async fn json_is_compressed_as_the_client_takes_it() {
    let body = long(100);
    let (stage, _raw) = stage(JSON, &body).await;
    for (accepted, encoding, tag) in [
        ("gzip, deflate, br", "br", "W/\"3\""),
        ("gzip", "gzip", "W/\"3\""),
        ("identity", "", "\"3\""),
        ("br;q=0, zstd", "", "\"3\""),
    ] {
        let (headers, sent) = ask(&stage, "GET", TASKS, accepted).await;
        assert_eq!((text(&headers, "content-encoding"), text(&headers, "etag")), (encoding, tag), "{accepted}");
        assert_eq!((text(&headers, "vary"), text(&headers, "content-type")), ("Accept-Encoding", "application/json"));
        assert_eq!(text(&headers, "content-length"), sent.len().to_string());
        assert_eq!(decoded(&headers, &sent), body);
        assert_eq!(sent.len() < body.len() / 10, !encoding.is_empty());
    }
}

#[tokio::test]
async fn a_body_of_many_pieces_is_compressed_as_it_comes() {
    let body = long(20_000);
    let (stage, _raw) = stage(JSON, &body).await;
    for encoding in ["br", "gzip"] {
        let (headers, sent) = ask(&stage, "GET", TASKS, encoding).await;
        assert_eq!(text(&headers, "content-encoding"), encoding);
        assert!(decoded(&headers, &sent) == body && sent.len() < body.len() / 10);
    }
    let (headers, sent) = ask(&stage, "GET", "/api/openapi.json", "br").await;
    assert_eq!(text(&headers, "content-encoding"), "br");
    assert_eq!(decoded(&headers, &sent), include_str!("../../../../docs/openapi.json"));
}

#[tokio::test]
async fn the_rest_stays_as_it_is() {
    let body = long(100);
    for (method, head, body) in [
        // The secrets that an answer to these may hold must not be told by its length.
        ("POST", JSON, body.as_str()),
        ("PATCH", JSON, &body),
        ("GET", JSON, &long(1)),
        ("GET", "200 OK\r\ncontent-type: text/event-stream", &body),
        ("GET", "200 OK\r\ncontent-type: application/json\r\ncontent-encoding: zstd", &body),
        ("GET", "200 OK\r\ncontent-type: application/json\r\ncache-control: no-transform", &body),
        ("GET", "404 Not Found\r\ncontent-type: application/problem+json", &body),
    ] {
        let (stage, _raw) = stage(head, body).await;
        let (headers, sent) = ask(&stage, method, TASKS, "br").await;
        assert!(["", "zstd"].contains(&text(&headers, "content-encoding")), "{method} {head}");
        assert_eq!(sent, body.as_bytes(), "{method} {head}");
        assert!(!text(&headers, "etag").starts_with('W'));
    }
}

#[tokio::test]
async fn head_and_304_say_what_get_would() {
    let body = long(100);
    let (whole, _raw) = stage(JSON, &body).await;
    let (headers, sent) = ask(&whole, "HEAD", TASKS, "br").await;
    let seen = ["content-encoding", "etag", "vary", "content-length"].map(|name| text(&headers, name));
    assert_eq!((seen, sent.len()), (["br", "W/\"3\"", "Accept-Encoding", ""], 0));
    let (unchanged, _raw) = stage("304 Not Modified\r\netag: \"3\"", "").await;
    let (headers, _) = ask(&unchanged, "GET", TASKS, "br").await;
    assert_eq!((text(&headers, "vary"), text(&headers, "etag")), ("Accept-Encoding", "\"3\""));
}

#[tokio::test]
async fn a_torn_answer_stays_torn() {
    let answer = format!("HTTP/1.1 {JSON}\r\ncontent-length: 900000\r\n\r\n{}", long(1000));
    let raw = Raw::saying(answer).await;
    let stage = Stage::before(&raw).await;
    let request = reqwest::Client::new().get(format!("{}{TASKS}", stage.running.url)).bearer_auth(stage.token());
    // The head may still have been waiting for the first compressed bytes.
    if let Ok(answer) = request.header("accept-encoding", "gzip").send().await {
        answer.bytes().await.unwrap_err();
    }
}

//! The document, and the page that shows it.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::stage::{Stage, nowhere};

async fn alone() -> Stage {
    Stage::start([nowhere(), nowhere(), nowhere()], |_| {}).await
}

#[test]
fn the_table_and_the_document_agree() {
    for part in [api_gateway::openapi::part(), platform::health::part()] {
        assert_eq!(part.differences(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_document_needs_neither_a_token_nor_a_service() {
    let stage = alone().await;
    let answer = stage.nobody().get("/api/openapi.json").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    let document: Value = answer.body();
    assert_eq!(document["openapi"], "3.1.0");
    let stream = &document["paths"]["/api/v1/teams/{team}/events"]["get"]["responses"]["200"]["content"];
    assert!(stream["text/event-stream"].is_object());
    assert!(document["paths"]["/.well-known/jwks.json"].is_null(), "the gateway doesn't let it through");
    for known in [answer.header("etag").to_owned(), format!("\"x\", W/{}", answer.header("etag")), "*".to_owned()] {
        let again = stage.nobody().with_header("if-none-match", &known).get("/api/openapi.json").await.expect(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", answer.header("etag")));
    }
}

/// A length says that the answer is there as a whole, and isn't compressed while it is sent.
#[tokio::test]
async fn the_document_is_kept_compressed() {
    let stage = alone().await;
    let plain = stage.nobody().get("/api/openapi.json").await.expect(200);
    let client = reqwest::Client::new();
    for coding in ["br", "gzip"] {
        let ask = client.get(format!("{}/api/openapi.json", stage.running.url)).header("accept-encoding", coding);
        let answer = ask.send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("content-encoding").as_deref(), Some(coding));
        assert_eq!(header("vary").as_deref(), Some("Accept-Encoding"));
        assert_eq!(header("etag"), Some(format!("W/{}", plain.header("etag"))));
        let length: usize = header("content-length").unwrap().parse().unwrap();
        let body = answer.bytes().await.unwrap();
        assert_eq!(body.len(), length);
        let decoded = match coding {
            "br" => decode(brotli::Decompressor::new(&body[..], 4096)),
            _ => decode(flate2::read::GzDecoder::new(&body[..])),
        };
        assert_eq!(decoded, plain.text);
    }
}

fn decode(mut from: impl std::io::Read) -> String {
    let mut text = String::new();
    let _ = from.read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn the_page_and_its_files_come_from_the_gateway_alone() {
    let stage = alone().await;
    let page = stage.nobody().get("/api/docs").await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    let links: Vec<_> = ["src=", "href="]
        .iter()
        .flat_map(|name| page.text.split(name).skip(1))
        .filter_map(|rest| rest.split('"').nth(1))
        .filter(|link| *link != "data:,")
        .collect();
    assert_eq!(links.len(), 4, "{links:?}");
    for link in links {
        let file = stage.nobody().get(link).await.expect(200);
        let again = stage.nobody().with_header("if-none-match", file.header("etag"));
        assert_eq!(again.get(link).await.expect(304).text, "");
    }
    stage.nobody().get("/api/docs/swagger-ui.js.map").await.is_problem(404, "nothing");
    stage.nobody().get("/api/docs?url=https://example.com").await.is_problem(400, "url");
}

#[tokio::test]
async fn packed_files_are_whole() {
    let stage = alone().await;
    let url = format!("{}/api/docs/swagger-ui-bundle.js", stage.running.url);
    let packed = reqwest::get(url).await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.unwrap();
    // gzip itself compares the sum and the length at the end.
    let mut gzip = Command::new("gzip").args(["-dc"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = gzip.stdin.take().unwrap();
    let (_, output) = tokio::join!(
        async move {
            input.write_all(&packed).await.unwrap();
            drop(input);
        },
        gzip.wait_with_output()
    );
    let output = output.unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("SwaggerUIBundle"));
}

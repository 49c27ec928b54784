//! Whose a path is, and which paths are none.

use api_gateway::routes::{Door, RULES, Rule};
use serde_json::json;

use crate::stage::{Stage, TASKS};

fn example(rule: &Rule) -> String {
    rule.pattern.replace("{team}", "ops").replace("/**", "")
}

#[tokio::test]
async fn every_rule_leads_to_its_service_byte_for_byte() {
    let (stage, _echoes) = Stage::with_echoes().await;
    for rule in RULES {
        let target = format!("{}?q=a%20b&c=%2F..%2f&d", example(rule));
        let answer = stage.api().get(&target).await.expect(200);
        assert_eq!(answer.json["service"], rule.owner.name(), "{target}");
        assert_eq!(answer.json["target"], target);
    }
    let below = format!("{TASKS}/OPS-42/comments/caf%C3%A9%20x");
    assert_eq!(stage.api().get(&below).await.expect(200).json["target"], below);
}

#[tokio::test]
async fn every_method_and_its_body_pass() {
    let (stage, _echoes) = Stage::with_echoes().await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let bare = stage.api().send(method, TASKS, None).await.expect(200);
        assert_eq!((&bare.json["method"], &bare.json["length"]), (&json!(method), &json!(0)));
        let with_body = stage.api().send(method, TASKS, Some(b"{\"title\": \"x\"}".to_vec())).await.expect(200);
        assert_eq!(with_body.json["body"], "{\"title\": \"x\"}", "{method}");
    }
    let head = stage.api().send("HEAD", TASKS, None).await.expect(200);
    assert_eq!(head.text, "");
    assert!(head.header("content-length").parse::<u64>().unwrap() > 100, "what GET would have given");
}

#[tokio::test]
async fn an_unknown_path_is_a_404_that_names_it_and_needs_no_token() {
    let (stage, echoes) = Stage::with_echoes().await;
    for path in ["/", "/api", "/api/v1/nothing", "/api/v2/tasks", "/api/tasks/", "/favicon.ico", "/api/t%61sks"] {
        stage.nobody().get(path).await.is_problem(404, &format!("no route for {path}."));
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn an_ambiguous_path_is_refused_before_anything_else() {
    let (stage, echoes) = Stage::with_echoes().await;
    for path in [
        "//api/tasks",
        "/api//tasks",
        "/api/v1/auth/login/../../me",
        "/api/v1/auth/login/..%2f..%2fme",
        "/api/v1/teams/ops/tasks/%2e%2e/members",
        "/api/v1/teams/ops/tasks/.%2E",
        "/api/v1/teams/ops/tasks/./x",
        "/api/tasks/a%5cb",
        "/api/tasks/a%00b",
        "/api/tasks/a%0d%0ax:y",
        "/api/tasks/%252e%252e",
        "/api/tasks/%",
        "/api/tasks/%g1",
        "/api/tasks/%c0%ae",
        "/api/tasks/a\\b",
        "/api/tasks/caf\u{e9}",
        "/health/../api/tasks",
        "/..",
    ] {
        let answer = stage.say(format!("{}connection: close\r\n\r\n", stage.head(&format!("GET {path}")))).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
    }
    let long = format!("/api/tasks?q={}", "a".repeat(9000));
    stage.api().get(&long).await.is_problem(414, "8192 bytes");
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn an_absolute_target_is_read_as_its_path() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let answer =
        stage.say(format!("{}connection: close\r\n\r\n", stage.head("GET http://other.test/api/tasks?x=1"))).await;
    assert!(answer.contains("\"target\":\"/api/tasks?x=1\""), "{answer}");
    assert!(answer.contains("[\"x-forwarded-host\",\"other.test\"]"), "RFC 9112 §3.2.2: {answer}");
}

#[tokio::test]
async fn an_absolute_target_names_a_host_over_http_and_nothing_else() {
    let (stage, echoes) = Stage::with_echoes().await;
    for target in
        ["http://user@other.test/api/tasks", "http://user:pw@other.test/api/tasks", "ftp://other.test/api/tasks"]
    {
        let answer = stage.say(format!("{}connection: close\r\n\r\n", stage.head(&format!("GET {target}")))).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{target}: {answer}");
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn the_server_itself_can_be_asked_for_its_options() {
    let (stage, echoes) = Stage::with_echoes().await;
    for line in
        ["OPTIONS * HTTP/1.1\r\nhost: x", "OPTIONS / HTTP/1.1\r\nhost: x", "OPTIONS / HTTP/1.0", "OPTIONS * HTTP/1.0"]
    {
        let answer = stage.say(format!("{line}\r\nconnection: close\r\n\r\n")).await;
        assert!(
            answer.contains(" 204 No Content\r\n") && answer.contains("\r\nallow: GET, HEAD, POST"),
            "{line}: {answer}"
        );
    }
    for method in ["GET", "DELETE"] {
        let answer = stage.say(format!("{method} * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{method}: {answer}");
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn the_open_doors_need_no_token_and_the_others_do() {
    let (stage, echoes) = Stage::with_echoes().await;
    for rule in RULES {
        let before = echoes.seen();
        let answer = stage.nobody().get(&example(rule)).await;
        match rule.door {
            Door::Open => assert_eq!((answer.status.as_u16(), echoes.seen()), (200, before + 1), "{}", rule.pattern),
            Door::Token => {
                answer.is_problem(401, "Authorization");
                assert_eq!(echoes.seen(), before, "{}", rule.pattern);
            }
        }
    }
}

//! Clients that try to be read in two ways, or to be too much.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Stage, TASKS};

/// The status lines of all answers in a text.
fn statuses(text: &str) -> Vec<&str> {
    text.match_indices("HTTP/1.1 ").map(|(at, _)| &text[at + 9..at + 12]).collect()
}

#[tokio::test]
async fn a_request_that_can_be_cut_in_two_ways_is_refused() {
    let (stage, echoes) = Stage::with_echoes().await;
    let hidden = format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n", stage.token());
    for framing in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5, 6\r\n",
        "content-length: +5\r\n",
        "content-length: -5\r\n",
        "content-length: 0x5\r\n",
        "content-length: 5 5\r\n",
        "content-length: 99999999999999999999\r\n",
        "content-length:\r\n",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        "transfer-encoding: identity\r\n",
        "transfer-encoding : chunked\r\n",
        "content-length : 5\r\n",
        "x: y\r\n transfer-encoding: chunked\r\n",
    ] {
        let request = stage.head(&format!("POST {TASKS}")) + framing + "\r\n0\r\n\r\n" + &hidden;
        let answer = stage.say(request).await;
        assert_eq!(statuses(&answer), ["400"], "{framing:?}: {answer}");
    }
    for coding in ["gzip, chunked", "xchunked"] {
        let request =
            stage.head(&format!("POST {TASKS}")) + &format!("transfer-encoding: {coding}\r\n\r\n0\r\n\r\n") + &hidden;
        let answer = stage.say(request).await;
        assert_eq!(statuses(&answer), ["501"], "{coding}: {answer}");
    }
    for odd in [
        format!("POST {TASKS} HTTP/1.0\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        format!("GET {TASKS} HTTP/1.1\r\n\r\n"),
        format!("GET {TASKS} HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n"),
        format!("GET {TASKS}\r\n\r\n"),
        format!("GET {TASKS} HTTP/3.0\r\nhost: a\r\n\r\n"),
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".to_owned() + "\r\n\r\n",
    ] {
        let answer = stage.say(&odd).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{odd:?}: {answer}");
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn a_lying_length_reaches_only_its_own_request() {
    let (stage, echoes) = Stage::with_echoes().await;
    let post = stage.head(&format!("POST {TASKS}"));
    // Shorter than what follows: the rest would be the next request, but isn't one, and the connection ends.
    let answer = stage.say(post.clone() + "content-length: 2\r\n\r\n{}garbage\r\n\r\n").await;
    assert!(statuses(&answer).iter().filter(|status| **status == "200").count() <= 1, "{answer}");
    assert!(echoes.seen() <= 1);
    // Longer than what comes: the service never sees a whole request.
    let seen = echoes.seen();
    let mut stream = stage.connect().await;
    stream.write_all((post + "content-length: 20\r\n\r\n{}").as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.expect("it is closed");
    assert!(!String::from_utf8_lossy(&rest).contains(" 200 "));
    assert_eq!(echoes.seen(), seen);
}

#[tokio::test]
async fn pipelined_requests_are_answered_one_by_one() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let one = stage.head(&format!("POST {TASKS}")) + "content-length: 2\r\n\r\n{}";
    let two = stage.head("GET /api/v1/me") + "\r\n";
    let last = stage.head(&format!("POST {TASKS}")) + "connection: close\r\ncontent-length: 2\r\n\r\n{}";
    let answer = stage.say(one + &two + &last).await;
    assert_eq!(statuses(&answer), ["200", "200", "200"]);
    let services: Vec<_> = answer.match_indices("\"service\":\"").map(|(at, _)| &answer[at + 11..at + 15]).collect();
    assert_eq!(services, ["task", "auth", "task"]);
}

#[tokio::test]
async fn a_head_among_pipelined_requests_takes_no_body_and_no_other_loses_its_own() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let (get, head) = (stage.head(&format!("GET {TASKS}")) + "\r\n", stage.head(&format!("HEAD {TASKS}")) + "\r\n");
    let last = stage.head("GET /api/v1/me") + "connection: close\r\n\r\n";
    let answer = stage.say(get.clone() + &head + &get + &last).await;
    assert_eq!(statuses(&answer), ["200"; 4]);
    let methods: Vec<_> = answer.match_indices("\"method\":\"GET\"").collect();
    assert_eq!((methods.len(), answer.matches("\"method\"").count()), (3, 3), "{answer}");
}

#[tokio::test]
async fn an_old_client_gets_no_second_answer() {
    let (stage, echoes) = Stage::with_echoes().await;
    let first = stage.head(&format!("GET {TASKS}")).replace("HTTP/1.1", "HTTP/1.0") + "\r\n";
    let answer = stage.say(first + &stage.head("GET /api/v1/me") + "\r\n").await;
    assert_eq!(answer.matches("\"method\"").count(), 1, "{answer}");
    assert_eq!(echoes.seen(), 1);
}

#[tokio::test]
async fn an_offer_of_http_2_is_passed_over() {
    let (stage, echoes) = Stage::with_echoes().await;
    // As java.net.http sends its first request to a server that it doesn't know.
    let offer = "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n";
    let post = stage.head(&format!("POST {TASKS}")) + offer + "content-length: 2\r\n\r\n{}";
    for sent in 1..=2 {
        let answer = stage.say(&post).await;
        assert_eq!(statuses(&answer), ["200"], "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n") && !answer.contains("connection: upgrade"), "{answer}");
        assert!(!answer.contains("http2-settings"), "it is for this connection: {answer}");
        assert_eq!(echoes.seen(), sent);
    }
}

#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    let (stage, echoes) = Stage::with_echoes().await;
    for host in ["", "a b", "user@a", "a:b", "a:99999", "a/b", "[::1", "a\u{e9}"] {
        for path in [TASKS, "/api/v1/status", "/"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let answer = stage.say(request).await;
            assert_eq!(statuses(&answer), ["400"], "{host:?} {path}: {answer}");
        }
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn an_upgrade_that_we_do_not_make_ends_the_connection() {
    let (stage, echoes) = Stage::with_echoes().await;
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\nsec-websocket-version: 13\r\n";
    for extra in ["\r\n", "content-length: 2\r\n\r\n{}"] {
        let request = stage.head(&format!("GET {TASKS}")) + upgrade + extra + "GET /api/v1/me HTTP/1.1\r\n\r\n";
        let answer = stage.say(request).await;
        assert_eq!(statuses(&answer), ["400"], "{answer}");
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_refused() {
    let (stage, echoes) = Stage::with_echoes().await;
    let many: String = (0..1000).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = format!("x-long: {}\r\n", "y".repeat(300_000));
    for flood in [many, long] {
        let answer = stage.say(stage.head(&format!("GET {TASKS}")) + &flood + "\r\n").await;
        assert!(answer.is_empty() || statuses(&answer)[0].starts_with('4'), "{answer}");
    }
    assert_eq!(echoes.seen(), 0);
    let _ = stage.api().get(TASKS).await.expect(200);
}

#[tokio::test]
async fn a_header_cannot_be_smuggled_to_the_service() {
    let (stage, echoes) = Stage::with_echoes().await;
    for bad in ["x-a: b\rx-b: c\r\n", "x-a: b\0c\r\n", "x a: b\r\n", "x-\u{e4}: b\r\n", ": b\r\n"] {
        let answer = stage.say(stage.head(&format!("GET {TASKS}")) + bad + "\r\n").await;
        assert_eq!(statuses(&answer), ["400"], "{bad:?}: {answer}");
    }
    assert_eq!(echoes.seen(), 0);
}

#[tokio::test]
async fn odd_methods_are_the_services_to_refuse_and_connect_is_nobodys() {
    let (stage, echoes) = Stage::with_echoes().await;
    let answer = stage.say(stage.head(&format!("PURGE {TASKS}")) + "connection: close\r\n\r\n").await;
    assert!(answer.contains("\"method\":\"PURGE\""), "{answer}");
    let seen = echoes.seen();
    let answer = stage.say("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n").await;
    assert!(statuses(&answer)[0].starts_with('4'), "{answer}");
    assert_eq!(echoes.seen(), seen);
}

#[tokio::test]
async fn whoever_never_ends_a_head_is_cut_off_and_holds_up_nobody() {
    let (stage, echoes) = Stage::with_echoes().await;
    let mut slow = Vec::new();
    for n in 0..100 {
        let mut stream = stage.connect().await;
        let head = if n % 2 == 0 { String::new() } else { stage.head(&format!("GET {TASKS}")) + "x-a: " };
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    for _ in 0..20 {
        let _ = stage.api().get(TASKS).await.expect(200);
    }
    assert_eq!(echoes.seen(), 20);
    // A byte now and then doesn't make the time longer.
    let ends = slow.into_iter().skip(1).step_by(2).map(|mut stream| async move {
        let mut answer = Vec::new();
        loop {
            match tokio::time::timeout(Duration::from_millis(500), stream.read_buf(&mut answer)).await {
                Ok(Ok(1..)) => {}
                Ok(_) => return,
                Err(_) => {
                    let _ = stream.write_all(b"y").await;
                }
            }
        }
    });
    let all = futures_util::future::join_all(ends);
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("cut off after ten seconds");
    assert_eq!(echoes.seen(), 20);
}

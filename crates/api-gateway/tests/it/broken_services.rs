//! Services that don't answer, or not as they should: each has its problem, which names the service.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use crate::services::{Raw, read_request};
use crate::stage::{Stage, TASKS, nowhere};

#[tokio::test]
async fn a_service_that_is_away_is_a_503() {
    let stage = Stage::start([nowhere(), nowhere(), nowhere()], |_| {}).await;
    for (path, service) in
        [("/api/v1/me", "auth-service"), (TASKS, "task-service"), ("/api/v1/notifications", "worker")]
    {
        for method in ["GET", "POST"] {
            let answer = stage.api().send(method, path, Some(b"{}".to_vec())).await;
            answer.is_problem(503, service);
            assert_eq!(answer.json["type"], "urn:taskhub:problem:unavailable");
            assert_eq!(answer.header("retry-after"), "1");
            assert!(!answer.text.contains("127.0.0.1"), "no addresses: {}", answer.text);
        }
        assert_eq!(stage.counted("refused", service).await, 2);
    }
}

#[tokio::test]
async fn a_service_that_never_answers_is_a_504() {
    let raw = Raw::start(|mut stream, _| async move { while !read_request(&mut stream).await.is_empty() {} }).await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.deadline_ms = 200).await;
    let start = Instant::now();
    stage.api().get(TASKS).await.is_problem(504, "task-service");
    assert!(start.elapsed() >= Duration::from_millis(200) && start.elapsed() < Duration::from_secs(3));
    stage.api().send("POST", TASKS, Some(b"{}".to_vec())).await.is_problem(503, "may or may not");
    assert_eq!(raw.connections(), 2, "neither is sent twice");
    assert_eq!(stage.counted("timeout", "task-service").await, 2);
}

#[tokio::test]
async fn a_slow_head_within_the_deadline_is_fine_and_a_slow_body_beyond_it_too() {
    let raw = Raw::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        // Its pace is what is tested here.
        for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n" {
            tokio::time::sleep(Duration::from_millis(5)).await;
            stream.write_all(&[*byte]).await.unwrap();
        }
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            stream.write_all(b"x").await.unwrap();
        }
    })
    .await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.deadline_ms = 1000).await;
    assert_eq!(stage.api().get(TASKS).await.expect(200).text, "x".repeat(20));
}

#[tokio::test]
async fn a_body_that_falls_silent_breaks_off() {
    let raw = Raw::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf").await.unwrap();
        read_request(&mut stream).await;
    })
    .await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.idle_timeout_ms = 200).await;
    let start = Instant::now();
    stage.api().try_send("GET", TASKS, None).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_torn_answer_never_looks_whole() {
    for torn in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n14\r\nhalf",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
    ] {
        let raw = Raw::saying(torn).await;
        let stage = Stage::before(&raw).await;
        let answer = stage.api().try_send("GET", TASKS, None).await;
        assert!(answer.is_err(), "{torn:?}: {answer:?}");
        assert_eq!(raw.connections(), 1, "a part had come: it isn't asked again");
    }
}

#[tokio::test]
async fn a_small_answer_that_is_torn_is_a_502() {
    for body in ["", "half"] {
        let raw = Raw::saying(format!("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{body}")).await;
        let stage = Stage::before(&raw).await;
        stage.api().get(TASKS).await.is_problem(502, "task-service");
        assert_eq!(raw.connections(), 1, "a part had come: it isn't asked again");
        stage.api().send("POST", TASKS, Some(b"{}".to_vec())).await.is_problem(503, "may or may not");
        stage.api().send("DELETE", TASKS, None).await.is_problem(503, "may or may not");
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_502() {
    for nonsense in [
        "SSH-2.0-OpenSSH_9.2\r\n".to_owned(),
        "garbage\r\n\r\n".to_owned(),
        "HTTP/1.1 abc\r\n\r\n".to_owned(),
        "HTTP/1.1 600 Beyond\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "HTTP/1.1 999 Beyond\r\ncontent-length: 0\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx".to_owned(),
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n".to_owned(),
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
        "HTTP/1.1 100 Continue\r\n\r\n".repeat(50),
        format!("HTTP/1.1 200 OK\r\nx: {}", "a".repeat(200_000)),
        "HTTP/1.1 200 OK\r\n".to_owned(),
    ] {
        let raw = Raw::saying(nonsense.clone()).await;
        let stage = Stage::before(&raw).await;
        let before = stage.counted("broken", "task-service").await;
        stage.api().get(TASKS).await.is_problem(502, "task-service");
        assert_eq!(stage.counted("broken", "task-service").await, before + 1, "{:?}", &nonsense[..12]);
    }
}

#[tokio::test]
async fn a_write_that_may_have_been_done_is_never_sent_twice() {
    let raw = Raw::saying("").await;
    let stage = Stage::before(&raw).await;
    for (sent, method) in ["POST", "PUT", "PATCH", "DELETE"].into_iter().enumerate() {
        let answer = stage.api().send(method, TASKS, Some(b"{}".to_vec())).await;
        answer.is_problem(503, "may or may not");
        assert_eq!(answer.json["type"], "urn:taskhub:problem:outcome-unknown");
        assert!(!answer.headers.contains_key("retry-after"), "{method}: to repeat it may do it twice");
        assert_eq!(raw.connections(), 2 * sent + 1, "{method}");
        let answer = stage.api().with_header("if-match", "\"1\"").send(method, TASKS, None).await;
        answer.is_problem(503, "may or may not");
        assert_eq!(answer.header("retry-after"), "1", "{method}: its version makes it safe");
        assert_eq!(raw.connections(), 2 * sent + 2, "{method} without a body");
    }
}

#[tokio::test]
async fn a_read_is_sent_twice_at_most() {
    let raw = Raw::saying("").await;
    let stage = Stage::before(&raw).await;
    for (sent, (method, body)) in
        [("GET", None), ("HEAD", None), ("OPTIONS", None), ("GET", Some(b"{}".to_vec()))].into_iter().enumerate()
    {
        let answer = stage.api().send(method, TASKS, body).await;
        assert_eq!(answer.status.as_u16(), 502);
        assert_eq!(raw.connections(), 2 * (sent + 1), "{method}");
    }
}

#[tokio::test]
async fn an_old_service_that_ends_its_answer_by_closing_is_understood() {
    for head in ["HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"] {
        let raw = Raw::saying(format!("{head}everything")).await;
        let stage = Stage::before(&raw).await;
        for _ in 0..2 {
            assert_eq!(stage.api().get(TASKS).await.expect(200).text, "everything");
        }
    }
}

#[tokio::test]
async fn errors_of_the_service_pass_as_they_are() {
    let (stage, _echoes) = Stage::with_echoes().await;
    for status in [400, 404, 409, 422, 500, 503] {
        let answer = stage.api().with_header("x-answer", &status.to_string()).get(TASKS).await.expect(status);
        assert_eq!(answer.json["service"], "task-service");
    }
    assert_eq!(stage.counted("ok", "task-service").await, 4);
    assert_eq!(stage.counted("error", "task-service").await, 2);
}

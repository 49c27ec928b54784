//! Connections that stay open while nothing comes: reads find another way, writes wait.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::io::AsyncWriteExt;

use crate::services::{Raw, read_request};
use crate::stage::{Stage, TASKS};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// A service whose first `silent` connections say nothing.
async fn silent_at_first(silent: usize) -> Raw {
    Raw::start(move |mut stream, number| async move {
        while !read_request(&mut stream).await.is_empty() {
            if number > silent {
                stream.write_all(OK).await.unwrap();
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_read_is_sent_again_while_its_first_try_is_under_way() {
    let raw = silent_at_first(4).await;
    let stage = Stage::before(&raw).await;
    let start = Instant::now();
    assert_eq!(stage.api().get(TASKS).await.expect(200).text, "ok");
    assert!(start.elapsed() < Duration::from_secs(3), "long before its deadline of 10 s");
    assert_eq!(raw.connections(), 5);
    let _ = stage.api().get(TASKS).await.expect(200);
    assert_eq!(raw.connections(), 5, "the one that answers is kept");
}

#[tokio::test]
async fn a_slow_answer_to_the_first_try_counts() {
    let raw = Raw::start(|mut stream, number| async move {
        read_request(&mut stream).await;
        if number == 1 {
            // Slower than the gateway waits before it tries again; its pace is what is tested here.
            tokio::time::sleep(Duration::from_millis(600)).await;
            stream.write_all(OK).await.unwrap();
        }
        read_request(&mut stream).await;
    })
    .await;
    let stage = Stage::before(&raw).await;
    assert_eq!(stage.api().get(TASKS).await.expect(200).text, "ok");
}

#[tokio::test]
async fn a_write_is_sent_once() {
    let raw = silent_at_first(1).await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.deadline_ms = 1000).await;
    for (method, body) in [("POST", Some(b"{}".to_vec())), ("DELETE", None)] {
        let before = raw.connections();
        let answer = stage.api().send(method, TASKS, body).await;
        if before == 0 {
            answer.is_problem(503, "may or may not");
        }
        assert_eq!(raw.connections(), before + 1, "{method}");
    }
}

#[tokio::test]
async fn a_service_that_is_slow_for_everyone_gets_little_more_to_do() {
    let raw = silent_at_first(usize::MAX).await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.deadline_ms = 1500).await;
    let api = stage.api();
    let mut before = 0;
    // What is saved up goes with the first; then there is a tenth. Without a bound it would be five for each.
    for most in [200 + 20 + 40, 200 + 20 + 15] {
        for answer in join_all((0..200).map(|_| api.get(TASKS))).await {
            answer.is_problem(504, "task-service");
        }
        let made = raw.connections() - before;
        assert!((200 + 10..=most).contains(&made), "{made} connections");
        before = raw.connections();
    }
}

#[tokio::test]
async fn a_search_that_takes_its_time_is_sent_once() {
    let raw = silent_at_first(usize::MAX).await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.deadline_ms = 1000).await;
    let paths =
        ["tasks?q=x", "tasks?status=pending&assignee=x", "tasks?label=x", "tasks?limit=200", "tasks/counts", "stats"];
    for (sent, path) in paths.iter().map(|path| format!("/api/v1/teams/ops/{path}")).enumerate() {
        stage.api().get(&path).await.is_problem(504, "task-service");
        assert_eq!(raw.connections(), sent + 1, "{path}");
    }
}

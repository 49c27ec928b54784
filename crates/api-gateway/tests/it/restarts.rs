//! Services come and go; who reads doesn't notice.

use std::time::Duration;

use testkit::eventually;
use tokio::io::AsyncWriteExt;

use crate::services::{Echo, Raw, read_request};
use crate::stage::{Stage, TASKS, nowhere};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

#[tokio::test]
async fn connections_are_kept() {
    let raw = Raw::start(|mut stream, _| async move {
        while !read_request(&mut stream).await.is_empty() {
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    for _ in 0..20 {
        let _ = stage.api().get(TASKS).await.expect(200);
        let _ = stage.api().send("POST", TASKS, Some(b"{}".to_vec())).await.expect(200);
    }
    assert_eq!(raw.connections(), 1);
}

#[tokio::test]
async fn a_service_that_closes_between_requests_costs_no_read() {
    let raw = Raw::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
    })
    .await;
    let stage = Stage::before(&raw).await;
    for _ in 0..50 {
        assert_eq!(stage.api().get(TASKS).await.expect(200).text, "ok");
    }
}

#[tokio::test]
async fn a_connection_that_dies_under_a_second_request_costs_no_read() {
    let raw = Raw::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        // It takes the next request and dies without a word.
        read_request(&mut stream).await;
    })
    .await;
    let stage = Stage::before(&raw).await;
    for _ in 0..20 {
        assert_eq!(stage.api().get(TASKS).await.expect(200).text, "ok");
    }
}

#[tokio::test]
async fn bytes_that_nobody_asked_for_are_no_answer() {
    let raw = Raw::start(|mut stream, number| async move {
        read_request(&mut stream).await;
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{number:02}");
        stream.write_all(answer.as_bytes()).await.unwrap();
        if number == 1 {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison").await.unwrap();
        }
        while !read_request(&mut stream).await.is_empty() {
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    assert_eq!(stage.api().get(TASKS).await.expect(200).text, "01");
    for _ in 0..5 {
        let text = stage.api().get(TASKS).await.expect(200).text;
        assert!(text == "02" || text == "01", "{text}");
    }
}

#[tokio::test]
async fn a_restart_between_requests_is_not_noticed() {
    let mut echo = Echo::start("task-service").await;
    let stage = Stage::start([nowhere(), echo.url(), nowhere()], |_| {}).await;
    for _ in 0..5 {
        let together = (0..10).map(|_| {
            let api = stage.api();
            async move { api.get(TASKS).await.expect(200) }
        });
        let _ = futures_util::future::join_all(together).await;
        let addr = echo.stop().await;
        echo = Echo::start_at("task-service", addr).await;
        let _ = stage.api().get(TASKS).await.expect(200);
    }
}

#[tokio::test]
async fn a_service_that_comes_back_is_found_again() {
    let echo = Echo::start("task-service").await;
    let stage = Stage::start([nowhere(), echo.url(), nowhere()], |_| {}).await;
    let _ = stage.api().get(TASKS).await.expect(200);
    let addr = echo.stop().await;
    // Its last connection ends a moment after it.
    let away = eventually("it is missed", Duration::from_secs(10), async || {
        let answer = stage.api().get(TASKS).await;
        (answer.status != 200).then_some(answer)
    })
    .await;
    away.is_problem(503, "task-service");
    let _echo = Echo::start_at("task-service", addr).await;
    let _ = stage.api().get(TASKS).await.expect(200);
    let _ = stage.api().send("POST", TASKS, Some(b"{}".to_vec())).await.expect(200);
}

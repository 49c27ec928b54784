//! Bytes pass when they come, in both directions.

use std::sync::Arc;
use std::time::Duration;

use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::services::{Raw, read_request};
use crate::stage::{Stage, TASKS, nowhere};

const SOON: Duration = Duration::from_secs(5);

async fn get(stage: &Stage, path: &str) -> reqwest::Response {
    let request = reqwest::Client::new().get(format!("{}{path}", stage.running.url)).bearer_auth(stage.token());
    timeout(SOON, request.send()).await.expect("the head comes at once").unwrap()
}

#[tokio::test]
async fn the_first_event_arrives_while_the_service_still_holds_the_second() {
    for head in ["transfer-encoding: chunked", "content-length: 20"] {
        let go_on = Arc::new(Notify::new());
        let (may_go_on, chunked) = (go_on.clone(), head.starts_with('t'));
        let raw = Raw::start(move |mut stream, _| {
            let go_on = may_go_on.clone();
            async move {
                read_request(&mut stream).await;
                stream
                    .write_all(
                        format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n{head}\r\n\r\n").as_bytes(),
                    )
                    .await
                    .unwrap();
                let piece = |text: &str| if chunked { format!("a\r\n{text}\r\n") } else { text.to_owned() };
                go_on.notified().await;
                stream.write_all(piece("id: 1\ndata").as_bytes()).await.unwrap();
                go_on.notified().await;
                stream.write_all(piece("id: 2\ndata").as_bytes()).await.unwrap();
                if chunked {
                    stream.write_all(b"0\r\n\r\n").await.unwrap();
                }
                read_request(&mut stream).await;
            }
        })
        .await;
        let stage = Stage::before(&raw).await;
        let mut answer = get(&stage, "/api/v1/teams/ops/events").await;
        for event in ["id: 1\ndata", "id: 2\ndata"] {
            go_on.notify_one();
            let chunk = timeout(SOON, answer.chunk()).await.expect("it comes at once").unwrap().unwrap();
            assert_eq!(chunk, event.as_bytes());
        }
        assert_eq!(answer.chunk().await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_client_that_has_closed_its_sending_side_gets_its_answer() {
    let (arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (came, may_go_on) = (arrived.clone(), go_on.clone());
    let raw = Raw::start(move |mut stream, _| {
        let (came, may_go_on) = (came.clone(), may_go_on.clone());
        async move {
            read_request(&mut stream).await;
            came.notify_one();
            may_go_on.notified().await;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate").await.unwrap();
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    let mut stream = stage.connect().await;
    stream.write_all((stage.head(&format!("GET {TASKS}")) + "\r\n").as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    timeout(SOON, arrived.notified()).await.expect("the request reaches the service");
    go_on.notify_one();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("late"), "{answer}");
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_stream_at_the_service() {
    let gone = Arc::new(Notify::new());
    let went = gone.clone();
    let raw = Raw::start(move |mut stream, _| {
        let went = went.clone();
        async move {
            read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n").await.unwrap();
            assert_eq!(read_request(&mut stream).await, "");
            went.notify_one();
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    let mut answer = get(&stage, "/api/v1/teams/ops/events").await;
    assert_eq!(answer.chunk().await.unwrap().unwrap(), "hello");
    drop(answer);
    timeout(SOON, gone.notified()).await.expect("the service learns that nobody listens");
}

/// A task-service whose answers begin, and go on with a sign of life now and then, for ever.
async fn endless() -> Raw {
    Raw::start(|mut stream, _| async move {
        while !read_request(&mut stream).await.is_empty() {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
            stream.write_all(head.as_bytes()).await.unwrap();
            while stream.write_all(b"8\r\n: beat\n\n\r\n").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    })
    .await
}

const EVENTS: &str = "/api/v1/teams/ops/events";

#[tokio::test]
async fn a_stream_outlives_the_deadline_and_takes_no_place_from_requests() {
    let raw = endless().await;
    let urls = [nowhere(), raw.url(), nowhere()];
    let stage = Stage::start(urls, |settings| {
        settings.http.max_in_flight = 2;
        settings.http.max_streams = 4;
        settings.upstreams.deadline_ms = 300;
        settings.upstreams.max_requests = 2;
    })
    .await;
    let mut open = Vec::new();
    for _ in 0..4 {
        let answer = get(&stage, EVENTS).await;
        assert_eq!(answer.status(), 200);
        open.push(answer);
    }
    let refused = stage.api().get(EVENTS).await;
    refused.is_problem(503, "live streams");
    assert!(!refused.header("retry-after").is_empty());
    stage.api().get("/api/v1/status").await.expect(200);
    for answer in &mut open {
        for _ in 0..10 {
            let chunk = timeout(SOON, answer.chunk()).await.expect("a sign of life").unwrap().unwrap();
            assert!(chunk.starts_with(b": beat"));
        }
    }
    // A client that goes leaves room.
    open.pop();
    eventually("room for another", SOON, async || (get(&stage, EVENTS).await.status() == 200).then_some(())).await;
}

#[tokio::test]
async fn streams_do_not_hold_up_the_end() {
    let raw = endless().await;
    let stage = Stage::before(&raw).await;
    let mut open = get(&stage, EVENTS).await;
    assert!(open.chunk().await.unwrap().is_some());
    let start = std::time::Instant::now();
    stage.running.stop().await;
    let rest = async { while let Ok(Some(_)) = open.chunk().await {} };
    timeout(SOON, rest).await.expect("the stream ends");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_huge_answer_passes_without_being_collected() {
    const PIECE: usize = 1 << 20;
    const PIECES: usize = 64;
    let raw = Raw::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", PIECE * PIECES);
        stream.write_all(head.as_bytes()).await.unwrap();
        let piece = vec![b'x'; PIECE];
        for _ in 0..PIECES {
            stream.write_all(&piece).await.unwrap();
        }
        read_request(&mut stream).await;
    })
    .await;
    let stage = Stage::before(&raw).await;
    let mut answer = get(&stage, "/api/v1/teams/ops/export").await;
    let mut got = 0;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        got += chunk.len();
    }
    assert_eq!(got, PIECE * PIECES);
}

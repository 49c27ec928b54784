//! How long a body may be, and that it passes whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;

use crate::services::{Raw, read_request};
use crate::stage::{Echoes, Stage, TASKS};

const LIMIT: usize = 1 << 20;

#[tokio::test]
async fn a_body_up_to_the_limit_passes_whole_and_a_larger_one_not_at_all() {
    let (stage, echoes) = Stage::with_echoes().await;
    for length in [1, 8191, 100_000, LIMIT] {
        let answer = stage.api().send("POST", TASKS, Some(vec![b'x'; length])).await.expect(200);
        assert_eq!(answer.json["length"], length);
    }
    let seen = echoes.seen();
    for length in [LIMIT + 1, 2 * LIMIT] {
        stage.api().send("POST", TASKS, Some(vec![b'x'; length])).await.is_problem(413, "1048576 bytes");
    }
    assert_eq!(echoes.seen(), seen);
}

#[tokio::test]
async fn a_body_announced_too_long_is_refused_before_it_comes() {
    let (stage, echoes) = Stage::with_echoes().await;
    let answer =
        stage.say(stage.head(&format!("POST {TASKS}")) + "connection: close\r\ncontent-length: 2097152\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let absurd = stage
        .say(stage.head(&format!("POST {TASKS}")) + "connection: close\r\ncontent-length: 18446744073709551615\r\n\r\n")
        .await;
    assert!(absurd.starts_with("HTTP/1.1 413 "), "{absurd}");
    assert_eq!(echoes.seen(), 0);
}

fn chunk(length: usize) -> Vec<u8> {
    let mut chunk = format!("{length:x}\r\n").into_bytes();
    chunk.extend(std::iter::repeat_n(b'x', length));
    chunk.extend(b"\r\n");
    chunk
}

#[tokio::test]
async fn a_chunked_body_is_cut_at_the_limit_and_the_service_sees_it_break_off() {
    let (got, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let (count, end) = (got.clone(), ended.clone());
    let raw = Raw::start(move |mut stream, _| {
        let (count, end) = (count.clone(), end.clone());
        async move {
            let mut buffer = vec![0; 65536];
            let mut tail = Vec::new();
            while let Ok(n @ 1..) = stream.read(&mut buffer).await {
                count.fetch_add(n, Ordering::SeqCst);
                tail.extend_from_slice(&buffer[..n]);
            }
            assert!(!tail.ends_with(b"0\r\n\r\n"), "a cut body must not look whole");
            end.notify_one();
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    let mut stream = stage.connect().await;
    let head = stage.head(&format!("POST {TASKS}")) + "transfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..40 {
        if stream.write_all(&chunk(50_000)).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 413");
    tokio::time::timeout(Duration::from_secs(5), ended.notified())
        .await
        .expect("the request to the service is aborted");
    assert!(got.load(Ordering::SeqCst) <= LIMIT + 10_000);
}

#[tokio::test]
async fn a_chunked_body_within_the_limit_passes_whole() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let mut request =
        (stage.head(&format!("POST {TASKS}")) + "connection: close\r\ntransfer-encoding: chunked\r\n\r\n").into_bytes();
    for length in [1, 10_000, 50_000, 7] {
        request.extend(chunk(length));
    }
    request.extend(b"0\r\n\r\n");
    let answer = stage.say(request).await;
    assert!(answer.contains("\"length\":60008"), "{answer}");
    let empty =
        stage.head(&format!("POST {TASKS}")) + "connection: close\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(stage.say(empty).await.contains("\"length\":0"));
}

#[tokio::test]
async fn a_service_may_answer_before_it_has_read_the_body() {
    let raw = Raw::start(|mut stream, _| async move {
        let mut some = [0; 1000];
        stream.read_exact(&mut some).await.unwrap();
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno").await.unwrap();
        let mut rest = vec![0; 65536];
        while let Ok(1..) = stream.read(&mut rest).await {}
    })
    .await;
    let stage = Stage::before(&raw).await;
    let mut stream = stage.connect().await;
    let head = stage.head(&format!("POST {TASKS}")) + "content-length: 900000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&[b'x'; 10_000]).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 403", "while 890 kB are still to come");
}

#[tokio::test]
async fn a_body_that_stalls_is_the_clients_doing_and_a_408() {
    let raw = Raw::start(|mut stream, _| async move {
        let mut buffer = vec![0; 65536];
        while let Ok(1..) = stream.read(&mut buffer).await {}
    })
    .await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.deadline_ms = 300).await;
    let answer = stage
        .say(stage.head(&format!("POST {TASKS}")) + "connection: close\r\ncontent-length: 100\r\n\r\nhalf of it")
        .await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert_eq!(stage.counted("timeout", "task-service").await, 0);
}

#[tokio::test]
async fn a_slow_upload_has_time_as_long_as_it_moves() {
    let echoes = Echoes::start().await;
    let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
    let stage = Stage::start(urls, |settings| settings.upstreams.deadline_ms = 400).await;
    let mut stream = stage.connect().await;
    let head = stage.head(&format!("POST {TASKS}")) + "content-length: 10\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // The pace of the client is what is tested here.
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stream.write_all(b"x").await.unwrap();
    }
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn a_client_that_breaks_off_its_body_takes_the_request_with_it() {
    let gone = Arc::new(AtomicUsize::new(0));
    let count = gone.clone();
    let raw = Raw::start(move |mut stream, _| {
        let count = count.clone();
        async move {
            assert_eq!(read_request(&mut stream).await, "", "the body never comes whole");
            count.fetch_add(1, Ordering::SeqCst);
        }
    })
    .await;
    let stage = Stage::before(&raw).await;
    let mut stream = stage.connect().await;
    let head = stage.head(&format!("POST {TASKS}")) + "content-length: 100\r\n\r\nlies";
    stream.write_all(head.as_bytes()).await.unwrap();
    eventually("the request reaches the service", Duration::from_secs(5), async || {
        (raw.connections() == 1).then_some(())
    })
    .await;
    drop(stream);
    eventually("and breaks off there", Duration::from_secs(5), async || {
        (gone.load(Ordering::SeqCst) == 1).then_some(())
    })
    .await;
}

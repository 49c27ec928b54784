//! How long a body may be, and that it passes whole.

use std::time::{Duration, Instant};

use testkit::eventually;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::services::Raw;
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
async fn a_chunked_body_over_the_limit_reaches_no_service() {
    let (stage, echoes) = Stage::with_echoes().await;
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
    assert_eq!(echoes.seen(), 0);
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
    stream.write_all(&[b'x'; 900_000]).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 403");
}

/// What comes, until `end` is in it; fails when the connection ends before.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut answer = String::new();
    while !answer.contains(end) {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).await.unwrap();
        assert!(read > 0, "{answer}");
        answer.push_str(std::str::from_utf8(&some[..read]).unwrap());
    }
    answer
}

#[tokio::test]
async fn a_body_that_is_held_back_is_asked_for_once_its_head_was_accepted() {
    let (stage, echoes) = Stage::with_echoes().await;
    let head = |target: &str, length: usize| {
        stage.head(&format!("POST {target}")) + &format!("expect: 100-continue\r\ncontent-length: {length}\r\n\r\n")
    };
    let mut stream = stage.connect().await;
    for n in 1..=3 {
        stream.write_all(head(TASKS, 5).as_bytes()).await.unwrap();
        let mut interim = vec![0; 25];
        stream.read_exact(&mut interim).await.unwrap();
        assert_eq!(interim, b"HTTP/1.1 100 Continue\r\n\r\n");
        assert_eq!(echoes.seen(), n - 1);
        stream.write_all(b"12345").await.unwrap();
        let answer = read_until(&mut stream, "\"length\":5").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }
    // Who doesn't wait is answered all the same, over the same connection.
    let both = (head(TASKS, 5) + "12345") + &(head(TASKS, 2) + "12");
    stream.write_all(both.as_bytes()).await.unwrap();
    read_until(&mut stream, "\"length\":2").await;
    let seen = echoes.seen();
    let unknown = head("/api/v1/nothing", 5);
    let no_token = head(TASKS, 5).replace("authorization", "x-authorization");
    for (head, status) in [(unknown, 404), (no_token, 401), (head(TASKS, 2 << 20), 413)] {
        let answer = stage.say(head).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    }
    // What is left of a chunked body isn't waited for either.
    let stranger = "POST /api/v1/teams/ops/tasks HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n";
    for rest in ["expect: 100-continue\r\n\r\n", "\r\n", "\r\n5\r\n12345\r\n"] {
        let asked = Instant::now();
        let answer = stage.say(format!("{stranger}{rest}")).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        assert!(asked.elapsed() < Duration::from_secs(5), "{rest:?}: {:?}", asked.elapsed());
    }
    assert_eq!(echoes.seen(), seen);
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_the_clients_doing_and_a_408() {
    let (stage, echoes) = Stage::with_echoes().await;
    let start = Instant::now();
    let mut stream = stage.connect().await;
    let head = stage.head(&format!("POST {TASKS}")) + "content-length: 100\r\n\r\nhalf of it";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    // One byte now and then doesn't help.
    let trickle = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut answer = vec![0; 12];
    read.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 408");
    assert!((4..10).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!((stage.counted("timeout", "task-service").await, echoes.seen()), (0, 0));
    trickle.abort();
}

#[tokio::test]
async fn slow_senders_take_nobodys_place() {
    let echoes = Echoes::start().await;
    let urls = [echoes.auth.url(), echoes.task.url(), echoes.worker.url()];
    let stage = Stage::start(urls, |settings| {
        settings.http.max_in_flight = 4;
        settings.upstreams.max_requests = 4;
    })
    .await;
    // Until the keys are there, every request waits for them.
    stage.api().get(TASKS).await.expect(200);
    let mut slow = Vec::new();
    for target in [TASKS, "/api/v1/auth/login"] {
        for _ in 0..20 {
            let mut stream = stage.connect().await;
            let head = stage.head(&format!("POST {target}")) + "content-length: 100\r\n\r\nhalf of it";
            stream.write_all(head.as_bytes()).await.unwrap();
            slow.push(stream);
        }
    }
    eventually("they wait for their bodies", Duration::from_secs(5), async || {
        (stage.api().get(TASKS).await.status == 200).then_some(())
    })
    .await;
    let before = echoes.seen();
    for n in 0..20 {
        stage.api().get(&format!("{TASKS}/{n}")).await.expect(200);
        let length = 1 + n * 5000;
        let answer = stage.api().send("POST", TASKS, Some(vec![b'x'; length])).await.expect(200);
        assert_eq!(answer.json["length"], length);
    }
    assert_eq!(echoes.seen(), before + 40);
    // Who sends the rest in time gets an answer.
    let mut first = slow.swap_remove(0);
    first.write_all(&[b'x'; 90]).await.unwrap();
    let mut answer = vec![0; 12];
    first.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 200");
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
async fn a_body_that_breaks_off_reaches_no_service() {
    let (stage, echoes) = Stage::with_echoes().await;
    for framing in ["content-length: 100\r\n\r\nlies", "transfer-encoding: chunked\r\n\r\n4\r\nlies\r\n"] {
        let mut stream = stage.connect().await;
        stream.write_all((stage.head(&format!("POST {TASKS}")) + framing).as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(echoes.seen(), 0);
}

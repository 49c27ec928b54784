//! Many at once, and too many.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;

use crate::services::{Raw, read_request};
use crate::stage::{Stage, TASKS};
use testkit::eventually;

#[tokio::test]
async fn two_hundred_at_once_get_each_its_own_answer() {
    let (stage, echoes) = Stage::with_echoes().await;
    let api = stage.api();
    let answers = join_all((0..200).map(|n| {
        let api = api.clone();
        async move {
            let body = format!("{{\"n\": {n}}}");
            let path = format!("{TASKS}/{n}");
            let (got, posted) = tokio::join!(api.get(&path), api.send("POST", TASKS, Some(body.clone().into_bytes())),);
            assert_eq!(got.expect(200).json["target"], path);
            assert_eq!(posted.expect(200).json["body"], body);
        }
    }))
    .await;
    assert_eq!((answers.len(), echoes.task.seen()), (200, 400));
}

#[tokio::test]
async fn more_than_a_service_may_have_are_turned_away_at_once() {
    let hold = Arc::new(Semaphore::new(0));
    let held = hold.clone();
    let raw = Raw::start(move |mut stream, _| {
        let held = held.clone();
        async move {
            while !read_request(&mut stream).await.is_empty() {
                let _go = held.acquire().await.unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
            }
        }
    })
    .await;
    let stage = Stage::before_with(&raw, |upstreams| upstreams.max_requests = 3).await;
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let api = stage.api();
            tokio::spawn(async move { api.get(TASKS).await.expect(200) })
        })
        .collect();
    eventually("three wait", Duration::from_secs(5), async || (raw.connections() == 3).then_some(())).await;
    let turned_away = stage.api().get(TASKS).await;
    turned_away.is_problem(503, "task-service");
    assert_eq!(turned_away.header("retry-after"), "1");
    hold.add_permits(3);
    for answer in join_all(waiting).await {
        answer.unwrap();
    }
    let _ = stage.api().get(TASKS).await.expect(200);
}

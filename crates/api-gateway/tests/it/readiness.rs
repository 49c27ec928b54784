//! The gateway is ready when what is behind it is.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::{Api, eventually};

use crate::services::{Raw, read_request};
use crate::stage::{Echoes, Stage, nowhere};

/// Readiness as the inside of the cluster sees it.
async fn inside(stage: &Stage, status: u16) -> Value {
    Api::new(&stage.running.management_url).get("/health/ready").await.expect(status).json
}

/// What is missing, and what is said of it.
fn missing(readiness: &Value) -> Vec<(&str, &str)> {
    let dependencies = readiness["dependencies"].as_array().unwrap().iter();
    let away = dependencies.filter(|d| d["ok"] == false);
    away.map(|d| (d["name"].as_str().unwrap(), d["detail"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn it_is_ready_when_all_are() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let ready = inside(&stage, 200).await;
    assert_eq!(ready["status"], "ready");
    let names: Vec<_> = ready["dependencies"].as_array().unwrap().iter().map(|d| d["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["auth-service", "task-service", "worker", "token-keys"]);
}

#[tokio::test]
async fn what_is_missing_is_named_down_to_the_dependency() {
    let echoes = Echoes::start().await;
    echoes.task.lose_database();
    let stage = Stage::start([echoes.auth.url(), echoes.task.url(), nowhere()], |_| {}).await;
    let ready = inside(&stage, 503).await;
    assert_eq!(ready["status"], "not_ready");
    assert_eq!(missing(&ready), [("task-service", "not ready: database"), ("worker", "can't be reached")]);
    let _ = stage.nobody().get("/health").await.expect(200);
}

#[tokio::test]
async fn strangers_learn_only_whether_it_is() {
    let (stage, echoes) = Stage::with_echoes().await;
    for path in ["/health/ready", "/health/serving"] {
        let answer = stage.nobody().get(path).await.expect(200).json;
        assert_eq!(answer, json!({"status": "ready", "dependencies": []}), "{path}");
    }
    echoes.task.lose_database();
    eventually("it is not ready", Duration::from_secs(5), async || {
        let answer = stage.nobody().get("/health/ready").await;
        (answer.json == json!({"status": "not_ready", "dependencies": []})).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_service_that_hangs_does_not_hold_up_the_answer() {
    let hangs = Raw::start(|mut stream, _| async move { while !read_request(&mut stream).await.is_empty() {} }).await;
    let nonsense = Raw::saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let breaks = Raw::saying("").await;
    let stage = Stage::start([hangs.url(), nonsense.url(), breaks.url()], |_| {}).await;
    let start = Instant::now();
    let ready = inside(&stage, 503).await;
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    let said = missing(&ready);
    assert_eq!(said[0], ("auth-service", "doesn't answer"));
    assert_eq!(said[1], ("task-service", "answers, but not how it is"));
    assert_eq!(said[2], ("worker", "broke off"));
}

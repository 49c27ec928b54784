//! `GET /api/v1/status`.

use std::time::{Duration, Instant};

use domain::health::{Health, SystemStatus};
use futures_util::future::join_all;
use testkit::eventually;

use crate::services::{Echo, Raw, read_request};
use crate::stage::{Echoes, Stage, nowhere};

const STATUS: &str = "/api/v1/status";

#[tokio::test]
async fn it_shows_every_service_to_who_is_signed_in() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let status: SystemStatus = stage.api().get(STATUS).await.expect(200).body();
    assert_eq!(status.status, Health::Ok);
    let names: Vec<_> = status.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["auth-service", "task-service", "worker"]);
    for service in &status.services {
        assert!(service.ok && service.detail.is_none() && service.latency_ms.is_some());
        let dependencies: Vec<_> = service.dependencies.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(dependencies, ["database", "redis"]);
    }
}

#[tokio::test]
async fn a_stranger_learns_how_the_whole_is_and_no_more() {
    let (stage, echoes) = Stage::with_echoes().await;
    let status: SystemStatus = stage.nobody().get(STATUS).await.expect(200).body();
    assert_eq!((status.status, status.services.len()), (Health::Ok, 0));
    let forged = stage.issuer.forge(stage.user, testkit::Forgery::OtherKey);
    stage.nobody().with_token(forged).get(STATUS).await.is_problem(401, "signature");
    echoes.worker.lose_database();
    eventually("it is degraded", Duration::from_secs(5), async || {
        let answer = stage.nobody().get(STATUS).await.expect(200);
        assert!(!answer.text.contains("worker") && !answer.text.contains("database"), "{}", answer.text);
        (answer.json["status"] == "degraded").then_some(())
    })
    .await;
}

#[tokio::test]
async fn it_says_what_is_missing() {
    let echoes = Echoes::start().await;
    echoes.worker.lose_database();
    let hangs = Raw::start(|mut stream, _| async move { while !read_request(&mut stream).await.is_empty() {} }).await;
    let stage = Stage::start([hangs.url(), echoes.task.url(), echoes.worker.url()], |_| {}).await;
    let start = Instant::now();
    let status: SystemStatus = stage.api().get(STATUS).await.expect(200).body();
    assert!(start.elapsed() < Duration::from_millis(1500));
    assert_eq!(status.status, Health::Degraded);
    let details: Vec<_> = status.services.iter().map(|service| service.detail.as_deref()).collect();
    assert_eq!(details, [Some("doesn't answer"), None, Some("not ready: database")]);
    assert!(!status.services[2].dependencies[0].ok);
}

#[tokio::test]
async fn with_nothing_there_it_is_down_and_still_answers() {
    let stage = Stage::start([nowhere(), nowhere(), nowhere()], |_| {}).await;
    let status: SystemStatus = stage.api().get(STATUS).await.expect(200).body();
    assert_eq!(status.status, Health::Down);
    assert!(status.services.iter().all(|service| service.dependencies.is_empty()));
}

#[tokio::test]
async fn a_flood_of_questions_is_one_probe_a_second() {
    let (stage, echoes) = Stage::with_echoes().await;
    let start = Instant::now();
    for _ in 0..4 {
        let _ = join_all((0..50).map(|_| {
            let api = stage.nobody().clone();
            async move {
                let (status, _) = tokio::join!(api.get(STATUS), api.get("/health/ready"));
                status.expect(200)
            }
        }))
        .await;
    }
    let allowed = usize::try_from(start.elapsed().as_secs()).unwrap() + 1;
    for echo in [&echoes.auth, &echoes.task, &echoes.worker] {
        assert!((1..=allowed).contains(&echo.probed()), "{} probes, {allowed} allowed", echo.probed());
    }
}

#[tokio::test]
async fn it_notices_a_change_within_seconds() {
    let echoes = Echoes::start().await;
    let stage = Stage::start([echoes.auth.url(), echoes.task.url(), echoes.worker.url()], |_| {}).await;
    let healthy = async || {
        let status: SystemStatus = stage.api().get(STATUS).await.expect(200).body();
        status.status == Health::Ok
    };
    assert!(healthy().await);
    let addr = echoes.worker.stop().await;
    eventually("the worker is missed", Duration::from_secs(5), async || (!healthy().await).then_some(())).await;
    let _worker = Echo::start_at("worker", addr).await;
    eventually("and found again", Duration::from_secs(5), async || healthy().await.then_some(())).await;
}

#[tokio::test]
async fn it_takes_no_other_method_and_no_parameter() {
    let (stage, _echoes) = Stage::with_echoes().await;
    let answer = stage.nobody().post(STATUS, serde_json::json!({})).await;
    answer.is_problem(405, "GET");
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    stage.nobody().get("/api/v1/status?verbose=1").await.is_problem(400, "verbose");
}

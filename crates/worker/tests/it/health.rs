//! Readiness and metrics.

use testkit::{Api, eventually};

use crate::scene::{NewEvent, SOON, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_when_all_is_there() {
    let scene = Scene::new().await;
    let running = scene.serve(&scene.worker()).await;
    assert_eq!(running.api().get("/health").await.status, 200);
    let ready = eventually("ready", SOON, async || {
        let answer = running.api().get("/health/ready").await;
        (answer.status == 200).then_some(answer)
    })
    .await;
    for name in ["database", "redis", "token-keys"] {
        assert!(ready.text.contains(&format!("\"{name}\"")), "{}", ready.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_names_what_is_away() {
    let scene = Scene::new().await;
    let worker = scene.worker_with(|s| s.redis.url = "redis://127.0.0.1:1/".into());
    let running = scene.serve(&worker).await;
    let answer = running.api().get("/health/ready").await.expect(503);
    assert!(away(&answer.json).contains(&"redis".to_owned()), "{}", answer.text);
    assert!(!away(&answer.json).contains(&"database".to_owned()), "{}", answer.text);

    let worker =
        scene.worker_with(|s| s.database.url = "postgres://taskhub_worker@127.0.0.1:1/x?sslmode=disable".into());
    let running = scene.serve(&worker).await;
    let _background = worker.start();
    assert_eq!(running.api().get("/health").await.status, 200);
    let answer = running.api().get("/health/ready").await.expect(503);
    assert_eq!(away(&answer.json), ["database"]);
    let api = scene.api(&running, scene.bob);
    api.get("/api/v1/notifications").await.is_problem(503, "database");
}

/// The names of the dependencies that aren't there.
fn away(readiness: &serde_json::Value) -> Vec<String> {
    let dependencies = readiness["dependencies"].as_array().unwrap();
    let away = dependencies.iter().filter(|d| d["ok"] == false);
    away.map(|d| d["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_events_is_measured() {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let running = scene.serve(&worker).await;
    let management = Api::new(&running.management_url);
    let before = management.get("/metrics").await.expect(200).text;
    for metric in [
        "taskhub_events_published_total",
        "taskhub_events_direct_total",
        "taskhub_events_consumed_total{effect=\"notification\"}",
        "taskhub_events_failed_total{effect=\"notification\"}",
        "taskhub_events_failed_total{effect=\"envelope\"}",
        "taskhub_event_lag_seconds_count",
        "taskhub_outbox_pending",
        "taskhub_outbox_oldest_seconds",
        "taskhub_dead_letters",
        "taskhub_redis_errors_total{kind=\"add\"}",
        "taskhub_redis_command_duration_seconds_count{command=\"add\"}",
    ] {
        assert!(before.contains(metric), "{metric} is there from the start");
    }
    let insert = "INSERT INTO delivery.dead_letters (id, message, error, attempts) VALUES ($1, 'x', 'y', 1)";
    scene.admin.execute(insert, &[&uuid::Uuid::now_v7()]).await.unwrap();
    let _background = worker.start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    scene.settled().await;
    eventually("it is counted", SOON, async || {
        let text = management.get("/metrics").await.text;
        let at_least_one = |metric: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(metric)?.strip_prefix(' '));
            line.is_some_and(|value| value.parse::<f64>().unwrap() >= 1.0)
        };
        (at_least_one("taskhub_events_published_total")
            && at_least_one("taskhub_events_consumed_total{effect=\"notification\"}")
            && at_least_one("taskhub_event_lag_seconds_count")
            && at_least_one("taskhub_redis_command_duration_seconds_count{command=\"add\"}")
            && at_least_one("taskhub_dead_letters"))
        .then_some(())
    })
    .await;
}

//! A team that changes very much: what it costs the others, and what it costs worker and Redis.

use std::time::{Duration, Instant};

use domain::EventType::TaskStatusChanged;
use domain::TeamId;
use serde_json::{Value, json};
use testkit::eventually;

use crate::process::Process;
use crate::scene::{NewEvent, SOON, Scene, task};

/// The longest description, of the characters that are longest as JSON: 64 KiB become 384.
fn longest() -> String {
    "\u{1}".repeat(65_536)
}

/// Another team, whose member changes the status of a large task again and again.
async fn flood(scene: &Scene, changes: i64) -> TeamId {
    let stranger = scene.db.user("stranger").await;
    let team = scene.db.team("dev", &[(stranger, "owner")]).await;
    let event = NewEvent::changed(TaskStatusChanged, stranger, &[], json!({"status": "blocked"}));
    let mut task = task(team, 1, &event);
    task["description"] = longest().into();
    scene
        .repeat(team, changes, TaskStatusChanged.as_str(), stranger, &json!({"task": task, "previous": event.previous}))
        .await;
    team
}

#[tokio::test(flavor = "multi_thread")]
async fn large_tasks_of_one_team_hold_up_no_other_and_stay_out_of_the_memory() {
    let scene = Scene::new().await;
    flood(&scene, 1500).await;
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    let start = Instant::now();
    let worker = Process::start(&scene, &[]);
    let mut most_in_redis = 0;
    let mut told_after = None;
    eventually("every event is done", 3 * SOON, async || {
        let used: Option<i64> = scene.command(&["MEMORY", "USAGE", &scene.stream, "SAMPLES", "0"]).await;
        most_in_redis = most_in_redis.max(used.unwrap_or(0));
        if told_after.is_none() && scene.told(scene.bob).await == 1 {
            told_after = Some(start.elapsed());
        }
        (scene.pending().await == 0).then_some(())
    })
    .await;
    let (told_after, peak) = (told_after.unwrap(), worker.peak_memory());
    let figures = format!("told after {told_after:?}; worker {} KiB; Redis {} KiB", peak >> 10, most_in_redis >> 10);
    println!("{figures}; all done after {:?}", start.elapsed());
    assert!(told_after < Duration::from_secs(10) && peak < 128 << 20 && most_in_redis < 16 << 20, "{figures}");
    assert_eq!(scene.dead_letters().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_take_turns() {
    let scene = Scene::new().await;
    flood(&scene, 50).await;
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    let relay = scene.worker_with(|s| {
        s.events.concurrency = 0;
        (s.events.batch, s.events.max_in_flight) = (10, 10);
    });
    let relay = relay.start();
    scene.wait_for_entries(10).await;
    let leased = "tasks.outbox WHERE visible_at > now() AND team_id = $1";
    assert_eq!(scene.count(leased, &[&scene.team.uuid()]).await, 1, "a team with one event waits behind no other's 50");
    assert!(relay.stop(SOON).await);
    let _running = scene.worker().start();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_carries_no_long_texts_and_every_broken_shape_passes() {
    let scene = Scene::new().await;
    let good = NewEvent::created(scene.alice, &[scene.bob]);
    let mut whole = task(scene.team, 1, &good);
    whole["description"] = longest().into();
    let at = "2026-03-01T09:30:00.000000Z";
    let comment = json!({
        "id": domain::CommentId::new(), "task_id": whole["id"], "author_id": scene.carol, "body": "\u{1}".repeat(32_768),
        "created_at": at, "updated_at": at,
    });
    for (kind, data) in [
        ("task.created", json!({"task": whole, "previous": {}})),
        ("task.updated", json!({"task": whole, "previous": {"description": longest(), "title": "Ship"}})),
        ("comment.created", json!({"task": whole, "comment": comment, "previous": {}})),
        ("comment.updated", json!({"task": whole, "comment": comment, "previous": {"body": "\u{1}".repeat(32_768)}})),
    ] {
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, scene.alice, data).await;
    }
    let relay = scene.relay_alone().start();
    scene.wait_for_entries(4).await;
    assert!(relay.stop(SOON).await);
    let entries: redis::streams::StreamRangeReply = scene.command(&["XRANGE", &scene.stream, "-", "+"]).await;
    let events: Vec<String> =
        entries.ids.iter().map(|entry| redis::from_redis_value(entry.map["event"].clone()).unwrap()).collect();
    for event in &events {
        assert!(event.len() < 2000, "{} bytes", event.len());
    }
    // An envelope all the same, with every other value: the previous release understands it.
    let updated: Value = serde_json::from_str(&events[1]).unwrap();
    let told = [&updated["data"]["task"]["title"], &updated["data"]["previous"]["title"], &updated["subject"]];
    assert_eq!(told, [&json!("Ship it"), &json!("Ship"), &whole["id"]]);
    assert!(events.iter().all(|event| serde_json::from_str::<domain::Envelope>(event).is_ok()));

    // The previous release adds whole events.
    let field = |name: &str| redis::from_redis_value::<String>(entries.ids[0].map[name].clone()).unwrap();
    let mut previous: Value = serde_json::from_str(&events[0]).unwrap();
    previous["data"]["task"]["description"] = longest().into();
    let words = ["ticket", &field("ticket"), "attempts", "0", "event", &previous.to_string()];
    let _: String = scene.command(&[["XADD", &scene.stream, "*"].as_slice(), &words].concat()).await;
    let _: i64 = scene.command(&["XDEL", &scene.stream, &entries.ids[0].id]).await;

    // What isn't an event stops no lease, whatever has the names of the long texts.
    for data in [
        json!([{"task": {"description": "x"}}]),
        json!({"task": [{"description": "x"}], "comment": "x", "previous": [1]}),
        json!({"task": "x", "comment": [], "previous": {"description": 7}}),
    ] {
        let revision = scene.advance(1).await;
        scene.log_raw(revision, "task.created", scene.alice, data).await;
    }
    scene.admin.execute("UPDATE tasks.events SET occurred_at = now() - interval '2 days'", &[]).await.unwrap();
    let _running = scene.worker().start();
    scene.settled().await;
    scene.stream_is_empty().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (2, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_has_a_bound_in_bytes() {
    let scene = Scene::new().await;
    // As much as an event may say without its long texts, and more.
    let everyone: Vec<_> = (0..1000).map(|_| domain::UserId::new()).collect();
    let event = NewEvent::created(scene.alice, &everyone);
    let data = json!({"task": task(scene.team, 1, &event), "previous": {}});
    scene.repeat(scene.team, 100, "task.updated", scene.alice, &data).await;
    let relay = scene.worker_with(|s| {
        s.events.concurrency = 0;
        (s.events.batch, s.events.max_in_flight) = (100, 100);
    });
    let relay = relay.start();
    eventually("a first lease", SOON, async || (scene.in_stream().await > 0).then_some(())).await;
    assert!(relay.stop(SOON).await);
    let leased = scene.count("tasks.outbox WHERE visible_at > now()", &[]).await;
    assert!((20..30).contains(&leased), "{leased} of 40 KB each");
    let _running = scene.worker().start();
    scene.settled().await;
    assert_eq!(scene.dead_letters().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_takes_too_long_is_made_smaller() {
    let scene = Scene::new().await;
    scene
        .admin
        .batch_execute(
            "CREATE FUNCTION tasks.slow() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END $$;
             CREATE TRIGGER slow BEFORE UPDATE ON tasks.outbox FOR EACH ROW EXECUTE FUNCTION tasks.slow()",
        )
        .await
        .unwrap();
    scene.backlog(100).await;
    let _running = scene.worker_with(|s| s.database.statement_timeout_ms = 400).start();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (100, 0));
}

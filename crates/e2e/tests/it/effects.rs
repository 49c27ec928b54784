//! Each event has its effect once, whatever is killed or wiped on the way.

use std::collections::HashSet;
use std::time::Duration;

use e2e::{Person, Service, Stack};
use futures_util::{StreamExt, stream};
use serde_json::json;
use testkit::eventually;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_wiped_between_a_task_and_its_notification() {
    // A short lease: what the wipe took is carried again soon.
    let mut stack = Stack::start_with(&[("TASKHUB__EVENTS__LEASE_MS", "1000")]).await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;

    // Without a pause of the consumer the wipe would come too late every time; many rounds, and a
    // worker that is stopped at a random point of its work, hit every stage.
    for round in 0..20 {
        let _ = alice
            .api
            .post("/api/v1/teams/ops/tasks", json!({"title": format!("Task {round}"), "assignees": [bob.id]}))
            .await
            .expect(201);
        stack.process(Service::Worker).signal("STOP");
        stack.redis.wipe().await;
        stack.process(Service::Worker).signal("CONT");
    }
    eventually("every notification comes", Duration::from_secs(30), async || {
        (bob.notifications().await.len() >= 20).then_some(())
    })
    .await;
    let keys: HashSet<_> = bob.notifications().await.iter().map(|n| n["task_key"].to_string()).collect();
    assert_eq!((keys.len(), bob.notifications().await.len()), (20, 20), "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_is_killed_in_the_middle_of_a_backlog() {
    const EVENTS: usize = 2_000;
    let mut stack = Stack::start_with(&[("TASKHUB__EVENTS__LEASE_MS", "1000"), ("TASKHUB__EVENTS__BATCH", "50")]).await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;

    let admin = stack.postgres.admin().await;
    let told = async || {
        let row =
            admin.query_one("SELECT count(*), count(DISTINCT (team_id, revision)) FROM delivery.notifications", &[]);
        let row = row.await.unwrap();
        (row.get::<_, i64>(0) as usize, row.get::<_, i64>(1) as usize)
    };
    // The backlog grows while nobody works on it, ...
    stack.take(Service::Worker).kill();
    let made = stream::iter(0..EVENTS)
        .map(|n| {
            let (api, bob) = (alice.api.clone(), bob.id.clone());
            async move {
                api.post("/api/v1/teams/ops/tasks", json!({"title": format!("Task {n}"), "assignees": [bob]})).await
            }
        })
        .buffer_unordered(32)
        .map(|answer| answer.status.as_u16())
        .collect::<Vec<_>>()
        .await;
    assert!(made.iter().all(|status| *status == 201));
    assert_eq!(told().await.0, 0);
    // ... and whoever works on it is killed, again and again, in the middle.
    let mut kills = 0;
    let mut seen = 0;
    while seen < EVENTS * 3 / 4 {
        stack.run(Service::Worker);
        let at_least = (seen + EVENTS / 8).min(EVENTS - 1);
        seen = eventually("some progress", Duration::from_secs(30), async || {
            let (rows, _) = told().await;
            (rows >= at_least).then_some(rows)
        })
        .await;
        stack.take(Service::Worker).kill();
        kills += 1;
        seen = seen.max(told().await.0);
    }
    assert!(kills >= 2, "killed {kills} times");
    stack.run(Service::Worker);
    eventually("the rest", Duration::from_secs(60), async || (told().await.0 >= EVENTS).then_some(())).await;
    assert_eq!(told().await, (EVENTS, EVENTS), "none missing, none twice");
    let left: i64 = admin.query_one("SELECT count(*) FROM tasks.outbox", &[]).await.unwrap().get(0);
    assert_eq!(left, 0, "nothing is left to do");
    assert_eq!(bob.notifications().await.len(), EVENTS);
}

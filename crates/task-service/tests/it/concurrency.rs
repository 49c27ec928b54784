//! Many at once: the log stays without gap or double, and no change is lost.

use std::collections::BTreeSet;

use domain::{EventType, EventView, TaskView};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::world::{World, path};

/// The task that an event is about.
fn about(event: &EventView) -> &TaskView {
    event.data.task.as_ref().unwrap()
}

#[tokio::test]
async fn fifty_writers_at_once_leave_one_log_without_gap_or_double() {
    let (world, alice, _) = World::with("member").await;
    let made: Vec<TaskView> = join_all((0..50).map(|n| {
        let alice = &alice;
        async move { alice.titled(&format!("task {n}")).await }
    }))
    .await;
    let numbers: BTreeSet<i64> = made.iter().map(|task| task.number).collect();
    assert!(numbers.into_iter().eq(1..=50));
    let log = alice.log().await;
    assert!(log.iter().map(|event| event.revision).eq(1..=50));
    assert!(log.iter().map(|event| about(event).number).eq(1..=50));
    assert!(log.is_sorted_by(|a, b| a.occurred_at < b.occurred_at), "times follow revisions");
    for task in &made {
        assert_eq!(log[usize::try_from(task.number).unwrap() - 1].data.task.as_ref(), Some(task));
    }
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 50);
    assert_eq!(world.count("SELECT count(DISTINCT revision) FROM tasks.outbox").await, 50);
}

#[tokio::test]
async fn fifty_patches_of_different_fields_at_once_all_survive() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("start").await;
    let patches: Vec<Value> = (0..10)
        .flat_map(|n| {
            [
                json!({"title": format!("title {n}")}),
                json!({"description": format!("description {n}")}),
                json!({"status": if n % 2 == 0 { "completed" } else { "blocked" }}),
                json!({"priority": if n % 2 == 0 { "high" } else { "urgent" }}),
                json!({"due_at": format!("2027-01-0{}T00:00:00.000000Z", n % 9 + 1)}),
            ]
        })
        .collect();
    let answers: Vec<TaskView> = join_all(patches.iter().map(|body| {
        let (api, path) = (&alice.api, path(&task));
        async move {
            let answer = api.patch(&path, body.clone()).await.expect(200);
            let (name, value) = body.as_object().unwrap().iter().next().unwrap();
            assert_eq!(&answer.json[name], value);
            answer.body()
        }
    }))
    .await;
    let last: TaskView = alice.api.get(&path(&task)).await.expect(200).body();
    let log = alice.log().await;
    assert!(log.iter().map(|event| event.revision).eq(1..=i64::try_from(log.len()).unwrap()));
    assert!(log.iter().map(|event| about(event).version).eq(1..=last.version));
    // Each event starts from what the one before left: nothing in between was overwritten unseen.
    for pair in log.windows(2) {
        let (before, after) = (json!(about(&pair[0])), json!(about(&pair[1])));
        for name in ["title", "description", "status", "priority", "due_at"] {
            match pair[1].data.previous.get(name) {
                Some(replaced) => assert_eq!((replaced, before[name] != after[name]), (&before[name], true)),
                None => assert_eq!(before[name], after[name], "{name}"),
            }
        }
        assert_eq!(after["completed_at"].is_null(), after["status"] != "completed");
    }
    assert_eq!(about(log.last().unwrap()), &last);
    // A patch that found its value there already made no event; every other made one.
    let versions: BTreeSet<i64> = answers.iter().map(|task| task.version).chain([1]).collect();
    assert!(versions.into_iter().eq(1..=last.version));
    assert!(last.title.starts_with("title ") && last.description.starts_with("description ") && last.due_at.is_some());
    assert!(last.version > 30, "titles and descriptions alone are 20: {}", last.version);
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, last.version);
}

#[tokio::test]
async fn of_many_with_the_same_if_match_one_wins() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("start").await;
    let first = alice.api.with_header("if-match", "\"1\"");
    let answers = join_all((0..20).map(|n| {
        let (first, path) = (&first, path(&task));
        async move { first.patch(&path, json!({"title": format!("by {n}")})).await }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.is_problem(412, "precondition-failed");
        assert_eq!(answer.header("etag"), "\"2\"");
    }
    assert_eq!(alice.log().await.len(), 2);
}

#[tokio::test]
async fn deletions_and_changes_at_once_end_in_one_deletion_and_nothing_after_it() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("start").await;
    let answers = join_all((0..30).map(|n| {
        let (api, path) = (&alice.api, path(&task));
        async move {
            if n % 3 == 0 { api.delete(&path).await } else { api.patch(&path, json!({"title": n.to_string()})).await }
        }
    }))
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
    assert!(answers.iter().all(|answer| [200, 204, 404].contains(&answer.status.as_u16())));
    let log = alice.log().await;
    let changed = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(log.len(), changed + 2);
    assert!(log.iter().map(|event| event.revision).eq(1..=i64::try_from(log.len()).unwrap()));
    assert!(log[..log.len() - 1].iter().all(|event| event.r#type != EventType::TaskDeleted));
    assert_eq!(log.last().unwrap().r#type, EventType::TaskDeleted);
}

#[tokio::test]
async fn everything_at_once_over_several_tasks_never_blocks_itself() {
    let (world, alice, _) = World::with("member").await;
    let tasks: Vec<TaskView> = join_all((0..5).map(|_| alice.titled("start"))).await;
    let answers = join_all((0..200).map(|n: usize| {
        let (api, path) = (&alice.api, path(&tasks[n % 5]));
        async move {
            match n % 4 {
                0 => api.post("/api/v1/teams/ops/tasks", json!({"title": n.to_string()})).await,
                1 => api.get("/api/v1/teams/ops/tasks?status=pending").await,
                _ => api.patch(&path, json!({"title": n.to_string(), "priority": "low"})).await,
            }
        }
    }))
    .await;
    assert!(answers.iter().all(|answer| answer.status.is_success()), "{answers:?}");
    let log = alice.log().await;
    assert_eq!(log.len(), 5 + 50 + 100);
    assert!(log.iter().map(|event| event.revision).eq(1..=155));
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 155);
    assert_eq!(world.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await, 0);
}

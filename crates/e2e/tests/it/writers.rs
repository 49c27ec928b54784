//! Many writers on one team leave one log.

use e2e::{Person, Stack};
use futures_util::future::join_all;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_writers_make_revisions_without_a_gap_or_a_double() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;

    // Each makes a task, changes it twice and deletes it: four revisions each.
    let writer = async |n: usize| {
        let task = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": format!("Task {n}")})).await.expect(201);
        let path = format!("/api/v1/teams/ops/tasks/{}", task.json["id"].as_str().unwrap());
        let _ = alice.api.patch(&path, json!({"status": "in_progress"})).await.expect(200);
        let _ = alice.api.patch(&path, json!({"priority": "high"})).await.expect(200);
        let _ = alice.api.delete(&path).await.expect(204);
        task.json["number"].as_i64().unwrap()
    };
    let mut numbers = join_all((0..50).map(writer)).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());

    let (mut revisions, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = alice.api.get(&format!("/api/v1/teams/ops/activity?limit=17{cursor}")).await.expect(200).json;
        revisions.extend(page["items"].as_array().unwrap().iter().map(|e| e["revision"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(revisions, (1..=200).rev().collect::<Vec<_>>(), "newest first, each once");
}

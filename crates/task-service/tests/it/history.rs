//! `GET /api/v1/teams/{team}/tasks/{task}/history`.

use domain::{EventType, EventView};
use serde_json::json;

use crate::world::{World, path};

#[tokio::test]
async fn what_happened_to_one_task_is_told_newest_first() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let (task, other) = (alice.titled("a").await, alice.titled("b").await);
    alice.label("bug").await;
    for n in 1..=3 {
        alice.api.patch(&path(&task), json!({"title": n.to_string()})).await.expect(200);
        alice.api.patch(&path(&other), json!({"title": n.to_string()})).await.expect(200);
    }
    alice.comment(&task, "done").await;
    let of_task: Vec<EventView> = alice.log().await.into_iter().rev().filter(|e| e.task_id == Some(task.id)).collect();
    assert_eq!(of_task[0].r#type, EventType::CommentCreated);
    assert_eq!(of_task.len(), 5);
    for limit in [1, 2, 5, 200] {
        let history: Vec<EventView> = bob.walk(&format!("{}/history?limit={limit}", path(&task))).await;
        assert_eq!(history, of_task, "limit {limit}");
    }
    alice.api.delete(&path(&task)).await.expect(204);
    bob.api.get(&format!("{}/history", path(&task))).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn bad_queries_are_refused() {
    let (_world, alice, _) = World::with("viewer").await;
    let history = "/api/v1/teams/ops/tasks/1/history";
    alice.api.get(history).await.is_problem(404, "not-found");
    for query in ["limit=0", "limit=100000", "cursor=x", "since=1"] {
        alice.api.get(&format!("{history}?{query}")).await.is_problem(400, "");
    }
    alice.api.post(history, json!({})).await.is_problem(405, "GET");
}

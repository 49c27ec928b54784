//! `DELETE /api/v1/teams/{team}/tasks/{task}`.

use domain::{EventType, Page, TaskView};
use serde_json::json;

use crate::world::{World, path};

#[tokio::test]
async fn a_deleted_task_is_gone_everywhere() {
    let (world, alice, _) = World::with("member").await;
    let (kept, task) = (alice.titled("a").await, alice.titled("b").await);
    let answer = alice.api.delete(&path(&task)).await.expect(204);
    assert_eq!(answer.text, "");
    let by_id = format!("/api/v1/teams/ops/tasks/{}", task.id);
    for named in [path(&task), by_id] {
        alice.api.get(&named).await.is_problem(404, "not-found");
        alice.api.patch(&named, json!({"title": "c"})).await.is_problem(404, "not-found");
        alice.api.delete(&named).await.is_problem(404, "not-found");
    }
    let simple = format!("/api/tasks/{}", task.id);
    alice.api.put(&simple, json!({"title": "c"})).await.is_problem(404, "not-found");
    alice.api.delete("/api/tasks/OPS-2").await.is_problem(404, "not-found");
    for list in ["/api/v1/teams/ops/tasks", "/api/v1/teams/ops/tasks?status=pending"] {
        assert_eq!(alice.api.get(list).await.body::<Page<TaskView>>().items, std::slice::from_ref(&kept));
    }
    assert_eq!(alice.api.get("/api/tasks").await.json["count"], 1);
    // Its number isn't used again.
    assert_eq!(alice.titled("c").await.number, 3);
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 4);
}

#[tokio::test]
async fn the_event_holds_the_task_as_it_last_was() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.task(json!({"title": "a", "assignees": [alice.id]})).await;
    alice.api.delete(&path(&task)).await.expect(204);
    let event = alice.log().await.pop().unwrap();
    assert_eq!((event.r#type, event.revision, event.task_id), (EventType::TaskDeleted, 2, Some(task.id)));
    assert_eq!((event.data.task, event.data.previous.len()), (Some(task), 0));
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 2);
}

#[tokio::test]
async fn if_match_is_honoured() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    alice.api.patch(&path(&task), json!({"title": "b"})).await.expect(200);
    let late = alice.api.with_header("if-match", "\"1\"").delete(&path(&task)).await;
    late.is_problem(412, "precondition-failed");
    assert_eq!(late.header("etag"), "\"2\"");
    alice.api.with_header("if-match", "oops").delete(&path(&task)).await.is_problem(400, "If-Match");
    alice.api.with_header("if-match", "\"2\"").delete(&path(&task)).await.expect(204);
}

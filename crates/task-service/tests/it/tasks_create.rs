//! `POST /api/v1/teams/{team}/tasks`.

use domain::{EventType, Priority, Status, TaskView, UserId};
use serde_json::json;

use crate::world::World;

const TASKS: &str = "/api/v1/teams/ops/tasks";

#[tokio::test]
async fn a_member_makes_a_task() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let body = json!({
        "title": "  Ship it ", "description": "*now*\n", "status": "in_progress", "priority": "high",
        "assignees": [bob.id, alice.id], "due_at": "2027-01-02T03:04:05+01:00",
    });
    let answer = alice.api.post(TASKS, body).await.expect(201);
    let task: TaskView = answer.body();
    assert_eq!((task.number, task.key.as_str(), task.version), (1, "OPS-1", 1));
    assert_eq!((task.title.as_str(), task.description.as_str()), ("Ship it", "*now*\n"));
    assert_eq!((task.status, task.priority), (Status::InProgress, Priority::High));
    assert_eq!(task.assignees, [bob.id, alice.id]);
    assert_eq!((task.team_id, task.created_by, task.completed_at), (team, alice.id, None));
    assert_eq!(answer.json["due_at"], "2027-01-02T02:04:05.000000Z");
    assert_eq!(answer.json["created_at"], answer.json["updated_at"]);
    assert_eq!(answer.header("etag"), "\"1\"");
    let there = alice.api.get(answer.header("location")).await.expect(200);
    assert_eq!(there.json, answer.json);
}

#[tokio::test]
async fn what_is_left_out_or_null_has_its_default() {
    let (_world, alice, _) = World::with("owner").await;
    let plain = alice.titled("a").await;
    assert_eq!((plain.status, plain.priority), (Status::Pending, Priority::None));
    assert_eq!((plain.description.as_str(), plain.assignees.len(), plain.due_at), ("", 0, None));
    let nulls =
        json!({"title": "b", "description": null, "status": null, "priority": null, "assignees": null, "due_at": null});
    assert_eq!(alice.task(nulls).await.priority, Priority::None);
}

#[tokio::test]
async fn a_task_made_completed_is_completed_at_once() {
    let (_world, alice, _) = World::with("admin").await;
    let task = alice.task(json!({"title": "a", "status": "completed"})).await;
    assert_eq!(task.completed_at, Some(task.created_at));
}

#[tokio::test]
async fn the_event_holds_the_task_as_it_is_shown() {
    let (world, alice, team) = World::with("member").await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let traced = alice.api.with_header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"));
    let body = json!({"title": "a \"ü\" \\ \u{1F980}", "assignees": [alice.id], "due_at": "2027-01-02T03:04:05.678Z"});
    let answer = traced.post(TASKS, body).await.expect(201);
    let row = world.db.admin().await.query_one("SELECT * FROM tasks.events", &[]).await.unwrap();
    let data: serde_json::Value = row.get("data");
    assert_eq!(data, json!({"task": answer.json, "previous": {}}));
    assert_eq!(row.get::<_, &str>("type"), "task.created");
    assert_eq!(row.get::<_, i64>("revision"), 1);
    assert_eq!(row.get::<_, uuid::Uuid>("team_id"), team.uuid());
    assert_eq!(row.get::<_, uuid::Uuid>("actor_id"), alice.id.uuid());
    assert!(row.get::<_, &str>("traceparent").contains(trace));
    assert_eq!(alice.log().await[0].r#type, EventType::TaskCreated);
}

#[tokio::test]
async fn a_viewer_may_not() {
    let (world, alice, _) = World::with("viewer").await;
    alice.api.post(TASKS, json!({"title": "a"})).await.is_problem(403, "the role member or a higher one");
    // Being told who is missing would be of no use to someone who may not at all.
    alice.api.post(TASKS, json!({"title": "a", "assignees": [UserId::new()]})).await.is_problem(403, "forbidden");
    assert_eq!(world.count("SELECT count(*) FROM tasks.team_log").await, 0);
}

#[tokio::test]
async fn assignees_must_be_members_and_each_who_is_not_is_named() {
    let (world, alice, _) = World::with("member").await;
    let stranger = world.person("mallory").await;
    let body = json!({"title": "a", "assignees": [UserId::new(), alice.id, stranger.id]});
    let answer = alice.api.post(TASKS, body).await;
    answer.is_problem(422, "must be a member of the team");
    let pointers: Vec<_> = answer.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/assignees/0", "/assignees/2"]);
    assert_eq!(world.count("SELECT count(*) FROM tasks.events").await, 0);
    // Nothing was counted either: the next task is the first.
    assert_eq!(alice.titled("b").await.number, 1);
}

#[tokio::test]
async fn bad_bodies_are_refused_with_what_is_wrong() {
    let (world, alice, _) = World::with("member").await;
    for (body, status, says) in [
        ("", 400, "malformed-json"),
        ("{\"title\": \"a\"", 400, "malformed-json"),
        ("{\"title\": \"a\u{0}\"}", 400, "malformed-json"),
        ("{\"title\": \"\\ud800\"}", 400, "malformed-json"),
        ("[]", 422, "must be a JSON object"),
        ("{}", 422, "missing field `title`"),
        ("{\"title\": 7}", 422, "/title"),
        ("{\"title\": \"a\", \"colour\": 1}", 422, "/colour"),
        ("{\"title\": \"a\\u0000b\"}", 422, "/title"),
        ("{\"title\": \" \"}", 422, "must not be blank"),
        ("{\"title\": \"a\", \"description\": \"\\u0000\"}", 422, "/description"),
        ("{\"title\": \"a\", \"status\": \"done\"}", 422, "must be one of: pending"),
        ("{\"title\": \"a\", \"priority\": \"\"}", 422, "/priority"),
        ("{\"title\": \"a\", \"assignees\": [\"bob\"]}", 422, "/assignees/0"),
        ("{\"title\": \"a\", \"due_at\": \"tomorrow\"}", 422, "RFC 3339"),
        ("{\"title\": \"a\", \"due_at\": \"99999-01-01T00:00:00Z\"}", 422, "/due_at"),
    ] {
        alice.api.send("POST", TASKS, Some(body.as_bytes().to_vec())).await.is_problem(status, says);
    }
    alice.api.post(TASKS, json!({"title": "ü".repeat(256)})).await.is_problem(422, "at most 255 characters");
    alice
        .api
        .post(TASKS, json!({"title": "a", "description": "a".repeat(65_537)}))
        .await
        .is_problem(422, "65536 bytes");
    alice.api.send("POST", TASKS, Some(vec![b' '; (1 << 20) + 1])).await.is_problem(413, "1048576");
    let text = alice.api.with_header("content-type", "text/plain");
    text.post(TASKS, json!({"title": "a"})).await.is_problem(415, "application/json");
    let longest = json!({"title": "ü".repeat(255), "description": "a".repeat(65_536)});
    alice.api.post(TASKS, longest).await.expect(201);
    assert_eq!(world.count("SELECT count(*) FROM tasks.tasks").await, 1);
}

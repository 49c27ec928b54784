//! `Idempotency-Key` on what makes a task.

use futures_util::future::join_all;
use serde_json::json;

use crate::world::{World, path};

const TASKS: &str = "/api/v1/teams/ops/tasks";

#[tokio::test]
async fn the_same_request_again_gives_the_first_answer() {
    let (world, alice, _) = World::with("member").await;
    let once = alice.api.with_header("idempotency-key", "k 1");
    let body = json!({"title": "a", "assignees": [alice.id], "due_at": "2027-01-01T00:00:00.5Z"});
    let first = once.post(TASKS, body.clone()).await.expect(201);
    // What happened to the task since doesn't change what was answered.
    alice.api.patch("/api/v1/teams/ops/tasks/1", json!({"title": "b", "status": "completed"})).await.expect(200);
    alice.api.delete("/api/v1/teams/ops/tasks/1").await.expect(204);
    let again = once.post(TASKS, body).await.expect(201);
    assert_eq!(again.text, first.text);
    assert_eq!((again.header("etag"), again.header("location")), (first.header("etag"), first.header("location")));
    assert_eq!(world.count("SELECT count(*) FROM tasks.tasks").await, 1);
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 3);
}

#[tokio::test]
async fn another_request_with_the_key_is_a_conflict() {
    let (world, alice, team) = World::with("member").await;
    world.db.personal_team(alice.id, "alice").await;
    let bob = world.member(team, "bob", "member").await;
    let once = alice.api.with_header("idempotency-key", "k");
    once.post(TASKS, json!({"title": "a"})).await.expect(201);
    once.post(TASKS, json!({"title": "b"})).await.is_problem(409, "idempotency-mismatch");
    once.post("/api/v1/teams/alice/tasks", json!({"title": "a"})).await.is_problem(409, "idempotency-mismatch");
    once.post("/api/tasks", json!({"title": "a"})).await.is_problem(409, "idempotency-mismatch");
    // A key is its user's own.
    bob.api.with_header("idempotency-key", "k").post(TASKS, json!({"title": "b"})).await.expect(201);
    alice.api.with_header("idempotency-key", "l").post(TASKS, json!({"title": "b"})).await.expect(201);
    assert_eq!(world.count("SELECT count(*) FROM tasks.tasks").await, 3);
}

#[tokio::test]
async fn twenty_at_once_make_one_task_and_get_the_same_answer() {
    let (world, alice, _) = World::with("member").await;
    let once = alice.api.with_header("idempotency-key", "k");
    let answers = join_all((0..20).map(|_| once.post(TASKS, json!({"title": "a"})))).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (201, answers[0].text.as_str()));
    }
    let task = alice.api.get("/api/v1/teams/ops/tasks/1").await.expect(200);
    assert_eq!(task.text, answers[0].text);
    for table in ["tasks.tasks", "tasks.events", "tasks.outbox", "tasks.idempotency_keys"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}")).await, 1, "{table}");
    }
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 1);
}

#[tokio::test]
async fn of_different_requests_at_once_with_one_key_one_is_done() {
    let (world, alice, _) = World::with("member").await;
    let once = alice.api.with_header("idempotency-key", "k");
    let answers = join_all((0..20).map(|n| once.post(TASKS, json!({"title": n.to_string()})))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.is_problem(409, "idempotency-mismatch");
    }
    assert_eq!(world.count("SELECT count(*) FROM tasks.tasks").await, 1);
}

#[tokio::test]
async fn a_request_that_failed_leaves_its_key_free() {
    let (world, alice, team) = World::with("viewer").await;
    let once = alice.api.with_header("idempotency-key", "k");
    once.post(TASKS, json!({"title": "a"})).await.is_problem(403, "forbidden");
    world.db.admin().await.batch_execute("UPDATE identity.members SET role = 'member'").await.unwrap();
    once.post(TASKS, json!({"title": "a", "assignees": [team]})).await.is_problem(422, "/assignees/0");
    once.post(TASKS, json!({"title": "a"})).await.expect(201);
}

#[tokio::test]
async fn whoever_lost_access_does_not_get_the_answer_again() {
    let (world, alice, _) = World::with("member").await;
    let once = alice.api.with_header("idempotency-key", "k");
    once.post(TASKS, json!({"title": "a"})).await.expect(201);
    let admin = world.db.admin().await;
    admin.batch_execute("UPDATE identity.members SET role = 'viewer'").await.unwrap();
    once.post(TASKS, json!({"title": "a"})).await.is_problem(403, "forbidden");
    admin.batch_execute("DELETE FROM identity.members").await.unwrap();
    once.post(TASKS, json!({"title": "a"})).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day() {
    let (world, alice, _) = World::with("member").await;
    let once = alice.api.with_header("idempotency-key", "k");
    once.post(TASKS, json!({"title": "a"})).await.expect(201);
    let admin = world.db.admin().await;
    let age = "UPDATE tasks.idempotency_keys SET created_at = created_at - interval '23 hours 59 minutes'";
    admin.batch_execute(age).await.unwrap();
    once.post(TASKS, json!({"title": "b"})).await.is_problem(409, "idempotency-mismatch");
    admin.batch_execute(age).await.unwrap();
    let answers = join_all((0..10).map(|_| once.post(TASKS, json!({"title": "b"})))).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), &answer.json["number"]), (201, &json!(2)), "{}", answer.text);
    }
    assert_eq!(world.count("SELECT count(*) FROM tasks.idempotency_keys").await, 1);
}

#[tokio::test]
async fn old_keys_are_removed() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let admin = world.db.admin().await;
    admin
        .batch_execute(
            "INSERT INTO tasks.idempotency_keys (user_id, key, request_hash, team_id, revision, created_at) \
             SELECT gen_random_uuid(), n::text, '', gen_random_uuid(), 1, now() - n * interval '2 minutes' \
             FROM generate_series(1, 2000) n",
        )
        .await
        .unwrap();
    assert_eq!(world.service.prune_idempotency_keys().await.unwrap(), 2000 - 719);
    assert_eq!(world.count("SELECT count(*) FROM tasks.idempotency_keys").await, 719);
    alice.api.get(&path(&task)).await.expect(200);
}

#[tokio::test]
async fn a_bad_key_is_refused() {
    let (world, alice, _) = World::with("member").await;
    world.db.personal_team(alice.id, "alice").await;
    for bad in ["", &"k".repeat(256), "schlüssel", "a\tb"] {
        for path in [TASKS, "/api/tasks"] {
            let answer = alice.api.with_header("idempotency-key", bad).post(path, json!({"title": "a"})).await;
            answer.is_problem(400, "Idempotency-Key");
        }
    }
    let twice = alice.api.with_header("idempotency-key", "a").with_header("idempotency-key", "b");
    twice.post(TASKS, json!({"title": "a"})).await.is_problem(400, "Idempotency-Key");
    assert_eq!(world.count("SELECT count(*) FROM tasks.tasks").await, 0);
}

#[tokio::test]
async fn the_simple_api_has_keys_too() {
    let (world, alice, _) = World::with("member").await;
    world.db.personal_team(alice.id, "alice").await;
    let once = alice.api.with_header("idempotency-key", "k");
    let first = once.post("/api/tasks", json!({"title": "a"})).await.expect(201);
    assert_eq!(once.post("/api/tasks", json!({"title": "a"})).await.expect(201).text, first.text);
    assert_eq!(world.count("SELECT count(*) FROM tasks.tasks").await, 1);
}

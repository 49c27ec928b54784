//! A user's way through: what the README promises works.

use std::time::Duration;

use e2e::{Person, Service, Stack};
use serde_json::json;
use testkit::eventually;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sign_up_to_a_delivered_event() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    let bob = Person::sign_up(&stack, "bob").await;

    // A first task, at once, in one's own team.
    let teams = alice.api.get("/api/v1/teams").await.expect(200).json;
    let own = teams["items"][0]["key"].as_str().unwrap().to_owned();
    let first =
        alice.api.post(&format!("/api/v1/teams/{own}/tasks"), json!({"title": "Try TaskHub"})).await.expect(201);
    assert_eq!(first.json["number"], 1);

    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;
    let members = bob.api.get("/api/v1/teams/ops/members").await.expect(200).json;
    assert_eq!(members["items"].as_array().unwrap().len(), 2);

    let task = alice
        .api
        .post(
            "/api/v1/teams/ops/tasks",
            json!({"title": "Replace the switch", "assignees": [bob.id], "priority": "high"}),
        )
        .await
        .expect(201);
    assert_eq!(task.json["key"], "OPS-1");
    assert_eq!(task.json["status"], "pending");
    assert_eq!(task.header("etag"), "\"1\"");

    let told = eventually("bob is told", Duration::from_secs(10), async || bob.notifications().await.pop()).await;
    assert_eq!(told["type"], "task.assigned");
    assert_eq!(told["task_key"], "OPS-1");
    assert_eq!(told["actor_id"].as_str(), Some(alice.id.as_str()));
    assert_eq!(alice.notifications().await.len(), 0, "nobody is told of what they did themselves");

    let as_first = bob.api.with_header("if-match", "\"1\"");
    let moved = as_first.patch("/api/v1/teams/ops/tasks/1", json!({"status": "completed"})).await.expect(200);
    assert!(moved.json["completed_at"].is_string());
    let stale =
        alice.api.with_header("if-match", "\"1\"").patch("/api/v1/teams/ops/tasks/1", json!({"title": "x"})).await;
    stale.is_problem(412, "precondition-failed");

    let activity = alice.api.get("/api/v1/teams/ops/activity").await.expect(200).json;
    let types: Vec<_> = activity["items"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["task.status_changed", "task.created"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_refreshed_and_ended() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    let refresh = async |token: &str| stack.api().post("/api/v1/auth/refresh", json!({"refresh_token": token})).await;

    let next = Person::from_session(&stack, &refresh(&alice.refresh_token).await.expect(200).json);
    assert_ne!(next.refresh_token, alice.refresh_token);
    let me = next.api.get("/api/v1/me").await.expect(200);
    assert_eq!(me.json["email"].as_str(), Some(alice.email.as_str()));

    let again = alice.sign_in(&stack).await;
    let _ = stack.api().post("/api/v1/auth/logout", json!({"refresh_token": again.refresh_token})).await.expect(204);
    refresh(&again.refresh_token).await.is_problem(401, "");
    let wrong = json!({"email": alice.email, "password": "not the password"});
    stack.api().post("/api/v1/auth/login", wrong).await.is_problem(401, "bad-credentials");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_for_the_simple_api_keep_working() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;

    let health = stack.api().get("/api/health").await.expect(200).json;
    assert_eq!((&health["status"], &health["database"]), (&json!("healthy"), &json!("connected")));

    let task = alice.api.post("/api/tasks", json!({"title": "Water the plants"})).await.expect(201).json;
    let id = task["id"].as_str().unwrap();
    let list = alice.api.get("/api/tasks").await.expect(200).json;
    assert_eq!(list["count"], 1);
    assert_eq!(list["tasks"][0]["title"], "Water the plants");

    let updated = alice.api.put(&format!("/api/tasks/{id}"), json!({"status": "completed"})).await.expect(200).json;
    assert_eq!(updated, json!({"message": "Task updated successfully"}));
    let deleted = alice.api.delete(&format!("/api/tasks/{id}")).await.expect(200).json;
    assert_eq!(deleted, json!({"message": "Task deleted successfully"}));
    assert_eq!(alice.api.get("/api/tasks").await.expect(200).json["count"], 0);
    assert_eq!(alice.api.get("/api/db-status").await.expect(200).json["connected"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_says_how_it_is_and_ends_in_order() {
    let mut stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    let status = alice.api.get("/api/v1/status").await.expect(200).json;
    assert_eq!(status["status"], "ok", "{status}");
    let names: Vec<_> = status["services"].as_array().unwrap().iter().map(|s| s["name"].as_str().unwrap()).collect();
    for service in ["auth-service", "task-service", "worker"] {
        assert!(names.contains(&service), "{names:?}");
    }
    for service in Service::ALL {
        let _ = stack.direct(service).get("/health").await.expect(200);
        let process = stack.take(service);
        assert!(process.end("TERM", Duration::from_secs(10)).success(), "{} ends with 0", service.name());
    }
}

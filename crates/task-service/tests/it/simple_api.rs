//! The simple API: `/api/tasks`, `/api/health`, `/api/db-status`.

use domain::{Status, TaskId, TaskView, UserId};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_script_makes_lists_changes_and_deletes() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    world.db.personal_team(alice.id, "alice").await;
    let made = alice
        .api
        .post("/api/tasks", json!({"title": "a", "description": "b", "status": "in_progress"}))
        .await
        .expect(201);
    let id = made.json["id"].as_str().unwrap().to_owned();
    let names: Vec<_> = made.json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["created_at", "description", "id", "status", "title", "updated_at"]);
    assert_eq!((&made.json["title"], &made.json["status"]), (&json!("a"), &json!("in_progress")));
    assert_eq!(
        alice.api.get("/api/tasks").await.expect(200).json,
        json!({"tasks": [made.json], "count": 1, "has_more": false})
    );

    let task = format!("/api/tasks/{id}");
    for named in [task.as_str(), "/api/tasks/ALICE-1"] {
        let found = alice.api.get(named).await.expect(200);
        assert_eq!((&found.json, found.header("etag")), (&made.json, "\"1\""));
        alice.api.with_header("if-none-match", "\"1\"").get(named).await.expect(304);
    }
    let updated = json!({"message": "Task updated successfully"});
    assert_eq!(alice.api.put(&task, json!({"status": "completed"})).await.expect(200).json, updated);
    assert_eq!(
        alice.api.put("/api/tasks/ALICE-1", json!({"title": "c", "description": null})).await.expect(200).json,
        updated
    );
    assert_eq!(alice.api.put("/api/tasks/alice-1", json!({})).await.expect(200).json, updated);
    let now: TaskView = alice.api.get(made.header("location")).await.expect(200).body();
    assert_eq!(
        (now.title.as_str(), now.description.as_str(), now.status, now.version),
        ("c", "", Status::Completed, 3)
    );

    let deleted = alice.api.delete(&task).await.expect(200);
    assert_eq!(deleted.json, json!({"message": "Task deleted successfully"}));
    alice.api.delete(&task).await.is_problem(404, "not-found");
    assert_eq!(alice.api.get("/api/tasks").await.expect(200).json, json!({"tasks": [], "count": 0, "has_more": false}));
}

#[tokio::test]
async fn the_list_is_of_all_teams_newest_first() {
    let (world, alice, team) = World::with("viewer").await;
    let bob = world.member(team, "bob", "member").await;
    world.db.personal_team(alice.id, "alice").await;
    world.db.team("other", &[(bob.id, "member")]).await;
    alice.api.post("/api/tasks", json!({"title": "1"})).await.expect(201);
    bob.task(json!({"title": "2", "status": "blocked"})).await;
    bob.api.post("/api/v1/teams/other/tasks", json!({"title": "not alice's"})).await.expect(201);
    alice.api.post("/api/tasks", json!({"title": "3", "status": "blocked"})).await.expect(201);
    bob.titled("4").await;
    let titles = async |query: &str| {
        let list = alice.api.get(&format!("/api/tasks{query}")).await.expect(200).json;
        let titles: Vec<_> =
            list["tasks"].as_array().unwrap().iter().map(|t| t["title"].as_str().unwrap().to_owned()).collect();
        assert_eq!(list["count"], titles.len());
        titles
    };
    assert_eq!(titles("").await, ["4", "3", "2", "1"]);
    assert_eq!(titles("?limit=3").await, ["4", "3", "2"]);
    assert_eq!(titles("?status=blocked").await, ["3", "2"]);
    assert_eq!(titles("?status=blocked,pending&limit=1").await, ["4"]);
    assert_eq!(titles("?status=blocked&status=pending").await, titles("?status=blocked,pending").await);
    assert_eq!(titles("?limit=1000").await.len(), 4);
    alice.api.put("/api/tasks/OPS-1", json!({"title": "no"})).await.is_problem(403, "role member");
    alice.api.delete("/api/tasks/OPS-1").await.is_problem(403, "role member");
}

#[tokio::test]
async fn whoever_has_no_personal_team_is_told_where_else() {
    let (_world, alice, _) = World::with("owner").await;
    alice.api.post("/api/tasks", json!({"title": "a"})).await.is_problem(404, "no personal team");
    let answer = alice.api.get("/api/tasks").await.expect(200);
    assert_eq!(answer.json["count"], 0);
}

#[tokio::test]
async fn if_match_is_honoured() {
    let (_world, alice, _) = World::with("owner").await;
    alice.titled("a").await;
    let stale = alice.api.with_header("if-match", "\"2\"");
    stale.put("/api/tasks/OPS-1", json!({"title": "b"})).await.is_problem(412, "precondition-failed");
    stale.delete("/api/tasks/OPS-1").await.is_problem(412, "precondition-failed");
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let (world, alice, _) = World::with("owner").await;
    world.db.personal_team(alice.id, "alice").await;
    for (body, status, says) in [
        (json!({}), 422, "title"),
        (json!({"title": "a", "priority": "high"}), 422, "/priority"),
        (json!({"title": "a", "status": "done"}), 422, "/status"),
        (json!({"title": "a".repeat(256)}), 422, "255"),
        (json!([]), 422, "object"),
    ] {
        alice.api.post("/api/tasks", body).await.is_problem(status, says);
    }
    alice.api.send("POST", "/api/tasks", Some(b"{".to_vec())).await.is_problem(400, "malformed-json");
    for id in ["1", "OPS", "OPS-0", "%00", "01970000"] {
        alice.api.put(&format!("/api/tasks/{id}"), json!({})).await.is_problem(400, "{id} in the path");
        alice.api.delete(&format!("/api/tasks/{id}")).await.is_problem(400, "OPS-42");
    }
    for id in [TaskId::new().to_string(), UserId::new().to_string(), "OPS-1".into(), "NOPE-1".into()] {
        alice.api.put(&format!("/api/tasks/{id}"), json!({"title": "a"})).await.is_problem(404, "not-found");
        alice.api.delete(&format!("/api/tasks/{id}")).await.is_problem(404, "not-found");
    }
    for query in
        ["limit=0", "limit=1001", "limit=100000", "limit=x", "status=done", "status=", "cursor=x", "limit=1&limit=2"]
    {
        alice.api.get(&format!("/api/tasks?{query}")).await.is_problem(400, "");
    }
    alice.api.put("/api/tasks/OPS-1", json!({"title": null})).await.is_problem(422, "must not be null");
    let patch = alice.api.patch("/api/tasks/OPS-1", json!({})).await;
    patch.is_problem(405, "");
    assert_eq!(patch.header("allow"), "GET, HEAD, PUT, DELETE, OPTIONS");
}

#[tokio::test]
async fn health_and_the_database_are_told() {
    let world = World::new().await;
    let alice = world.person("alice").await;
    let health = world.running.api().get("/api/health").await.expect(200).json;
    assert_eq!((&health["status"], &health["database"]), (&json!("healthy"), &json!("connected")));
    domain::timestamp::parse(health["timestamp"].as_str().unwrap()).unwrap();
    let status: domain::simple::DbStatus = alice.api.get("/api/db-status").await.expect(200).body();
    assert!(status.connected && status.database.starts_with("test_"));
    assert_eq!((status.user.as_str(), status.host.as_str()), ("taskhub_tasks", "127.0.0.1"));
}

//! What may be changed in a team in a minute.

use serde_json::json;
use task_service::QuotaSettings;

use crate::world::World;

const TASKS: &str = "/api/v1/teams/ops/tasks";

#[tokio::test]
async fn a_teams_changes_are_bounded_and_other_teams_go_on() {
    let world = World::with_quota(&QuotaSettings { changes_per_minute: 5, mib_per_minute: 0 }).await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let team = world.db.team("ops", &[(alice.id, "owner")]).await;
    world.db.team("dev", &[(bob.id, "owner"), (alice.id, "member")]).await;
    let made = alice.api.post(TASKS, json!({"title": "a"})).await.expect(201).json;
    let mut taken = 1;
    let refused = loop {
        let by_id = format!("/api/v1/teams/{}/tasks/{}", team.uuid(), made["id"].as_str().unwrap());
        let answer = alice.api.patch(&by_id, json!({"title": taken.to_string()})).await;
        if answer.status != 200 {
            break answer;
        }
        taken += 1;
        assert!(taken < 20, "nothing was refused");
    };
    refused.is_problem(429, "too-many-requests");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=13).contains(&wait), "{wait}");
    assert!((5..=7).contains(&taken), "{taken}");
    // However the team is named, as soon as it is known to be meant by that name.
    alice.api.post(TASKS, json!({"title": "b"})).await.is_problem(429, "too-many-requests");
    // What changes nothing is served, and so are others.
    alice.api.get(TASKS).await.expect(200);
    alice.api.post("/api/v1/teams/dev/tasks", json!({"title": "a"})).await.expect(201);
    bob.api.post("/api/v1/teams/dev/tasks", json!({"title": "b"})).await.expect(201);
    // Whoever isn't in the team learns nothing of it.
    bob.api.post(TASKS, json!({"title": "c"})).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn what_a_teams_changes_store_is_bounded() {
    let world = World::with_quota(&QuotaSettings { changes_per_minute: 0, mib_per_minute: 1 }).await;
    let alice = world.person("alice").await;
    world.db.team("ops", &[(alice.id, "owner")]).await;
    let made = alice.api.post(TASKS, json!({"title": "a", "description": "d".repeat(60_000)})).await.expect(201).json;
    let simple = format!("/api/tasks/{}", made["id"].as_str().unwrap());
    let mut taken = 1;
    loop {
        // A request of a few bytes stores the whole task again.
        let status = if taken % 2 == 0 { "pending" } else { "in_progress" };
        let answer = alice.api.put(&simple, json!({"status": status})).await;
        if answer.status == 429 {
            break;
        }
        answer.expect(200);
        taken += 1;
        assert!(taken < 40, "nothing was refused");
    }
    assert!((17..=20).contains(&taken), "{taken}");
    let comments = format!("{TASKS}/1/comments");
    alice.api.post(&comments, json!({"body": "c"})).await.is_problem(429, "too-many-requests");
}

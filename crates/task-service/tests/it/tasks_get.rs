//! `GET /api/v1/teams/{team}/tasks/{task}`.

use domain::TaskId;

use crate::world::{World, path};

#[tokio::test]
async fn a_task_is_found_by_id_number_or_key_in_the_team_by_id_or_key() {
    let (world, alice, team) = World::with("member").await;
    let task = alice.titled("a").await;
    for team in [team.to_string(), "ops".into(), "OPS".into()] {
        for named in [task.id.to_string(), "1".into(), "OPS-1".into(), "ops-1".into()] {
            let found = alice.api.get(&format!("/api/v1/teams/{team}/tasks/{named}")).await.expect(200);
            assert_eq!(found.body::<domain::TaskView>(), task);
            assert_eq!(found.header("etag"), "\"1\"");
        }
    }
    let viewer = world.member(team, "victor", "viewer").await;
    viewer.api.get(&path(&task)).await.expect(200);
}

#[tokio::test]
async fn a_task_of_another_team_is_not_found_below_this_one() {
    let (world, alice, _) = World::with("member").await;
    let dev = world.db.team("dev", &[(alice.id, "member")]).await;
    let task = alice.titled("a").await;
    let named = [task.id.to_string(), "1".into(), TaskId::new().to_string(), i64::MAX.to_string(), "DEV-1".into()];
    for named in named {
        alice.api.get(&format!("/api/v1/teams/dev/tasks/{named}")).await.is_problem(404, "not-found");
    }
    // The number is there in both, and the key says whose is meant.
    let body = serde_json::json!({"title": "of dev"});
    let of_dev = alice.api.post("/api/v1/teams/dev/tasks", body).await.expect(201).json;
    for team in ["dev".into(), dev.to_string()] {
        alice.api.get(&format!("/api/v1/teams/{team}/tasks/OPS-1")).await.is_problem(404, "not-found");
        let found = alice.api.get(&format!("/api/v1/teams/{team}/tasks/DEV-1")).await.expect(200).json;
        assert_eq!(found["id"], of_dev["id"]);
    }
}

#[tokio::test]
async fn a_version_that_the_caller_has_is_not_sent_again() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    for has in ["\"1\"", "W/\"1\"", "\"7\", \"1\"", "*"] {
        let answer = alice.api.with_header("if-none-match", has).get(&path(&task)).await.expect(304);
        assert_eq!((answer.header("etag"), answer.text.as_str()), ("\"1\"", ""));
    }
    alice.api.patch(&path(&task), serde_json::json!({"title": "b"})).await.expect(200);
    let now = alice.api.with_header("if-none-match", "\"1\"").get(&path(&task)).await.expect(200);
    assert_eq!(now.header("etag"), "\"2\"");
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    for bad in [
        "0",
        "-1",
        "01",
        "OPS-",
        "OPS-01",
        "OPS-1-2",
        "9223372036854775808",
        "%00",
        "1%2F2",
        "01970000-0000-7000-8000-00000000000",
    ] {
        alice.api.get(&format!("/api/v1/teams/ops/tasks/{bad}")).await.is_problem(400, "{task} in the path");
    }
    for bad in ["o", "1ops", "ops%00", "a-b", "ops%20"] {
        alice.api.get(&format!("/api/v1/teams/{bad}/tasks/1")).await.is_problem(400, "{team} in the path");
    }
    alice.api.get(&format!("{}?expand=1", path(&task))).await.is_problem(400, "`expand`");
    alice.api.with_header("if-none-match", "1").get(&path(&task)).await.is_problem(400, "If-None-Match");
    let put = alice.api.put(&path(&task), serde_json::json!({})).await;
    put.is_problem(405, "method-not-allowed");
    assert_eq!(put.header("allow"), "GET, HEAD, PATCH, DELETE, OPTIONS");
}

//! `GET /api/v1/teams/{team}/activity`.

use domain::{EventType, EventView};
use serde_json::json;

use crate::world::{World, path};

const ACTIVITY: &str = "/api/v1/teams/ops/activity";

#[tokio::test]
async fn what_happened_is_told_newest_first_and_without_a_gap() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let task = alice.titled("a").await;
    for n in 1..=4 {
        alice.api.patch(&path(&task), json!({"title": n.to_string()})).await.expect(200);
    }
    alice.api.delete(&path(&task)).await.expect(204);
    for limit in [1, 2, 5, 6, 200] {
        let events: Vec<EventView> = bob.walk(&format!("{ACTIVITY}?limit={limit}")).await;
        assert_eq!(events.iter().map(|e| e.revision).collect::<Vec<_>>(), [6, 5, 4, 3, 2, 1], "limit {limit}");
        assert!(events.is_sorted_by(|newer, older| newer.occurred_at > older.occurred_at));
        assert_eq!(events[0].r#type, EventType::TaskDeleted);
    }
}

#[tokio::test]
async fn an_event_is_shown_with_its_members() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let event = alice.api.get(ACTIVITY).await.expect(200).json["items"][0].clone();
    let names: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
    let mut sorted = vec!["id", "revision", "type", "task_id", "actor_id", "occurred_at", "data"];
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    assert_eq!(event["data"], json!({"task": task, "previous": {}}));
}

#[tokio::test]
async fn a_team_where_nothing_happened_has_an_empty_log() {
    let (_world, alice, _) = World::with("viewer").await;
    let answer = alice.api.get(ACTIVITY).await.expect(200);
    assert_eq!(answer.json, json!({"items": [], "next_cursor": null}));
    let tag = answer.header("etag").to_owned();
    alice.api.with_header("if-none-match", &tag).get(ACTIVITY).await.expect(304);
}

#[tokio::test]
async fn bad_queries_are_refused() {
    let (_world, alice, _) = World::with("viewer").await;
    for query in ["limit=0", "limit=100000", "cursor=x", "since=1", "limit=1&limit=1"] {
        alice.api.get(&format!("{ACTIVITY}?{query}")).await.is_problem(400, "");
    }
    alice.api.post(ACTIVITY, json!({})).await.is_problem(405, "GET");
}

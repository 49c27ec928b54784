//! `GET /api/v1/teams/{team}/changes`.

use domain::EventView;
use serde_json::json;

use crate::world::{World, path};

const CHANGES: &str = "/api/v1/teams/ops/changes";

#[tokio::test]
async fn a_client_keeps_up_by_asking_for_what_came_after() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let empty = json!({"items": [], "revision": 0, "next_since": "0", "more": false});
    assert_eq!(bob.api.get(CHANGES).await.expect(200).json, empty);
    let task = alice.titled("a").await;
    alice.label("bug").await;
    for n in 3..=7 {
        alice.api.patch(&path(&task), json!({"title": n.to_string()})).await.expect(200);
    }
    let log = alice.log().await;
    for limit in [1, 3, 6, 7, 200] {
        let (mut seen, mut events) = (0, Vec::<EventView>::new());
        loop {
            let page = bob.api.get(&format!("{CHANGES}?since={seen}&limit={limit}")).await.expect(200).json;
            events.extend(serde_json::from_value::<Vec<EventView>>(page["items"].clone()).unwrap());
            seen = page["revision"].as_i64().unwrap();
            assert_eq!(events.last().unwrap().revision, seen);
            if page["more"] == false {
                break;
            }
        }
        assert_eq!(events, log, "limit {limit}");
    }
    let nothing_new = bob.api.get(&format!("{CHANGES}?since=7")).await.expect(200).json;
    let next = nothing_new["next_since"].as_str().unwrap().to_owned();
    assert!(next.starts_with("7-"), "{next}");
    assert_eq!(nothing_new, json!({"items": [], "revision": 7, "next_since": next, "more": false}));
    assert_eq!(bob.api.get(&format!("{CHANGES}?since={next}")).await.expect(200).json, nothing_new);
    let activity = bob.api.get("/api/v1/teams/ops/activity?limit=1").await.json["items"][0].clone();
    assert_eq!(bob.api.get(&format!("{CHANGES}?since=6")).await.json["items"][0], activity);
}

#[tokio::test]
async fn bad_queries_are_refused_by_name() {
    let (_world, alice, _) = World::with("viewer").await;
    alice.api.get(&format!("{CHANGES}?since=1")).await.is_problem(410, "log-reset");
    alice.api.get(&format!("{CHANGES}?since={}", i64::MAX - 1)).await.is_problem(410, "log-reset");
    for since in ["", "-1", "+1", "x", "9223372036854775807", "9223372036854775808", "1.0", "1-", "-1", "1-x", "1-2-3"]
    {
        alice.api.get(&format!("{CHANGES}?since={since}")).await.is_problem(400, "`since`");
    }
    for query in ["limit=0", "limit=100000", "cursor=x", "since=0&since=0"] {
        alice.api.get(&format!("{CHANGES}?{query}")).await.is_problem(400, "");
    }
    alice.api.post(CHANGES, json!({})).await.is_problem(405, "GET");
}

#[tokio::test]
async fn pages_of_the_log_end_where_they_have_enough_bytes() {
    let (_world, alice, _) = World::with("member").await;
    let long = |n: usize| format!("{n}{}", "\"".repeat(60_000));
    let task = alice.titled("a").await;
    for n in 2..=25 {
        alice.api.patch(&path(&task), json!({"description": long(n)})).await.expect(200);
    }
    let whole = alice.log().await;
    assert_eq!(whole.len(), 25);

    let (mut since, mut events, mut pages) = (0, Vec::<EventView>::new(), 0);
    loop {
        let answer = alice.api.get(&format!("{CHANGES}?since={since}&limit=200")).await.expect(200);
        assert!(answer.text.len() < 3 << 20, "{} bytes", answer.text.len());
        events.extend(serde_json::from_value::<Vec<EventView>>(answer.json["items"].clone()).unwrap());
        (since, pages) = (answer.json["revision"].as_i64().unwrap(), pages + 1);
        if answer.json["more"] == false {
            break;
        }
    }
    assert!(events == whole && pages > 1, "{pages} pages");

    let of_task = format!("/api/v1/teams/ops/tasks/{}/history", task.id);
    for list in ["/api/v1/teams/ops/activity", &of_task] {
        let (mut cursor, mut seen, mut pages) = (String::new(), Vec::new(), 0);
        loop {
            let answer = alice.api.get(&format!("{list}?limit=200{cursor}")).await.expect(200);
            assert!(answer.text.len() < 3 << 20, "{} bytes", answer.text.len());
            seen.extend(
                answer.json["items"].as_array().unwrap().iter().map(|event| event["revision"].as_i64().unwrap()),
            );
            pages += 1;
            let Some(next) = answer.json["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert!(seen.iter().rev().copied().eq(1..=25) && pages > 1, "{list}: {seen:?}");
    }
}

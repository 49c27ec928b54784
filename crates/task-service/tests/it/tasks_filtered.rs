//! `GET /api/v1/teams/{team}/tasks?assignee=…&label=…&q=…`.

use domain::{Page, TaskView};
use serde_json::json;

use crate::world::{Person, World};

const TASKS: &str = "/api/v1/teams/ops/tasks";

async fn numbers(who: &Person, query: &[(&str, &str)]) -> Vec<i64> {
    let query = serde_urlencoded::to_string(query).unwrap();
    let whole: Page<TaskView> = who.api.get(&format!("{TASKS}?{query}")).await.expect(200).body();
    let paged: Vec<TaskView> = who.walk(&format!("{TASKS}?limit=1&{query}")).await;
    assert_eq!((whole.items, whole.next_cursor), (paged.clone(), None), "{query}");
    paged.into_iter().map(|task| task.number).collect()
}

#[tokio::test]
async fn all_filters_combine() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let bug = alice.label("bug").await.id;
    let statuses = ["pending", "in_progress", "completed"];
    for n in 1..=24_usize {
        alice
            .task(json!({
                "title": format!("{} {n}", if n % 2 == 0 { "Über 100%_x" } else { "plain" }),
                "status": statuses[n % 3],
                "assignees": match n % 4 { 0 => json!([bob.id]), 1 => json!([alice.id, bob.id]), _ => json!([]) },
                "labels": if n % 5 == 0 { json!([bug]) } else { json!([]) },
            }))
            .await;
    }
    let elsewhere = world.db.team("dev", &[(bob.id, "member")]).await;
    bob.api
        .post(&format!("/api/v1/teams/{elsewhere}/tasks"), json!({"title": "plain", "assignees": [bob.id]}))
        .await
        .expect(201);
    let (bob_id, alice_id, bug_id) = (bob.id.to_string(), alice.id.to_string(), bug.to_string());
    let all = |keep: &dyn Fn(usize) -> bool| (1..=24).rev().filter(|n| keep(*n)).map(|n| n as i64).collect::<Vec<_>>();
    type Keep = Box<dyn Fn(usize) -> bool>;
    let filters: Vec<(&str, &str, Keep)> = vec![
        ("assignee", &bob_id, Box::new(|n| n % 4 <= 1)),
        ("assignee", &alice_id, Box::new(|n| n % 4 == 1)),
        ("assignee", "none", Box::new(|n| n % 4 > 1)),
        ("label", &bug_id, Box::new(|n| n % 5 == 0)),
        ("q", "PLAIN", Box::new(|n| n % 2 == 1)),
        ("q", "über", Box::new(|n| n % 2 == 0)),
        ("q", "%_", Box::new(|n| n % 2 == 0)),
        ("q", "ops-2", Box::new(|n| n == 2 || n >= 20)),
        ("status", "pending,completed", Box::new(|n| n % 3 != 1)),
        ("status", "blocked", Box::new(|_| false)),
    ];
    for (a, one, keep_a) in &filters {
        assert_eq!(numbers(&alice, &[(a, one)]).await, all(keep_a), "{a}={one}");
        for (b, other, keep_b) in filters.iter().filter(|(b, ..)| b != a) {
            let expected = all(&|n| keep_a(n) && keep_b(n));
            assert_eq!(numbers(&alice, &[(a, one), (b, other)]).await, expected, "{a}={one}&{b}={other}");
        }
    }
    let everything = [("assignee", bob_id.as_str()), ("label", &bug_id), ("q", "e"), ("status", "in_progress,pending")];
    assert_eq!(numbers(&bob, &everything).await, all(&|n| n % 4 <= 1 && n % 5 == 0 && n % 2 == 0 && n % 3 != 2));
    for nothing in ["a*", "\\", "x%x"] {
        assert!(numbers(&alice, &[("q", nothing)]).await.is_empty(), "{nothing}");
    }
    let nobody = domain::LabelId::new().to_string();
    assert!(numbers(&alice, &[("label", &nobody)]).await.is_empty());
}

#[tokio::test]
async fn a_filtered_list_of_nothing_is_empty_and_that_of_no_team_is_not_there() {
    let (world, alice, _) = World::with("viewer").await;
    let stranger = world.person("stranger").await;
    let user = alice.id.to_string();
    for query in [format!("assignee={user}"), "assignee=none".into(), format!("label={user}"), "q=a".into()] {
        let answer = alice.api.get(&format!("{TASKS}?{query}")).await.expect(200);
        assert_eq!(answer.json, json!({"items": [], "next_cursor": null}));
        let tag = answer.header("etag").to_owned();
        alice.api.with_header("if-none-match", &tag).get(&format!("{TASKS}?{query}")).await.expect(304);
        alice.api.with_header("if-none-match", &tag).get(TASKS).await.expect(200);
        stranger.api.get(&format!("{TASKS}?{query}")).await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn bad_filters_are_refused_by_name() {
    let (_world, alice, _) = World::with("member").await;
    for n in 0..2 {
        alice.titled(&format!("a {n}")).await;
    }
    for (query, says) in [
        ("assignee=bob", "`assignee`"),
        ("not_label=me", "`not_label`"),
        ("priority=", "`priority`"),
        ("due=today", "`due`"),
        ("due_from=today", "`due_from`"),
        ("sort=title", "`sort`"),
        ("due=none&due=none", "`due`"),
        ("assignee=", "`assignee`"),
        ("label=bug", "`label`"),
        ("label=", "`label`"),
        ("q=", "`q`"),
        ("q=%20", "`q`"),
        ("q=%00", "`q`"),
        ("q=a&q=b", "q"),
    ] {
        alice.api.get(&format!("{TASKS}?{query}")).await.is_problem(400, says);
    }
    alice.api.get(&format!("{TASKS}?q={}", "a".repeat(101))).await.is_problem(400, "at most 100");
    let cursor = alice.api.get(&format!("{TASKS}?limit=1&q=a")).await.json["next_cursor"].as_str().unwrap().to_owned();
    alice.api.get(&format!("{TASKS}?cursor={cursor}")).await.is_problem(400, "bad-cursor");
    alice.api.get(&format!("{TASKS}?q=b&cursor={cursor}")).await.is_problem(400, "bad-cursor");
}

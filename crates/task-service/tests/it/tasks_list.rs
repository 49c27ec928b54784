//! `GET /api/v1/teams/{team}/tasks`.

use domain::{Page, Status, TaskView};
use serde_json::json;

use crate::world::{World, path};

const TASKS: &str = "/api/v1/teams/ops/tasks";

#[tokio::test]
async fn the_list_is_newest_first_and_pages_meet_without_gap_or_double() {
    let (_world, alice, _) = World::with("member").await;
    for n in 1..=7 {
        alice.titled(&format!("task {n}")).await;
    }
    for limit in [1, 2, 3, 7, 8, 200] {
        let tasks: Vec<TaskView> = alice.walk(&format!("{TASKS}?limit={limit}")).await;
        assert_eq!(tasks.iter().map(|t| t.number).collect::<Vec<_>>(), [7, 6, 5, 4, 3, 2, 1], "limit {limit}");
    }
    let page: Page<TaskView> = alice.api.get(TASKS).await.expect(200).body();
    assert_eq!((page.items.len(), page.next_cursor), (7, None));
}

#[tokio::test]
async fn a_page_goes_on_where_it_ended_whatever_happened_meanwhile() {
    let (_world, alice, _) = World::with("member").await;
    let mut tasks = Vec::new();
    for n in 1..=5 {
        tasks.push(alice.titled(&format!("task {n}")).await);
    }
    let first: Page<TaskView> = alice.api.get(&format!("{TASKS}?limit=2")).await.expect(200).body();
    alice.titled("newer").await;
    alice.api.delete(&path(&tasks[3])).await.expect(204);
    let next = format!("{TASKS}?limit=2&cursor={}", first.next_cursor.unwrap());
    let second: Page<TaskView> = alice.api.get(&next).await.expect(200).body();
    assert_eq!(second.items.iter().map(|t| t.number).collect::<Vec<_>>(), [3, 2]);
}

#[tokio::test]
async fn the_list_is_filtered_by_one_status_or_several() {
    let (_world, alice, _) = World::with("member").await;
    let all = ["pending", "in_progress", "blocked", "completed", "cancelled"];
    for n in 0..10 {
        alice.task(json!({"title": "a", "status": all[n % 5]})).await;
    }
    for (filter, numbers) in [
        ("pending", vec![6, 1]),
        ("blocked,in_progress", vec![8, 7, 3, 2]),
        ("cancelled,completed,cancelled,pending", vec![10, 9, 6, 5, 4, 1]),
    ] {
        let tasks: Vec<TaskView> = alice.walk(&format!("{TASKS}?limit=1&status={filter}")).await;
        assert_eq!(tasks.iter().map(|t| t.number).collect::<Vec<_>>(), numbers, "{filter}");
        let page: Page<TaskView> = alice.api.get(&format!("{TASKS}?status={filter}")).await.expect(200).body();
        assert_eq!(page.items, tasks);
    }
    let first: Page<TaskView> = alice.api.get(&format!("{TASKS}?status=completed&limit=1")).await.expect(200).body();
    assert_eq!(first.items[0].status, Status::Completed);
    let cursor = first.next_cursor.unwrap();
    alice.api.get(&format!("{TASKS}?status=pending&cursor={cursor}")).await.is_problem(400, "bad-cursor");
    alice.api.get(&format!("{TASKS}?cursor={cursor}")).await.is_problem(400, "bad-cursor");
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_team_alone() {
    let (world, alice, _) = World::with("member").await;
    world.db.team("dev", &[(alice.id, "member")]).await;
    for n in 1..=2 {
        alice.titled(&format!("task {n}")).await;
    }
    let page: Page<TaskView> = alice.api.get(&format!("{TASKS}?limit=1")).await.expect(200).body();
    let cursor = page.next_cursor.unwrap();
    alice.api.get(&format!("/api/v1/teams/dev/tasks?cursor={cursor}")).await.is_problem(400, "bad-cursor");
    alice.api.get(&format!("/api/v1/teams/OPS/tasks?limit=1&cursor={cursor}")).await.expect(200);
    alice.api.get(&format!("/api/v1/teams/ops/activity?cursor={cursor}")).await.is_problem(400, "bad-cursor");
}

#[tokio::test]
async fn a_team_without_tasks_has_an_empty_list() {
    let (_world, alice, _) = World::with("viewer").await;
    for query in ["", "?status=pending", "?limit=1"] {
        let answer = alice.api.get(&format!("{TASKS}{query}")).await.expect(200);
        assert_eq!(answer.json, json!({"items": [], "next_cursor": null}));
        assert!(answer.header("etag").starts_with("W/\"0-"));
    }
}

#[tokio::test]
async fn a_list_that_the_caller_has_is_not_sent_again_until_something_happens() {
    let (_world, alice, team) = World::with("member").await;
    let task = alice.titled("a").await;
    let tag = alice.api.get(TASKS).await.expect(200).header("etag").to_owned();
    assert!(tag.starts_with("W/\"1-"), "{tag}");
    let conditional = alice.api.with_header("if-none-match", &tag);
    let same = conditional.get(TASKS).await.expect(304);
    assert_eq!((same.header("etag"), same.text.as_str()), (tag.as_str(), ""));
    conditional.get(&format!("/api/v1/teams/{team}/tasks")).await.expect(304);
    conditional.get(&format!("{TASKS}?limit=1")).await.expect(200);
    conditional.get(&format!("{TASKS}?status=pending")).await.expect(200);
    conditional.get("/api/v1/teams/ops/activity").await.expect(200);

    alice.api.patch(&path(&task), json!({"title": "b"})).await.expect(200);
    let now = conditional.get(TASKS).await.expect(200);
    assert!(now.header("etag").starts_with("W/\"2-") && now.json["items"][0]["title"] == "b");
}

#[tokio::test]
async fn bad_queries_are_refused_and_nothing_is_cut() {
    let (_world, alice, _) = World::with("member").await;
    for (query, says) in [
        ("limit=0", "1 to 200"),
        ("limit=201", "1 to 200"),
        ("limit=100000", "1 to 200"),
        ("limit=-1", "1 to 200"),
        ("limit=ten", "1 to 200"),
        ("limit=", "1 to 200"),
        ("limit=1&limit=2", "limit"),
        ("status=done", "status"),
        ("status=", "status"),
        ("status=pending,", "status"),
        ("status=%00", "status"),
        ("cursor=", "cursor"),
        ("cursor=nonsense", "cursor"),
        ("cursor=AQE8kAZvLtkEngAAAAAAAAAq", "cursor"),
        ("page=2", "`page`"),
        ("Limit=2", "`Limit`"),
    ] {
        alice.api.get(&format!("{TASKS}?{query}")).await.is_problem(400, says);
    }
    let answer = alice.api.delete(TASKS).await;
    answer.is_problem(405, "GET, HEAD, POST, OPTIONS");
    assert_eq!(answer.header("allow"), "GET, HEAD, POST, OPTIONS");
}

#[tokio::test]
async fn a_cursor_with_a_rank_that_no_task_has_is_refused() {
    let (_world, alice, _) = World::with("member").await;
    let _ = alice.titled("a").await;
    for (sort, ranks) in [
        ("updated", [i64::MIN, -1_000_000_000_000_000_000, i64::MAX]),
        ("completed", [-1_000_000_000_000_000_000, -1, i64::MAX]),
        ("due", [i64::MIN, -1_000_000_000_000_000_000, 1_000_000_000_000_000_000]),
        ("priority", [0, 6, i64::MAX]),
    ] {
        let cursors = domain::Cursor::of("tasks", &format!("ops sort={sort}"));
        for rank in ranks {
            let cursor = cursors.encode(&domain::RankKey { rank, number: 1 });
            alice.api.get(&format!("{TASKS}?sort={sort}&cursor={cursor}")).await.is_problem(400, "bad-cursor");
        }
        let first = domain::RankKey { rank: if sort == "priority" { 1 } else { 0 }, number: 1 };
        alice.api.get(&format!("{TASKS}?sort={sort}&cursor={}", cursors.encode(&first))).await.expect(200);
    }
}

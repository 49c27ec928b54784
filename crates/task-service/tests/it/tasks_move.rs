//! `POST /api/v1/teams/{team}/tasks/{task}/move`, and the order of the board.

use std::collections::BTreeSet;

use domain::{EventType, TaskId, TaskView};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::Answer;

use crate::world::{Person, World, path};

const BOARD: &str = "/api/v1/teams/ops/tasks?sort=position";

async fn send(who: &Person, task: &TaskView, body: Value) -> Answer {
    who.api.post(&format!("{}/move", path(task)), body).await
}

async fn move_to(who: &Person, task: &TaskView, body: Value) -> TaskView {
    send(who, task, body).await.expect(200).body()
}

/// The numbers of the tasks, as on the board.
async fn board(who: &Person, filter: &str) -> Vec<i64> {
    let tasks: Vec<TaskView> = who.walk(&format!("{BOARD}&limit=3{filter}")).await;
    assert!(tasks.is_sorted_by(|a, b| a.position < b.position));
    tasks.into_iter().map(|task| task.number).collect()
}

async fn five(alice: &Person) -> Vec<TaskView> {
    let mut tasks = Vec::new();
    for n in 1..=5 {
        tasks.push(alice.titled(&n.to_string()).await);
    }
    tasks
}

#[tokio::test]
async fn a_new_task_is_at_the_top_and_a_moved_one_where_it_was_put() {
    let (_world, alice, _) = World::with("member").await;
    let tasks = five(&alice).await;
    let [one, two, three, four, five] = [&tasks[0], &tasks[1], &tasks[2], &tasks[3], &tasks[4]];
    assert_eq!(board(&alice, "").await, [5, 4, 3, 2, 1]);
    move_to(&alice, one, json!({"before": four.id})).await;
    assert_eq!(board(&alice, "").await, [5, 1, 4, 3, 2]);
    move_to(&alice, five, json!({"after": three.id})).await;
    assert_eq!(board(&alice, "").await, [1, 4, 3, 5, 2]);
    move_to(&alice, two, json!({})).await;
    assert_eq!(board(&alice, "").await, [2, 1, 4, 3, 5]);
    move_to(&alice, two, json!({"after": five.id, "before": null})).await;
    assert_eq!(board(&alice, "").await, [1, 4, 3, 5, 2]);
    move_to(&alice, one, json!({"after": four.id, "before": five.id})).await;
    assert_eq!(board(&alice, "").await, [4, 1, 3, 5, 2], "directly after the one, and before the other");
    alice.titled("6").await;
    assert_eq!(board(&alice, "").await, [6, 4, 1, 3, 5, 2]);
    move_to(&alice, three, json!({"before": alice.titled("7").await.id})).await;
    assert_eq!(board(&alice, "").await, [3, 7, 6, 4, 1, 5, 2]);
    alice.titled("8").await;
    assert_eq!(board(&alice, "").await, [8, 3, 7, 6, 4, 1, 5, 2]);
}

#[tokio::test]
async fn a_move_may_change_the_status_and_is_one_event() {
    let (world, alice, _) = World::with("member").await;
    let tasks = five(&alice).await;
    let before = tasks[0].position.clone();
    let answer = send(&alice, &tasks[0], json!({"status": "completed", "before": tasks[2].id})).await.expect(200);
    let moved: TaskView = answer.body();
    assert_eq!((answer.header("etag"), moved.version), ("\"2\"", 2));
    assert_eq!(moved.completed_at, Some(moved.updated_at));
    assert_eq!(board(&alice, "&status=completed").await, [1]);
    assert_eq!(board(&alice, "").await, [5, 4, 1, 3, 2]);
    assert_eq!(alice.api.get(&path(&moved)).await.json, json!(moved));

    let back = move_to(&alice, &moved, json!({"status": "blocked"})).await;
    assert_eq!((back.completed_at, board(&alice, "").await), (None, vec![1, 5, 4, 3, 2]));
    let last = move_to(&alice, &back, json!({"after": tasks[1].id})).await;
    let log = alice.log().await;
    let events: Vec<_> = log[5..].iter().map(|event| (event.r#type, json!(event.data.previous))).collect();
    let expected = [
        (EventType::TaskStatusChanged, json!({"status": "pending", "position": before})),
        (EventType::TaskStatusChanged, json!({"status": "completed", "position": moved.position})),
        (EventType::TaskMoved, json!({"position": back.position})),
    ];
    assert_eq!(events, expected);
    assert_eq!(log[7].data.task.as_ref(), Some(&last));
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 8);
    // A change of status by PATCH leaves it where it is.
    let patched: TaskView = alice.api.patch(&path(&last), json!({"status": "pending"})).await.expect(200).body();
    assert_eq!(patched.position, last.position);
}

#[tokio::test]
async fn what_is_there_already_does_not_move() {
    let (world, alice, _) = World::with("member").await;
    let tasks = five(&alice).await;
    for body in [
        json!({"before": tasks[1].id}),
        json!({"after": tasks[3].id}),
        json!({"before": tasks[1].id, "after": tasks[3].id, "status": "pending"}),
    ] {
        assert_eq!(move_to(&alice, &tasks[2], body).await, tasks[2]);
    }
    assert_eq!(move_to(&alice, &tasks[4], json!({})).await, tasks[4]);
    let moved = move_to(&alice, &tasks[4], json!({"status": "blocked"})).await;
    assert_eq!((moved.position.as_str(), moved.version), (tasks[4].position.as_str(), 2));
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 6);
}

#[tokio::test]
async fn neighbours_must_be_tasks_of_the_team_in_their_order() {
    let (world, alice, _) = World::with("member").await;
    let tasks = five(&alice).await;
    world.db.team("dev", &[(alice.id, "member")]).await;
    let foreign: TaskView = alice.api.post("/api/v1/teams/dev/tasks", json!({"title": "a"})).await.expect(201).body();
    alice.api.delete(&path(&tasks[4])).await.expect(204);
    for id in [foreign.id, tasks[4].id, TaskId::new(), tasks[0].id] {
        for name in ["before", "after"] {
            send(&alice, &tasks[0], json!({name: id})).await.is_problem(422, &format!("/{name}"));
        }
    }
    let both = send(&alice, &tasks[0], json!({"before": foreign.id, "after": foreign.id})).await;
    assert_eq!(both.json["errors"].as_array().unwrap().len(), 2);
    send(&alice, &tasks[0], json!({"before": tasks[3].id, "after": tasks[2].id})).await.is_problem(422, "/before");
    send(&alice, &tasks[0], json!({"before": tasks[3].id, "after": tasks[3].id})).await.is_problem(422, "/before");
    for (body, says) in [
        (json!({"before": 1}), "/before"),
        (json!({"before": "OPS-1"}), "/before"),
        (json!({"after": "\0"}), "/after"),
        (json!({"status": "done"}), "/status"),
        (json!({"position": "a"}), "position"),
        (json!([]), "JSON object"),
    ] {
        send(&alice, &tasks[0], body).await.is_problem(422, says);
    }
    alice.api.send("POST", &format!("{}/move", path(&tasks[0])), Some(b"{".to_vec())).await.is_problem(400, "JSON");
    send(&alice, &tasks[4], json!({})).await.is_problem(404, "not-found");
    alice.api.get(&format!("{}/move", path(&tasks[0]))).await.is_problem(405, "POST");
    assert_eq!(board(&alice, "").await, [4, 3, 2, 1]);
}

#[tokio::test]
async fn if_match_and_roles_count_as_for_a_patch() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let tasks = five(&alice).await;
    let task = alice.task(json!({"title": "6", "assignees": [bob.id]})).await;
    let stale = alice.api.with_header("if-match", "\"7\"");
    let refused = stale.post(&format!("{}/move", path(&task)), json!({"after": tasks[0].id})).await;
    refused.is_problem(412, "precondition-failed");
    assert_eq!(refused.header("etag"), "\"1\"");
    let fresh = alice.api.with_header("if-match", "\"1\"");
    let below: TaskView =
        fresh.post(&format!("{}/move", path(&task)), json!({"after": tasks[0].id})).await.expect(200).body();

    send(&bob, &tasks[0], json!({"status": "completed"})).await.is_problem(403, "role member");
    send(&bob, &task, json!({})).await.is_problem(403, "role member");
    send(&bob, &task, json!({"status": "completed", "before": tasks[4].id})).await.is_problem(403, "role member");
    let done = move_to(&bob, &task, json!({"status": "completed"})).await;
    assert_eq!(done.position, below.position, "an assignee changes the status and nothing else");
    assert_eq!(board(&alice, "").await, [5, 4, 3, 2, 1, 6]);
}

#[tokio::test]
async fn the_board_is_filtered_and_paged_like_any_list() {
    let (_world, alice, _) = World::with("member").await;
    let label = alice.label("bug").await.id;
    for n in 1..=9 {
        let labels = if n % 3 == 0 { json!([label]) } else { json!([]) };
        let assignees = if n % 2 == 0 { json!([alice.id]) } else { json!([]) };
        let status = if n > 5 { "blocked" } else { "pending" };
        alice.task(json!({"title": format!("t{n}"), "labels": labels, "assignees": assignees, "status": status})).await;
    }
    let all: Vec<TaskView> = alice.walk(&format!("{BOARD}&limit=200")).await;
    move_to(&alice, &all[0], json!({"after": all[8].id})).await;
    move_to(&alice, &all[6], json!({})).await;
    assert_eq!(board(&alice, "").await, [3, 8, 7, 6, 5, 4, 2, 1, 9]);
    assert_eq!(board(&alice, &format!("&label={label}")).await, [3, 6, 9]);
    assert_eq!(board(&alice, &format!("&label={label}&assignee=none")).await, [3, 9]);
    assert_eq!(board(&alice, &format!("&assignee={}", alice.id)).await, [8, 6, 4, 2]);
    assert_eq!(board(&alice, "&assignee=none&status=pending").await, [3, 5, 1]);
    assert_eq!(board(&alice, "&q=T7").await, [7]);
    assert_eq!(board(&alice, "&status=blocked").await, [8, 7, 6, 9]);
    let cursor = alice.api.get(&format!("{BOARD}&limit=1")).await.json["next_cursor"].as_str().unwrap().to_owned();
    for list in ["?", "?sort=number&", "?sort=position&status=blocked&"] {
        alice.api.get(&format!("/api/v1/teams/ops/tasks{list}cursor={cursor}")).await.is_problem(400, "bad-cursor");
    }
    alice.api.get("/api/v1/teams/ops/tasks?sort=title").await.is_problem(400, "number, position");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_moves_by_twenty_at_once_leave_one_order_and_one_log() {
    const CLIENTS: usize = 20;
    const MOVES: usize = 50;
    let (world, alice, _) = World::with("member").await;
    let (_service, other) = world.replica().await;
    let elsewhere = Person { id: alice.id, api: other.api().with_token(world.issuer.token(alice.id)) };
    let tasks = join_all((0..30).map(|n| {
        let alice = &alice;
        async move { alice.titled(&n.to_string()).await }
    }))
    .await;
    join_all((0..CLIENTS).map(|client| {
        let (who, tasks) = (if client % 2 == 0 { &alice } else { &elsewhere }, &tasks);
        async move {
            let mut random = client as u64 + 1;
            let mut next = |below: usize| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (random >> 33) as usize % below
            };
            for _ in 0..MOVES {
                let (task, neighbour) = (&tasks[next(30)], &tasks[next(30)]);
                let body = match next(6) {
                    0 => json!({}),
                    1 => json!({"after": neighbour.id}),
                    2 => json!({"before": neighbour.id, "status": (["pending", "blocked"])[next(2)]}),
                    // Ever again the same place, so that it gets crowded.
                    _ => json!({"before": tasks[7].id}),
                };
                let itself = body.get("before") == Some(&json!(task.id)) || body.get("after") == Some(&json!(task.id));
                send(who, task, body).await.expect(if itself { 422 } else { 200 });
            }
        }
    }))
    .await;
    let board: Vec<TaskView> = alice.walk(&format!("{BOARD}&limit=7")).await;
    assert_eq!(board.len(), 30);
    assert!(board.is_sorted_by(|a, b| a.position < b.position), "one order, without doubles");
    assert!(board.iter().all(|task| task.position.len() <= 24));
    assert_eq!(board.iter().map(|task| task.id).collect::<BTreeSet<_>>().len(), 30);
    let log = alice.log().await;
    assert!(log.iter().map(|event| event.revision).eq(1..=i64::try_from(log.len()).unwrap()));
    // Whoever follows the log has the same board.
    let mut followed = std::collections::HashMap::new();
    for task in log.into_iter().filter_map(|event| event.data.task) {
        followed.insert(task.id, task);
    }
    assert!(board.iter().all(|task| followed[&task.id] == *task));
    assert_eq!(world.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowded_place_is_spread_each_task_with_an_event_of_its_own() {
    let (world, alice, _) = World::with("member").await;
    let tasks = five(&alice).await;
    // The worst there is: always between the same two, each time directly before the one moved last.
    let (mut one, mut other) = (tasks[0].clone(), tasks[1].clone());
    let bystander = &tasks[2];
    let mut before = alice.log().await.len();
    let mut spread = 0;
    for n in 0..260 {
        let moved = move_to(&alice, &one, json!({"before": other.id, "after": bystander.id})).await;
        assert!(moved.position.len() <= 24, "{moved:?}");
        (one, other) = (other, moved);
        let log = alice.api.get("/api/v1/teams/ops/activity?limit=200").await.json;
        let now = log["items"][0]["revision"].as_u64().unwrap() as usize;
        if now > before + 1 {
            spread += 1;
            let events: Vec<domain::EventView> = serde_json::from_value(log["items"].clone()).unwrap();
            for event in &events[1..now - before] {
                let task = event.data.task.as_ref().unwrap();
                assert_eq!((event.r#type, event.actor_id), (EventType::TaskMoved, alice.id));
                assert_ne!(event.data.previous["position"], task.position);
            }
        }
        before = now;
        if n % 37 == 0 {
            assert_eq!(board(&alice, "").await.len(), 5);
        }
    }
    assert!(spread >= 2, "{spread}");
    let unmatched = "SELECT count(*) FROM tasks.events e FULL JOIN tasks.outbox o USING (team_id, revision) \
                     WHERE e.id IS NULL OR o.seq IS NULL";
    assert_eq!(world.count(unmatched).await, 0);
    assert_eq!(world.count("SELECT count(*) - max(revision) FROM tasks.events").await, 0);
    eprintln!("260 moves to one place: spread {spread} times");
}

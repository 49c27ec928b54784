//! `/api/v1/teams/{team}/tasks/{task}/comments`.

use domain::{CommentView, EventType, TaskView};
use futures_util::future::join_all;
use serde_json::json;

use crate::world::{World, path};

fn on(task: &TaskView) -> String {
    format!("{}/comments", path(task))
}

fn at(task: &TaskView, comment: &CommentView) -> String {
    format!("{}/comments/{}", path(task), comment.id)
}

#[tokio::test]
async fn what_is_said_is_listed_from_either_end() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let (task, other) = (alice.titled("a").await, alice.titled("b").await);
    assert_eq!(bob.api.get(&on(&task)).await.expect(200).json, json!({"items": [], "next_cursor": null}));
    let answer = alice.api.post(&on(&task), json!({"body": " **Done?**\n"})).await.expect(201);
    let comment: CommentView = answer.body();
    assert_eq!((comment.task_id, comment.author_id, comment.body.as_str()), (task.id, alice.id, " **Done?**\n"));
    assert_eq!(answer.json["created_at"], answer.json["updated_at"]);
    let location = format!("/api/v1/teams/{team}/tasks/{}/comments/{}", task.id, comment.id);
    assert_eq!(answer.header("location"), location);
    let mut expected = vec![comment];
    for n in 0..6 {
        expected.push(alice.comment(&task, &n.to_string()).await);
    }
    alice.comment(&other, "elsewhere").await;
    for limit in [1, 2, 7, 8, 200] {
        let comments: Vec<CommentView> = bob.walk(&format!("{}?limit={limit}", on(&task))).await;
        assert_eq!(comments, expected, "limit {limit}");
        let mut comments: Vec<CommentView> = bob.walk(&format!("{}?sort=newest&limit={limit}", on(&task))).await;
        comments.reverse();
        assert_eq!(comments, expected, "newest first, limit {limit}");
    }
    // A cursor is good for the order that it was made in.
    let page = bob.api.get(&format!("{}?sort=newest&limit=1", on(&task))).await.expect(200).json;
    let cursor = page["next_cursor"].as_str().expect("there are more");
    bob.api.get(&format!("{}?cursor={cursor}", on(&task))).await.is_problem(400, "bad-cursor");
    bob.api.get(&format!("{}?sort=best", on(&task))).await.is_problem(400, "oldest, newest");
    let by_id = format!("/api/v1/teams/{team}/tasks/{}/comments?limit=200", task.id);
    assert_eq!(bob.walk::<CommentView>(&by_id).await, expected);
}

#[tokio::test]
async fn the_log_tells_of_each_with_the_task() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "admin").await;
    let task = alice.titled("a").await;
    let comment = alice.comment(&task, "one").await;
    let changed: CommentView = alice.api.patch(&at(&task, &comment), json!({"body": "two"})).await.expect(200).body();
    assert_eq!((changed.id, changed.created_at), (comment.id, comment.created_at));
    assert!(changed.updated_at > comment.updated_at && changed.body == "two");
    alice.api.patch(&at(&task, &comment), json!({"body": "two"})).await.expect(200);
    bob.api.delete(&at(&task, &comment)).await.expect(204);
    let log = alice.log().await;
    let kinds: Vec<_> = log[1..].iter().map(|event| (event.r#type, event.task_id, event.actor_id)).collect();
    assert_eq!(
        kinds,
        [
            (EventType::CommentCreated, Some(task.id), alice.id),
            (EventType::CommentUpdated, Some(task.id), alice.id),
            (EventType::CommentDeleted, Some(task.id), bob.id),
        ]
    );
    assert_eq!(json!(log[1].data), json!({"task": task, "comment": comment, "previous": {}}));
    assert_eq!(json!(log[2].data), json!({"task": task, "comment": changed, "previous": {"body": "one"}}));
    assert_eq!(json!(log[3].data), json!({"task": task, "comment": changed, "previous": {}}));
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 4);
    // A comment is no change to the task.
    assert_eq!(alice.api.get(&path(&task)).await.json, json!(task));
}

#[tokio::test]
async fn members_and_assignees_comment_and_only_authors_and_admins_take_back() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let carol = world.member(team, "carol", "member").await;
    let dora = world.member(team, "dora", "owner").await;
    let task = alice.task(json!({"title": "a", "assignees": [bob.id]})).await;
    let other = alice.titled("b").await;
    bob.api.post(&on(&other), json!({"body": "a"})).await.is_problem(403, "role member");
    let said = bob.comment(&task, "mine").await;
    carol.api.patch(&at(&task, &said), json!({"body": "b"})).await.is_problem(403, "author");
    dora.api.patch(&at(&task, &said), json!({"body": "b"})).await.is_problem(403, "author");
    carol.api.delete(&at(&task, &said)).await.is_problem(403, "admin");
    bob.api.patch(&at(&task, &said), json!({"body": "better"})).await.expect(200);
    dora.api.delete(&at(&task, &said)).await.expect(204);
    bob.api.patch(&at(&task, &said), json!({"body": "late"})).await.is_problem(404, "not-found");
    let own = bob.comment(&task, "again").await;
    bob.api.delete(&at(&task, &own)).await.expect(204);
    // A comment is found at its own task alone.
    let there = alice.comment(&task, "there").await;
    alice.api.patch(&at(&other, &there), json!({"body": "b"})).await.is_problem(404, "not-found");
    alice.api.delete(&at(&other, &there)).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_deleted_task_has_no_comments() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let comment = alice.comment(&task, "a").await;
    alice.api.delete(&path(&task)).await.expect(204);
    alice.api.get(&on(&task)).await.is_problem(404, "not-found");
    alice.api.post(&on(&task), json!({"body": "a"})).await.is_problem(404, "not-found");
    alice.api.patch(&at(&task, &comment), json!({"body": "b"})).await.is_problem(404, "not-found");
    alice.api.delete(&at(&task, &comment)).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn the_same_request_again_gives_the_first_answer() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let once = alice.api.with_header("idempotency-key", "k");
    let comments = on(&task);
    let answers = join_all((0..20).map(|_| once.post(&comments, json!({"body": "a"})))).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (201, answers[0].text.as_str()));
        assert_eq!(answer.header("location"), answers[0].header("location"));
    }
    once.post(&on(&task), json!({"body": "b"})).await.is_problem(409, "idempotency-mismatch");
    assert_eq!(world.count("SELECT count(*) FROM tasks.comments").await, 1);
    alice.comment(&task, "a").await;
    assert_eq!(world.count("SELECT count(*) FROM tasks.comments").await, 2);
}

#[tokio::test]
async fn many_at_once_are_all_kept_and_changes_do_not_overwrite_each_other_unseen() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let said = join_all((0..30).map(|n| {
        let (alice, task) = (&alice, &task);
        async move { alice.comment(task, &n.to_string()).await }
    }))
    .await;
    let comments: Vec<CommentView> = alice.walk(&format!("{}?limit=7", on(&task))).await;
    assert_eq!(comments.len(), said.len());
    assert!(comments.is_sorted_by_key(|comment| comment.created_at));
    let one = &comments[0];
    join_all((0..20).map(|n| {
        let (api, path) = (&alice.api, at(&task, one));
        async move {
            let answer = if n == 13 {
                api.delete(&path).await
            } else {
                api.patch(&path, json!({"body": format!("v{n}")})).await
            };
            assert!([200, 204, 404].contains(&answer.status.as_u16()), "{answer:?}");
        }
    }))
    .await;
    let log = alice.log().await;
    let of_one: Vec<_> = log.iter().filter(|e| e.data.comment.as_ref().is_some_and(|c| c.id == one.id)).collect();
    for pair in of_one.windows(2) {
        let before = pair[0].data.comment.as_ref().unwrap();
        match pair[1].r#type {
            EventType::CommentUpdated => assert_eq!(pair[1].data.previous["body"], before.body),
            kind => assert_eq!((kind, pair[1].data.comment.as_ref()), (EventType::CommentDeleted, Some(before))),
        }
    }
    assert_eq!(of_one.last().unwrap().r#type, EventType::CommentDeleted);
    assert_eq!(world.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await, 0);
}

#[tokio::test]
async fn bad_requests_are_refused_with_what_is_wrong() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let comment = alice.comment(&task, "a").await;
    for (body, says) in [
        (json!({}), "missing field"),
        (json!({"body": " \n"}), "/body"),
        (json!({"body": "a\0"}), "/body"),
        (json!({"body": "a".repeat(32_769)}), "32768"),
        (json!({"body": 1}), "/body"),
        (json!({"body": "a", "author_id": comment.author_id}), "author_id"),
        (json!(["a"]), "JSON object"),
    ] {
        alice.api.post(&on(&task), body.clone()).await.is_problem(422, says);
        alice.api.patch(&at(&task, &comment), body).await.is_problem(422, says);
    }
    alice.api.send("POST", &on(&task), Some(b"{\"body\": ".to_vec())).await.is_problem(400, "malformed-json");
    alice.comment(&task, &"a".repeat(32_768)).await;
    for query in ["limit=0", "limit=100000", "cursor=x", "page=1", "limit=1&limit=1"] {
        alice.api.get(&format!("{}?{query}", on(&task))).await.is_problem(400, "");
    }
    let page = alice.api.get(&format!("{}?limit=1", on(&task))).await.expect(200).json;
    let cursor = page["next_cursor"].as_str().unwrap();
    let other = alice.titled("b").await;
    alice.api.get(&format!("{}?cursor={cursor}", on(&other))).await.is_problem(400, "bad-cursor");
    alice.api.patch(&format!("{}/1", on(&task)), json!({"body": "a"})).await.is_problem(400, "{comment}");
    alice.api.put(&at(&task, &comment), json!({})).await.is_problem(405, "GET, HEAD, PATCH, DELETE");
}

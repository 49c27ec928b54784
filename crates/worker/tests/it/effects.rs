//! Who is told of what.

use std::collections::BTreeSet;

use domain::EventType::{TaskAssigned, TaskDeleted, TaskStatusChanged, TaskUpdated};
use domain::{NotificationView, Page};
use serde_json::{Value, json};
use testkit::Api;

use crate::scene::{NewEvent, SOON, Scene, task};

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_an_assignee_is_told_once() {
    let scene = Scene::new().await;
    let _running = scene.worker().start();
    let revision = scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    scene.settled().await;
    scene.stream_is_empty().await;

    let row = scene.admin.query_one("SELECT * FROM delivery.notifications", &[]).await.unwrap();
    assert_eq!(row.get::<_, uuid::Uuid>("user_id"), scene.bob.uuid());
    assert_eq!(row.get::<_, uuid::Uuid>("actor_id"), scene.alice.uuid());
    assert_eq!(row.get::<_, i64>("revision"), revision);
    assert_eq!(row.get::<_, &str>("type"), "task.assigned");
    assert_eq!((row.get::<_, &str>("task_key"), row.get::<_, &str>("title")), ("OPS-1", "Ship it"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_what_they_did_themselves() {
    let scene = Scene::new().await;
    let _running = scene.worker().start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.alice, scene.bob])]).await;
    scene.settled().await;
    assert_eq!((scene.told(scene.alice).await, scene.told(scene.bob).await), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_are_told() {
    let scene = Scene::new().await;
    let stranger = scene.db.user("stranger").await;
    scene.db.team("dev", &[(stranger, "owner")]).await;
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob, scene.carol, stranger])]).await;
    // bob leaves before anything has happened.
    scene.admin.execute("DELETE FROM identity.members WHERE user_id = $1", &[&scene.bob.uuid()]).await.unwrap();
    let _running = scene.worker().start();
    scene.settled().await;
    assert_eq!((scene.told(stranger).await, scene.told(scene.bob).await, scene.told(scene.carol).await), (0, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_new_among_the_assignees_is_told_whatever_else_changed() {
    let scene = Scene::new().await;
    let (alice, bob, carol) = (scene.alice, scene.bob, scene.carol);
    let _running = scene.worker().start();
    scene
        .log(&[
            NewEvent::changed(TaskAssigned, alice, &[bob, carol], json!({"assignees": [bob]})).titled("carol joins"),
            NewEvent::changed(
                TaskStatusChanged,
                alice,
                &[bob],
                json!({"assignees": [], "status": "blocked", "title": "x"}),
            )
            .titled("all at once"),
            NewEvent::changed(TaskAssigned, alice, &[], json!({"assignees": [bob, carol]})).titled("all leave"),
            NewEvent::changed(TaskUpdated, alice, &[bob, carol], json!({"title": "before"})).titled("only the title"),
            NewEvent::changed(TaskDeleted, alice, &[bob, carol], json!({})).titled("deleted"),
            NewEvent::created(alice, &[bob, bob]).titled("twice the same"),
        ])
        .await;
    scene.settled().await;
    let rows =
        scene.admin.query("SELECT user_id, title FROM delivery.notifications ORDER BY revision", &[]).await.unwrap();
    let told: Vec<(uuid::Uuid, &str)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [(carol.uuid(), "carol joins"), (bob.uuid(), "all at once"), (bob.uuid(), "twice the same")];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_told_to_the_assignees_and_the_creator_but_not_to_its_author() {
    let scene = Scene::new().await;
    let stranger = scene.db.user("stranger").await;
    let _running = scene.worker().start();
    let comment = |author| {
        let id = domain::CommentId::new();
        let at = "2026-03-01T09:30:00.000000Z";
        json!({"id": id, "task_id": id, "author_id": author, "body": "Done?", "created_at": at, "updated_at": at})
    };
    let event = NewEvent::created(scene.alice, &[scene.alice, scene.bob, stranger]);
    for (kind, author) in [
        ("comment.created", scene.carol),
        ("comment.created", scene.bob),
        ("comment.updated", scene.carol),
        ("comment.deleted", scene.carol),
    ] {
        let revision = scene.advance(1).await;
        let data = json!({"task": task(scene.team, revision, &event), "comment": comment(author), "previous": {}});
        scene.log_raw(revision, kind, author, data).await;
    }
    scene.settled().await;
    let rows = scene.admin.query("SELECT revision, user_id, type FROM delivery.notifications", &[]).await.unwrap();
    let mut told: Vec<(i64, uuid::Uuid, &str)> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    told.sort_unstable();
    let (alice, bob) = (scene.alice.uuid(), scene.bob.uuid());
    let mut expected = vec![(1, alice, "commented"), (1, bob, "commented"), (2, alice, "commented")];
    expected.sort_unstable();
    assert_eq!(told, expected);
    assert_eq!(scene.dead_letters().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_a_label_is_told_to_nobody_and_done_with() {
    let scene = Scene::new().await;
    let _running = scene.worker().start();
    let (id, at) = (domain::LabelId::new(), "2026-03-01T09:30:00.000000Z");
    let label =
        json!({"id": id, "team_id": scene.team, "name": "bug", "color": "#ff0000", "created_at": at, "updated_at": at});
    for kind in ["label.created", "label.updated", "label.deleted"] {
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, scene.alice, json!({"label": label, "previous": {}})).await;
    }
    scene.settled().await;
    scene.stream_is_empty().await;
    assert_eq!((scene.told(scene.bob).await, scene.dead_letters().await), (0, 0));
}

/// The data of an event about this task.
fn about(task: &Value, comment: Option<&str>, author: domain::UserId) -> Value {
    let at = "2026-03-01T09:30:00.000000Z";
    let comment = comment.map(|body| {
        let id = domain::CommentId::new();
        json!({"id": id, "task_id": task["id"], "author_id": author, "body": body, "created_at": at, "updated_at": at})
    });
    let mut data = json!({"task": task, "previous": {}});
    if let Some(comment) = comment {
        data["comment"] = comment;
    }
    data
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_of_a_comment_shows_it_as_it_is_now() {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let running = scene.serve(&worker).await;
    let _background = worker.start();
    let revision = scene.advance(1).await;
    let task = task(scene.team, revision, &NewEvent::created(scene.alice, &[scene.bob]));
    let comment = about(&task, Some("as it was"), scene.alice);
    let sql = "INSERT INTO tasks.comments (id, task_id, author_id, body, created_at, updated_at)
               SELECT (c->>'id')::uuid, (c->>'task_id')::uuid, (c->>'author_id')::uuid, c->>'body', now(), now()
               FROM (SELECT $1::jsonb->'comment' AS c) c";
    scene.admin.execute(sql, &[&comment]).await.unwrap();
    scene.log_raw(revision, "comment.created", scene.alice, comment).await;
    let revision = scene.advance(1).await;
    scene.log_raw(revision, "task.created", scene.alice, about(&task, None, scene.alice)).await;
    scene.settled().await;
    let bob = scene.api(&running, scene.bob);
    let excerpts = async || {
        let page: Page<NotificationView> = bob.get("/api/v1/notifications").await.expect(200).body();
        page.items.into_iter().rev().map(|one| one.excerpt).collect::<Vec<_>>()
    };
    assert_eq!(excerpts().await, [Some("as it was".to_owned()), None]);
    scene.admin.execute("UPDATE tasks.comments SET body = $1", &[&"ü".repeat(300)]).await.unwrap();
    assert_eq!(excerpts().await, [Some("ü".repeat(200)), None]);
    scene.admin.execute("DELETE FROM tasks.comments", &[]).await.unwrap();
    assert_eq!(excerpts().await, [None, None]);
    // Nothing of the text is kept here either.
    assert_eq!(scene.count("delivery.notifications WHERE excerpt IS NOT NULL", &[]).await, 0);
}

/// What a user sees of each notification: the task, whether the task was deleted, whether it is unread; from the whole list,
/// which must agree with the list of those that are unread.
async fn seen(api: &Api) -> BTreeSet<(String, bool, bool)> {
    let list = async |query: &str| {
        let page: Page<NotificationView> = api.get(&format!("/api/v1/notifications{query}")).await.expect(200).body();
        page.items
    };
    let (all, unread) = (list("").await, list("?unread=true").await);
    let expected: Vec<_> = all.iter().filter(|one| one.read_at.is_none()).map(|one| one.id).collect();
    assert_eq!(unread.iter().map(|one| one.id).collect::<Vec<_>>(), expected);
    all.into_iter().map(|one| (one.task_key, one.task_deleted, one.read_at.is_none())).collect()
}

fn set<const N: usize>(seen: [(&str, bool, bool); N]) -> BTreeSet<(String, bool, bool)> {
    seen.into_iter().map(|(key, deleted, unread)| (key.to_owned(), deleted, unread)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_a_deleted_task_says_so_and_is_read() {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let running = scene.serve(&worker).await;
    let event = NewEvent::created(scene.alice, &[scene.bob]);
    let (gone, kept) = (task(scene.team, 1, &event), task(scene.team, 2, &event));
    let log = async |kind: &str, task: &Value| {
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, scene.alice, about(task, None, scene.alice)).await;
    };
    // Created and deleted before the worker starts, so in one batch.
    log("task.created", &gone).await;
    log("task.created", &kept).await;
    log("task.deleted", &gone).await;
    let _background = worker.start();
    scene.settled().await;
    let bob = scene.api(&running, scene.bob);
    assert_eq!(seen(&bob).await, set([("OPS-1", true, false), ("OPS-2", false, true)]));
    log("task.deleted", &kept).await;
    scene.settled().await;
    assert_eq!(seen(&bob).await, set([("OPS-1", true, false), ("OPS-2", true, false)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_a_deleted_comment_is_read() {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let running = scene.serve(&worker).await;
    let event = NewEvent::created(scene.carol, &[scene.bob]);
    let tasks = [1, 2, 3].map(|number| task(scene.team, number, &event));
    let comments = [0, 1, 2].map(|n: usize| about(&tasks[n], Some("Done?"), scene.alice));
    let log = async |kind: &str, comment: &Value| {
        let sql = "INSERT INTO tasks.comments (id, task_id, author_id, body, created_at, updated_at)
                   SELECT (c->>'id')::uuid, (c->>'task_id')::uuid, (c->>'author_id')::uuid, c->>'body', now(), now()
                   FROM (SELECT $1::jsonb->'comment' AS c) c";
        let delete = "DELETE FROM tasks.comments WHERE id = ($1::jsonb #>> '{comment,id}')::uuid";
        scene.admin.execute(if kind == "comment.created" { sql } else { delete }, &[comment]).await.unwrap();
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, scene.alice, comment.clone()).await;
    };
    for comment in &comments {
        log("comment.created", comment).await;
    }
    log("comment.deleted", &comments[0]).await;
    let _background = worker.start();
    scene.settled().await;
    let bob = scene.api(&running, scene.bob);
    assert_eq!(seen(&bob).await, set([("OPS-1", false, false), ("OPS-2", false, true), ("OPS-3", false, true)]));
    log("comment.deleted", &comments[1]).await;
    scene.settled().await;
    assert_eq!(seen(&bob).await, set([("OPS-1", false, false), ("OPS-2", false, false), ("OPS-3", false, true)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_assignee_any_more_has_nothing_unread_of_it() {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let running = scene.serve(&worker).await;
    let (alice, bob, carol) = (scene.alice, scene.bob, scene.carol);
    let tasks = [1, 2, 3].map(|number| task(scene.team, number, &NewEvent::created(alice, &[bob])));
    let log = async |kind: &str, number: usize, assignees: &[domain::UserId], previous: Value| {
        let mut task = tasks[number - 1].clone();
        task["assignees"] = json!(assignees);
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, alice, json!({"task": task, "previous": previous})).await;
    };
    for number in [1, 2, 3] {
        log("task.created", number, &[bob], json!({})).await;
    }
    log("task.assigned", 1, &[carol], json!({"assignees": [bob]})).await;
    let _background = worker.start();
    scene.settled().await;
    let api = scene.api(&running, bob);
    assert_eq!(seen(&api).await, set([("OPS-1", false, false), ("OPS-2", false, true), ("OPS-3", false, true)]));
    log("task.status_changed", 2, &[], json!({"assignees": [bob], "status": "blocked"})).await;
    scene.settled().await;
    assert_eq!(seen(&api).await, set([("OPS-1", false, false), ("OPS-2", false, false), ("OPS-3", false, true)]));
    // carol was assigned instead, and that stays.
    assert_eq!(seen(&scene.api(&running, carol)).await, set([("OPS-1", false, true)]));
    // Assigned once more: told once more.
    log("task.assigned", 2, &[bob], json!({"assignees": []})).await;
    scene.settled().await;
    let told = set([("OPS-1", false, false), ("OPS-2", false, false), ("OPS-2", false, true), ("OPS-3", false, true)]);
    assert_eq!(seen(&api).await, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_consumers_missed_of_each_other_is_not_unread() {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let running = scene.serve(&worker).await;
    let event = NewEvent::created(scene.alice, &[scene.bob]);
    let gone = task(scene.team, 1, &event);
    let background = worker.start();
    let revision = scene.advance(1).await;
    scene.log_raw(revision, "task.created", scene.alice, about(&gone, None, scene.alice)).await;
    scene.settled().await;
    assert!(background.stop(SOON).await);
    // The event of the deletion is still on its way.
    let revision = scene.advance(1).await;
    scene.log_raw(revision, "task.deleted", scene.alice, about(&gone, None, scene.alice)).await;
    let bob = scene.api(&running, scene.bob);
    assert_eq!(seen(&bob).await, set([("OPS-1", true, false)]));
}

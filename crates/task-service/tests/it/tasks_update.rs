//! `PATCH /api/v1/teams/{team}/tasks/{task}`.

use domain::{EventType, Status, TaskPatch, TaskView, UserId};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::world::{Person, World, path};

async fn patch(who: &Person, task: &TaskView, body: Value) -> TaskView {
    who.api.patch(&path(task), body).await.expect(200).body()
}

#[tokio::test]
async fn only_what_is_named_changes() {
    let (_world, alice, _) = World::with("member").await;
    let body = json!({"title": "a", "description": "b", "priority": "low", "assignees": [alice.id], "due_at": "2027-01-01T00:00:00Z"});
    let before = alice.task(body).await;
    let answer = alice.api.patch(&path(&before), json!({"title": "c"})).await.expect(200);
    let after: TaskView = answer.body();
    assert_eq!(answer.header("etag"), "\"2\"");
    assert!(after.updated_at > before.updated_at);
    let expected = TaskView { title: "c".into(), version: 2, updated_at: after.updated_at, ..before };
    assert_eq!(after, expected);
    assert_eq!(alice.api.get(&path(&after)).await.body::<TaskView>(), after);
}

#[tokio::test]
async fn null_clears_what_can_be_cleared() {
    let (_world, alice, _) = World::with("member").await;
    let body = json!({"title": "a", "description": "b", "priority": "low", "assignees": [alice.id], "due_at": "2027-01-01T00:00:00Z"});
    let task = alice.task(body).await;
    let cleared =
        patch(&alice, &task, json!({"description": null, "priority": null, "assignees": null, "due_at": null})).await;
    assert_eq!((cleared.description.as_str(), cleared.priority.as_str()), ("", "none"));
    assert!(cleared.assignees.is_empty() && cleared.due_at.is_none());
    let previous = Value::Object(alice.log().await.pop().unwrap().data.previous);
    let expected = json!({"description": "b", "priority": "low", "assignees": [alice.id], "due_at": "2027-01-01T00:00:00.000000Z"});
    assert_eq!(previous, expected);
    // What an event replaced is the patch that takes it back.
    let back = patch(&alice, &task, previous).await;
    assert_eq!(TaskView { version: 1, updated_at: task.updated_at, ..back }, task);
    alice.api.patch(&path(&task), json!({"title": null, "status": null})).await.is_problem(422, "must not be null");
}

#[tokio::test]
async fn completed_at_follows_the_status() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let done = patch(&alice, &task, json!({"status": "completed"})).await;
    assert_eq!(done.completed_at, Some(done.updated_at));
    let renamed = patch(&alice, &task, json!({"title": "b"})).await;
    assert_eq!(renamed.completed_at, done.completed_at);
    let again = patch(&alice, &task, json!({"status": "in_progress"})).await;
    assert_eq!(again.completed_at, None);
}

#[tokio::test]
async fn what_changes_nothing_happens_not() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.task(json!({"title": "a", "assignees": [alice.id], "due_at": "2027-01-01T00:00:00Z"})).await;
    for same in [
        json!({}),
        json!({"title": " a "}),
        json!({"status": "pending", "description": null, "priority": "none"}),
        json!({"assignees": [alice.id], "due_at": "2027-01-01T01:00:00+01:00"}),
    ] {
        let answer = alice.api.patch(&path(&task), same).await.expect(200);
        assert_eq!(answer.body::<TaskView>(), task);
        assert_eq!(answer.header("etag"), "\"1\"");
    }
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 1);
}

#[tokio::test]
async fn the_event_tells_what_was_replaced_and_what_weighs_most() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let task = alice.titled("a").await;
    for (body, kind, previous) in [
        (json!({"title": "b"}), EventType::TaskUpdated, json!({"title": "a"})),
        (json!({"title": "c", "assignees": [bob.id]}), EventType::TaskAssigned, json!({"title": "b", "assignees": []})),
        (
            json!({"status": "blocked", "assignees": [], "title": "c"}),
            EventType::TaskStatusChanged,
            json!({"status": "pending", "assignees": [bob.id]}),
        ),
        (json!({"due_at": "2027-01-01T00:00:00Z"}), EventType::TaskUpdated, json!({"due_at": null})),
    ] {
        let after = patch(&alice, &task, body).await;
        let event = alice.log().await.pop().unwrap();
        assert_eq!((event.r#type, event.actor_id, event.task_id), (kind, alice.id, Some(task.id)));
        assert_eq!(event.data.task.as_ref(), Some(&after));
        assert_eq!(event.occurred_at, after.updated_at);
        assert_eq!(Value::Object(event.data.previous), previous);
    }
    let gained = &alice.log().await[2];
    assert_eq!(gained.data.assignees_added(gained.r#type), [bob.id]);
}

/// The SQL and the domain agree on what a change is: version, replaced values, type of event, `completed_at`.
#[tokio::test]
async fn any_patch_does_what_the_domain_says() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "member").await;
    let people = [vec![], vec![alice.id], vec![bob.id], vec![alice.id, bob.id], vec![bob.id, alice.id]];
    let bug = alice.label("bug").await.id;
    let chore = alice.label("chore").await.id;
    let labels = [vec![], vec![bug], vec![chore, bug]];
    let field = |values: Vec<Value>| proptest::option::weighted(0.4, select(values));
    let fields = (
        field(vec![json!("a"), json!("b")]),
        field(vec![json!(""), json!("ü"), Value::Null]),
        field(Status::ALL.iter().map(|s| json!(s)).collect()),
        field(vec![json!("none"), json!("high"), Value::Null]),
        field(people.iter().map(|p| json!(p)).chain([Value::Null]).collect()),
        field(labels.iter().map(|l| json!(l)).chain([Value::Null]).collect()),
        field(vec![json!("2027-01-01T00:00:00Z"), json!("2027-01-01T00:00:00.5+02:00"), Value::Null]),
    );
    let patches = fields.prop_map(|(title, description, status, priority, assignees, labels, due_at)| {
        let fields = [
            ("title", title),
            ("description", description),
            ("status", status),
            ("priority", priority),
            ("assignees", assignees),
            ("labels", labels),
            ("due_at", due_at),
        ];
        Value::Object(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
    });
    let mut runner = TestRunner::default();
    let mut before = alice.titled("a").await;
    let mut events = 3;
    for _ in 0..150 {
        let body = patches.new_tree(&mut runner).unwrap().current();
        let wanted: TaskPatch = platform::body::parse::<domain::PatchTask>(body.to_string().as_bytes()).unwrap();
        let after = patch(&alice, &before, body.clone()).await;
        let (old, mut new) = (json!(before), json!(before));
        for (name, value) in json!(wanted).as_object().unwrap() {
            new[name] = value.clone();
        }
        new["labels"].as_array_mut().unwrap().sort_by_key(Value::to_string);
        let changed: Vec<&str> = json_fields().into_iter().filter(|name| old[*name] != new[*name]).collect();
        if changed.is_empty() {
            assert_eq!(after, before, "{body}");
            continue;
        }
        events += 1;
        for name in json_fields() {
            assert_eq!(json!(after)[name], new[name], "{name} by {body}");
        }
        assert_eq!(after.version, before.version + 1);
        assert_eq!(after.completed_at, after.status.completed_at(before.completed_at, after.updated_at));
        let log = alice.api.get("/api/v1/teams/ops/activity?limit=1").await.expect(200);
        let event: domain::EventView = serde_json::from_value(log.json["items"][0].clone()).unwrap();
        assert_eq!(event.revision, events);
        assert_eq!(event.r#type, EventType::of_update(changed.iter().copied()), "{body}");
        assert_eq!(event.data.task.as_ref(), Some(&after));
        let previous: serde_json::Map<String, Value> =
            changed.iter().map(|n| ((*n).to_owned(), old[*n].clone())).collect();
        assert_eq!(event.data.previous, previous, "{body}");
        before = after;
    }
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, events);
}

fn json_fields() -> [&'static str; 7] {
    ["title", "description", "status", "priority", "assignees", "labels", "due_at"]
}

#[tokio::test]
async fn an_assignee_may_change_the_status_whatever_their_role() {
    let (world, alice, team) = World::with("member").await;
    let (bob, eve) = (world.member(team, "bob", "viewer").await, world.member(team, "eve", "viewer").await);
    let task = alice.task(json!({"title": "a", "assignees": [bob.id]})).await;
    assert_eq!(patch(&bob, &task, json!({"status": "completed"})).await.status, Status::Completed);
    for more in
        [json!({"status": "pending", "title": "mine"}), json!({"assignees": []}), json!({"title": "a"}), json!({})]
    {
        bob.api.patch(&path(&task), more).await.is_problem(403, "forbidden");
    }
    eve.api.patch(&path(&task), json!({"status": "pending"})).await.is_problem(403, "forbidden");
    bob.api.delete(&path(&task)).await.is_problem(403, "forbidden");
    patch(&alice, &task, json!({"assignees": [eve.id]})).await;
    bob.api.patch(&path(&task), json!({"status": "pending"})).await.is_problem(403, "forbidden");
    patch(&eve, &task, json!({"status": "pending"})).await;
}

#[tokio::test]
async fn if_match_keeps_a_change_from_overwriting_another() {
    let (_world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let first = alice.api.with_header("if-match", "\"1\"");
    assert_eq!(first.patch(&path(&task), json!({"title": "b"})).await.expect(200).header("etag"), "\"2\"");
    let late = first.patch(&path(&task), json!({"title": "c"})).await;
    late.is_problem(412, "\\\"2\\\"");
    assert_eq!(late.header("etag"), "\"2\"");
    let conditions = [
        ("\"1\", \"2\"", 200),
        ("*", 200),
        // A proxy that compresses makes tags weak.
        ("W/\"4\"", 200),
        (", \"5\" ,,", 200),
        ("W/\"4\"", 412),
        ("\"x\"", 412),
        ("4", 400),
        ("", 400),
    ];
    for (has, status) in conditions {
        let answer =
            alice.api.with_header("if-match", has).patch(&path(&task), json!({"title": has.len().to_string()})).await;
        assert_eq!(answer.status, status, "{has}: {}", answer.text);
    }
    assert_eq!(alice.log().await.len(), 6);
}

#[tokio::test]
async fn new_assignees_must_be_members_and_old_ones_may_stay() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "member").await;
    let task = alice.task(json!({"title": "a", "assignees": [bob.id]})).await;
    let admin = world.db.admin().await;
    admin.execute("DELETE FROM identity.members WHERE user_id = $1", &[&bob.id.uuid()]).await.unwrap();
    let kept = patch(&alice, &task, json!({"assignees": [alice.id, bob.id]})).await;
    assert_eq!(kept.assignees, [alice.id, bob.id]);
    let answer = alice.api.patch(&path(&task), json!({"assignees": [bob.id, UserId::new()]})).await;
    answer.is_problem(422, "/assignees/1");
    patch(&alice, &task, json!({"assignees": []})).await;
    alice.api.patch(&path(&task), json!({"assignees": [bob.id]})).await.is_problem(422, "/assignees/0");
}

#[tokio::test]
async fn bad_patches_are_refused_and_change_nothing() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    for (body, status, says) in [
        ("{", 400, "malformed-json"),
        ("[{\"op\": \"replace\"}]", 422, "must be a JSON object"),
        ("null", 422, "invalid type"),
        ("{\"number\": 7}", 422, "unknown field `number`"),
        ("{\"version\": 7}", 422, "/version"),
        ("{\"completed_at\": null}", 422, "/completed_at"),
        ("{\"title\": \"\"}", 422, "/title"),
        ("{\"title\": []}", 422, "/title"),
        ("{\"title\": \"x\", \"title\": \"y\"}", 422, "duplicate field"),
        ("{\"status\": \"done\"}", 422, "/status"),
        ("{\"description\": \"\\u0000\"}", 422, "/description"),
        ("{\"assignees\": \"x\"}", 422, "/assignees"),
        ("{\"due_at\": 7}", 422, "/due_at"),
    ] {
        alice.api.send("PATCH", &path(&task), Some(body.as_bytes().to_vec())).await.is_problem(status, says);
    }
    alice.api.patch("/api/v1/teams/ops/tasks/2", json!({"title": "b"})).await.is_problem(404, "not-found");
    let merge = alice.api.with_header("content-type", "application/merge-patch+json");
    merge.patch(&path(&task), json!({"title": "b"})).await.expect(200);
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, 2);
}

//! `/api/v1/teams/{team}/labels`, and labels on tasks.

use domain::{EventType, LabelId, LabelView, Page, TaskView};
use futures_util::future::join_all;
use serde_json::json;

use crate::world::{Person, World, path};

const LABELS: &str = "/api/v1/teams/ops/labels";

fn at(label: &LabelView) -> String {
    format!("{LABELS}/{}", label.id)
}

async fn names(who: &Person) -> Vec<String> {
    let page: Page<LabelView> = who.api.get(LABELS).await.expect(200).body();
    assert_eq!(page.next_cursor, None);
    page.items.into_iter().map(|label| label.name).collect()
}

#[tokio::test]
async fn a_label_is_made_listed_by_name_changed_and_deleted() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    assert_eq!(bob.api.get(LABELS).await.expect(200).json, json!({"items": [], "next_cursor": null}));
    let answer = alice.api.post(LABELS, json!({"name": " Bug ", "color": "#FF0000"})).await.expect(201);
    let label: LabelView = answer.body();
    let (id, at_) = (label.id, answer.json["created_at"].clone());
    let shown =
        json!({"id": id, "team_id": team, "name": "Bug", "color": "#ff0000", "created_at": at_, "updated_at": at_});
    assert_eq!(answer.json, shown);
    assert_eq!(answer.header("location"), format!("/api/v1/teams/{team}/labels/{id}"));
    alice.label("Zebra").await;
    alice.label("aardvark").await;
    assert_eq!(names(&bob).await, ["aardvark", "Bug", "Zebra"]);

    let tag = bob.api.get(LABELS).await.header("etag").to_owned();
    let conditional = bob.api.with_header("if-none-match", &tag);
    conditional.get(LABELS).await.expect(304);
    let renamed: LabelView = alice.api.patch(&at(&label), json!({"name": "BUG"})).await.expect(200).body();
    assert_eq!((renamed.name.as_str(), &renamed.color), ("BUG", &label.color));
    assert!(renamed.updated_at > label.updated_at);
    conditional.get(LABELS).await.expect(200);
    let same: LabelView = alice.api.patch(&at(&label), json!({"color": "#FF0000"})).await.expect(200).body();
    assert_eq!(same, renamed);

    alice.api.delete(&at(&label)).await.expect(204);
    alice.api.delete(&at(&label)).await.is_problem(404, "not-found");
    alice.api.patch(&at(&label), json!({"name": "b"})).await.is_problem(404, "not-found");
    assert_eq!(names(&bob).await, ["aardvark", "Zebra"]);

    let log = alice.log().await;
    let kinds: Vec<_> = log.iter().map(|event| (event.revision, event.r#type, event.task_id)).collect();
    use EventType::{LabelCreated, LabelDeleted, LabelUpdated};
    let expected = [LabelCreated, LabelCreated, LabelCreated, LabelUpdated, LabelDeleted];
    assert_eq!(kinds, (1..).zip(expected).map(|(n, kind)| (n, kind, None)).collect::<Vec<_>>());
    assert_eq!(log[0].data.label.as_ref(), Some(&label));
    assert_eq!(json!(log[3].data), json!({"label": renamed, "previous": {"name": "Bug"}}));
    assert_eq!(json!(log[4].data), json!({"label": renamed, "previous": {}}));
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, 5);
    // A number isn't used up by labels.
    assert_eq!(alice.titled("a").await.number, 1);
}

#[tokio::test]
async fn names_differ_by_more_than_case() {
    let (world, alice, _) = World::with("member").await;
    world.db.team("dev", &[(alice.id, "member")]).await;
    alice.label("Grün").await;
    let red = alice.label("red").await;
    alice.api.post(LABELS, json!({"name": "GRÜN", "color": "#000000"})).await.is_problem(409, "this name already");
    alice.api.patch(&at(&red), json!({"name": "grün"})).await.is_problem(409, "this name already");
    alice.api.post("/api/v1/teams/dev/labels", json!({"name": "red", "color": "#000000"})).await.expect(201);
    let answers = join_all((0..10).map(|_| alice.api.post(LABELS, json!({"name": "new", "color": "#000000"})))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 409).count(), 9);
    assert_eq!(world.count("SELECT sum(revision)::bigint FROM tasks.team_log").await, 4);
    assert_eq!(world.count("SELECT sum(labels)::bigint FROM tasks.team_log").await, 4);
}

#[tokio::test]
async fn names_are_composed_compared_by_full_case_folding_and_sorted_as_unicode_does() {
    let (_world, alice, _) = World::with("member").await;
    // One letter in all its forms, two letters that are one, and one letter that is two.
    for (name, same) in [("ΟΔΟΣ", "οδος"), ("Straße", "STRASSE"), ("cafe\u{301}", "CAF\u{c9}")] {
        alice.label(name).await;
        alice.api.post(LABELS, json!({"name": same, "color": "#000000"})).await.is_problem(409, "this name already");
    }
    for name in ["zebra", "Ärger", "apfel"] {
        alice.label(name).await;
    }
    assert_eq!(names(&alice).await, ["apfel", "Ärger", "caf\u{e9}", "Straße", "zebra", "ΟΔΟΣ"]);
    for bad in ["a\u{202e}b", "a\u{2028}b", "\u{3164}", "\u{e0041}"] {
        alice.api.post(LABELS, json!({"name": bad, "color": "#000000"})).await.is_problem(422, "/name");
    }
}

#[tokio::test]
async fn a_team_has_at_most_500_also_when_many_come_at_once() {
    let (world, alice, team) = World::with("member").await;
    alice.label("first").await;
    let fill = "INSERT INTO tasks.labels SELECT gen_random_uuid(), $1, 'l' || n, '#000000', now(), now() FROM generate_series(1, 494) n";
    world.db.admin().await.execute(fill, &[&team.uuid()]).await.unwrap();
    world.db.admin().await.batch_execute("UPDATE tasks.team_log SET labels = 495").await.unwrap();
    let bodies = (0..12).map(|n| json!({"name": format!("m{n}"), "color": "#000000"}));
    let answers = join_all(bodies.map(|body| alice.api.post(LABELS, body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 5);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.is_problem(409, "500 labels");
    }
    assert_eq!(names(&alice).await.len(), 500);
    let page: Page<LabelView> = alice.api.get(LABELS).await.expect(200).body();
    alice.api.delete(&at(&page.items[0])).await.expect(204);
    alice.label("again").await;
}

#[tokio::test]
async fn the_same_request_again_gives_the_first_answer() {
    let (world, alice, _) = World::with("member").await;
    let once = alice.api.with_header("idempotency-key", "k");
    let body = json!({"name": "bug", "color": "#000000"});
    let answers = join_all((0..10).map(|_| once.post(LABELS, body.clone()))).await;
    for answer in &answers {
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (201, answers[0].text.as_str()));
    }
    once.post(LABELS, json!({"name": "bug", "color": "#111111"})).await.is_problem(409, "idempotency-mismatch");
    once.post("/api/v1/teams/ops/tasks", json!({"title": "a"})).await.is_problem(409, "idempotency-mismatch");
    assert_eq!(world.count("SELECT count(*) FROM tasks.events").await, 1);
    // Without a key it is another request.
    alice.api.post(LABELS, body).await.is_problem(409, "this name already");
}

#[tokio::test]
async fn viewers_read_and_members_write() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let label = alice.label("bug").await;
    bob.api.post(LABELS, json!({"name": "a", "color": "#000000"})).await.is_problem(403, "role member");
    bob.api.patch(&at(&label), json!({"name": "a"})).await.is_problem(403, "role member");
    bob.api.delete(&at(&label)).await.is_problem(403, "role member");
    // A label of another team isn't there.
    let dev = world.db.team("dev", &[(alice.id, "member")]).await;
    let elsewhere = format!("/api/v1/teams/{dev}/labels/{}", label.id);
    alice.api.patch(&elsewhere, json!({"name": "a"})).await.is_problem(404, "not-found");
    alice.api.delete(&elsewhere).await.is_problem(404, "not-found");
    assert_eq!(names(&bob).await, ["bug"]);
}

#[tokio::test]
async fn bad_bodies_are_refused_with_what_is_wrong() {
    let (_world, alice, _) = World::with("member").await;
    let label = alice.label("bug").await;
    for (body, says) in [
        (json!({}), "missing field"),
        (json!({"name": "a"}), "missing field"),
        (json!({"name": "", "color": "#000000"}), "/name"),
        (json!({"name": "a".repeat(51), "color": "#000000"}), "/name"),
        (json!({"name": "a\0", "color": "#000000"}), "/name"),
        (json!({"name": "a", "color": "red"}), "/color"),
        (json!({"name": "a", "color": 0}), "/color"),
        (json!({"name": "a", "color": "#000000", "icon": "x"}), "icon"),
    ] {
        alice.api.post(LABELS, body).await.is_problem(422, says);
    }
    alice.api.send("POST", LABELS, Some(b"{".to_vec())).await.is_problem(400, "malformed-json");
    for (body, says) in
        [(json!({"name": null}), "/name"), (json!({"color": "#12345g"}), "/color"), (json!({"id": 1}), "id")]
    {
        alice.api.patch(&at(&label), body).await.is_problem(422, says);
    }
    alice.api.patch(&format!("{LABELS}/bug"), json!({"name": "a"})).await.is_problem(400, "{label}");
    alice.api.delete(&format!("{LABELS}/1")).await.is_problem(400, "{label}");
    alice.api.get(&format!("{LABELS}?limit=1")).await.is_problem(400, "limit");
    alice.api.put(LABELS, json!({})).await.is_problem(405, "GET, HEAD, POST, OPTIONS");
}

#[tokio::test]
async fn a_task_carries_labels_of_its_team() {
    let (world, alice, team) = World::with("member").await;
    let (bug, chore) = (alice.label("bug").await.id, alice.label("chore").await.id);
    let dev = world.db.team("dev", &[(alice.id, "member")]).await;
    let body = json!({"name": "bug", "color": "#000000"});
    let foreign: LabelView = alice.api.post(&format!("/api/v1/teams/{dev}/labels"), body).await.expect(201).body();

    let task = alice.task(json!({"title": "a", "labels": [chore, bug]})).await;
    assert_eq!(task.labels, [bug, chore], "sorted: the ids rise with time");
    let unknown = json!([bug, foreign.id, chore, LabelId::new()]);
    for answer in [
        alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "b", "labels": unknown})).await,
        alice.api.patch(&path(&task), json!({"labels": unknown})).await,
    ] {
        answer.is_problem(422, "must be a label of the team");
        let pointers: Vec<_> = answer.json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!(pointers, ["/labels/1", "/labels/3"]);
    }
    let stranger = world.person("stranger").await;
    let both = json!({"assignees": [stranger.id], "labels": [foreign.id]});
    let answer = alice.api.patch(&path(&task), both).await;
    assert_eq!(answer.json["errors"].as_array().unwrap().len(), 2);
    alice.api.patch(&path(&task), json!({"labels": [bug, bug]})).await.is_problem(422, "/labels/1");
    alice.api.patch(&path(&task), json!({"labels": vec![bug; 21]})).await.is_problem(422, "at most 20");
    assert_eq!(alice.api.get(&path(&task)).await.json, json!(task));

    let after: TaskView = alice.api.patch(&path(&task), json!({"labels": [bug]})).await.expect(200).body();
    assert_eq!((after.labels.as_slice(), after.version), ([bug].as_slice(), 2));
    let event = alice.log().await.pop().unwrap();
    assert_eq!((event.r#type, json!(event.data.previous)), (EventType::TaskUpdated, json!({"labels": [bug, chore]})));
    let cleared: TaskView = alice.api.patch(&path(&task), json!({"labels": null})).await.expect(200).body();
    assert!(cleared.labels.is_empty());
    let bob = world.member(team, "bob", "viewer").await;
    bob.api.patch(&path(&task), json!({"labels": [bug]})).await.is_problem(403, "role member");
}

#[tokio::test]
async fn a_deleted_label_is_off_all_tasks_also_those_that_get_it_meanwhile() {
    let (world, alice, _) = World::with("member").await;
    let (bug, chore) = (alice.label("bug").await, alice.label("chore").await.id);
    let mut tasks = Vec::new();
    for n in 0..10 {
        let labels = if n % 2 == 0 { json!([bug.id, chore]) } else { json!([]) };
        tasks.push(alice.task(json!({"title": "a", "labels": labels})).await);
    }
    alice.api.delete(&path(&tasks[0])).await.expect(204);
    let bugs_path = at(&bug);
    let (deleted, changed) = tokio::join!(
        alice.api.delete(&bugs_path),
        join_all(tasks[1..].iter().cycle().take(60).enumerate().map(|(n, task)| {
            let (api, bug) = (&alice.api, bug.id);
            async move {
                match n % 3 {
                    0 => api.post("/api/v1/teams/ops/tasks", json!({"title": "b", "labels": [bug]})).await,
                    _ => api.patch(&path(task), json!({"labels": [bug], "title": n.to_string()})).await,
                }
            }
        }))
    );
    deleted.expect(204);
    assert!(changed.iter().all(|answer| [200, 201, 422].contains(&answer.status.as_u16())), "{changed:?}");
    let held = format!("SELECT count(*) FROM tasks.tasks WHERE '{}' = ANY(labels)", bug.id);
    assert_eq!(world.count(&held).await, 0);
    let now: Vec<TaskView> = alice.walk("/api/v1/teams/ops/tasks?limit=200").await;
    let untouched = now.iter().find(|task| task.id == tasks[2].id).unwrap();
    assert!(untouched.version > tasks[2].version, "its tag must not be that of what it was");
    let log = alice.log().await;
    assert!(log.iter().map(|event| event.revision).eq(1..=i64::try_from(log.len()).unwrap()));
    assert_eq!(world.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await, 0);
}

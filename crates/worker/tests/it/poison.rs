//! What isn't an event is kept aside and harms nobody.

use domain::UserId;
use serde_json::json;
use testkit::eventually;

use crate::scene::{NewEvent, SOON, Scene, task};

/// Adds a message to the stream; empty fields stay out.
async fn add(scene: &Scene, fields: &[(&str, &str)]) {
    let mut words = vec!["XADD", &scene.stream, "*"];
    words.extend(fields.iter().flat_map(|(name, value)| [*name, *value]));
    let _: String = scene.command(&words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_message_is_a_dead_letter_and_takes_no_ticket() {
    let scene = Scene::new().await;
    let revision = scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    let ticket: i64 = scene.admin.query_one("SELECT seq FROM tasks.outbox", &[]).await.unwrap().get(0);
    let ticket = ticket.to_string();
    // The ticket is put off, so that only these messages could take it.
    scene.admin.execute("UPDATE tasks.outbox SET visible_at = 'infinity'", &[]).await.unwrap();

    let poison: &[&[(&str, &str)]] = &[
        &[("hello", "world")],
        &[("ticket", &ticket), ("attempts", "1")],
        &[("ticket", &ticket), ("attempts", "1"), ("event", "not JSON")],
        &[("ticket", &ticket), ("attempts", "1"), ("event", "{\"specversion\": \"1.0\"}")],
        &[("ticket", &ticket), ("attempts", "many"), ("event", "{}")],
        &[("ticket", "99999999999999999999"), ("attempts", "1"), ("event", "{}")],
        &[("ticket", &ticket), ("attempts", "1"), ("event", "a NUL \0 inside")],
    ];
    for fields in poison {
        add(&scene, fields).await;
    }
    let _running = scene.worker().start();
    let n = poison.len() as i64;
    eventually("each is a dead letter", SOON, async || (scene.dead_letters().await == n).then_some(())).await;
    scene.stream_is_empty().await;
    assert_eq!((scene.pending().await, scene.told(scene.bob).await), (1, 0), "the ticket is untouched");
    let errors = "delivery.dead_letters WHERE team_id IS NULL AND error LIKE 'stream entry %' AND message LIKE '{%'";
    assert_eq!(scene.count(errors, &[]).await, n);

    scene.admin.execute("UPDATE tasks.outbox SET visible_at = now()", &[]).await.unwrap();
    scene.settled().await;
    assert_eq!(scene.told(scene.bob).await, 1);
    assert_eq!(revision, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_the_ticket_of_another_event_does_nothing() {
    let scene = Scene::new().await;
    let relay = scene.relay_alone().start();
    scene.log(&[NewEvent::created(scene.alice, &[scene.bob])]).await;
    scene.wait_for_entries(1).await;
    assert!(relay.stop(SOON).await);
    let entries: redis::streams::StreamRangeReply = scene.command(&["XRANGE", &scene.stream, "-", "+"]).await;
    let event: String = redis::from_redis_value(entries.ids[0].map["event"].clone()).unwrap();
    let _: i64 = scene.command(&["DEL", &scene.stream]).await;

    scene.log(&[NewEvent::created(scene.alice, &[scene.carol])]).await;
    scene.admin.execute("UPDATE tasks.outbox SET visible_at = 'infinity'", &[]).await.unwrap();
    let other: i64 = scene.admin.query_one("SELECT max(seq) FROM tasks.outbox", &[]).await.unwrap().get(0);
    add(&scene, &[("ticket", &other.to_string()), ("attempts", "1"), ("event", &event)]).await;

    let _running = scene.worker().start();
    scene.wait_for_entries(0).await;
    assert_eq!((scene.pending().await, scene.told(scene.bob).await, scene.told(scene.carol).await), (2, 0, 0));
    scene.admin.execute("UPDATE tasks.outbox SET visible_at = now()", &[]).await.unwrap();
    scene.settled().await;
    assert_eq!((scene.told(scene.bob).await, scene.told(scene.carol).await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_the_next_release_is_deferred_without_a_failure() {
    let scene = Scene::new().await;
    let good = NewEvent::created(scene.alice, &[scene.bob]);
    let mut archived = json!(task(scene.team, 1, &good));
    archived["status"] = "archived".into();
    for (kind, data) in
        [("task.exploded", json!({"task": task(scene.team, 1, &good)})), ("task.created", json!({"task": archived}))]
    {
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, scene.alice, data).await;
    }
    scene.log(&[good]).await;
    let _running = scene.worker().start();
    let deferred = "tasks.outbox WHERE visible_at > now() + interval '1 second' AND attempts = 0";
    eventually("both are deferred", SOON, async || {
        (scene.told(scene.bob).await == 1 && scene.count(deferred, &[]).await == 2).then_some(())
    })
    .await;
    assert_eq!((scene.pending().await, scene.dead_letters().await), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_event_that_fits_no_envelope_is_a_dead_letter_and_holds_up_nobody() {
    let scene = Scene::new().await;
    let good = NewEvent::created(scene.alice, &[scene.bob]);
    let other_team = task(domain::TeamId::new(), 1, &good);
    scene.log(std::slice::from_ref(&good)).await;
    for (kind, data) in [
        ("task.exploded", json!({"task": task(scene.team, 1, &good)})),
        ("task.created", json!({"task": other_team})),
        ("task.created", json!({"task": {"id": UserId::new()}})),
        ("task.created", json!(7)),
    ] {
        let revision = scene.advance(1).await;
        scene.log_raw(revision, kind, scene.alice, data).await;
    }
    // No upgrade takes that long.
    scene.admin.execute("UPDATE tasks.events SET occurred_at = now() - interval '2 days'", &[]).await.unwrap();
    // A ticket without an event.
    let orphan = "INSERT INTO tasks.outbox (team_id, revision) VALUES ($1, 999)";
    scene.admin.execute(orphan, &[&scene.team.uuid()]).await.unwrap();
    scene.log(&[good]).await;

    let _running = scene.worker().start();
    scene.settled().await;
    assert_eq!((scene.dead_letters().await, scene.told(scene.bob).await), (5, 2));
    let says = "delivery.dead_letters WHERE team_id = $1 AND (error LIKE '%task.created, task.updated%' OR
        error LIKE '%of another team%' OR error LIKE '%missing field%' OR error LIKE '%invalid type%' OR
        error LIKE '%has no event%')";
    assert_eq!(scene.count(says, &[&scene.team.uuid()]).await, 5);
}

//! The log and what it hands over: one ticket an event, nothing changed, nothing seen that isn't ours.

use futures_util::future::join_all;
use serde_json::json;
use task_service::ROLE;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::world::{World, path};

#[tokio::test]
async fn each_event_has_exactly_one_ticket() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let patches = ["b", "b", "c"].map(|title| json!({"title": title}));
    join_all(patches.into_iter().map(|body| {
        let (api, path) = (&alice.api, path(&task));
        async move { api.patch(&path, body).await }
    }))
    .await;
    alice.api.patch(&path(&task), json!({"title": ""})).await.is_problem(422, "");
    alice.api.with_header("if-match", "\"99\"").delete(&path(&task)).await.is_problem(412, "");
    alice
        .api
        .with_header("idempotency-key", "k")
        .post("/api/v1/teams/ops/tasks", json!({"title": "b"}))
        .await
        .expect(201);
    alice.api.delete(&path(&task)).await.expect(204);
    let unmatched = "SELECT count(*) FROM tasks.events e FULL JOIN tasks.outbox o USING (team_id, revision) \
                     WHERE e.id IS NULL OR o.seq IS NULL";
    assert_eq!(world.count(unmatched).await, 0);
    let events = world.count("SELECT count(*) FROM tasks.events").await;
    assert_eq!(world.count("SELECT count(*) FROM tasks.outbox").await, events);
    assert_eq!(world.count("SELECT revision FROM tasks.team_log").await, events);
    let fresh = "SELECT count(*) FROM tasks.outbox WHERE visible_at = '-infinity' AND attempts = 0";
    assert_eq!(world.count(fresh).await, events);
}

#[tokio::test]
async fn the_service_can_neither_change_its_log_nor_read_what_is_not_its_own() {
    let (world, alice, _) = World::with("member").await;
    alice.titled("a").await;
    let (client, connection) = tokio_postgres::connect(&world.db.url(ROLE), NoTls).await.unwrap();
    tokio::spawn(connection);
    for sql in [
        "UPDATE tasks.events SET type = 'task.updated'",
        "DELETE FROM tasks.events",
        "TRUNCATE tasks.events",
        "DELETE FROM tasks.tasks",
        "DELETE FROM tasks.team_log",
        "SELECT * FROM tasks.outbox",
        "UPDATE tasks.outbox SET attempts = 0",
        "DELETE FROM tasks.outbox",
        "SELECT * FROM identity.users",
        "SELECT password_hash FROM identity.users",
        "SELECT * FROM identity.teams",
        "SELECT * FROM identity.members",
        "SELECT * FROM delivery.notifications",
        "CREATE TABLE tasks.mine (id int)",
    ] {
        let error = client.batch_execute(sql).await.expect_err(sql);
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{sql}: {error}");
    }
    client.batch_execute("SELECT * FROM identity.team_access").await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM tasks.events").await, 1);
}

#[tokio::test]
async fn worker_hears_of_a_change_without_asking() {
    let (world, alice, _) = World::with("member").await;
    let (client, mut connection) = tokio_postgres::connect(&world.db.url("taskhub_worker"), NoTls).await.unwrap();
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
            if let tokio_postgres::AsyncMessage::Notification(note) = message {
                let _ = heard.send(note.channel().to_owned());
            }
        }
    });
    client.batch_execute("LISTEN taskhub_events").await.unwrap();
    let mut hear =
        async || tokio::time::timeout(std::time::Duration::from_secs(5), hears.recv()).await.unwrap().unwrap();
    let task = alice.titled("a").await;
    assert_eq!(hear().await, "taskhub_events");
    alice.api.patch(&path(&task), json!({"title": "b"})).await.expect(200);
    hear().await;
    alice.api.delete(&path(&task)).await.expect(204);
    hear().await;
    // Many changes at once ring now and then, not each.
    join_all((0..50).map(|_| alice.titled("a"))).await;
    hear().await;
    let feed = client.query_one("SELECT count(*) FROM tasks.event_feed", &[]).await.unwrap();
    assert_eq!(feed.get::<_, i64>(0), 53);
}

//! Who is told of what.

use domain::EventType::{TaskAssigned, TaskDeleted, TaskStatusChanged, TaskUpdated};
use serde_json::json;

use crate::scene::{NewEvent, Scene};

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

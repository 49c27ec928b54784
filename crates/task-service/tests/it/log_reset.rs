//! A database that is set back under the running service, as by a restore or a failover to an older state, and comes to the
//! same revisions again.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::watcher::Watcher;
use crate::world::{Person, World};

const TASKS: &str = "/api/v1/teams/ops/tasks";
const CHANGES: &str = "/api/v1/teams/ops/changes";

/// Sets the database back to where the team had made its first task only.
async fn set_back(world: &World, team: Uuid) {
    let admin = world.db.admin().await;
    let back = format!(
        "BEGIN; \
         DELETE FROM tasks.events WHERE team_id = '{team}' AND revision > 1; \
         DELETE FROM tasks.tasks WHERE team_id = '{team}' AND number > 1; \
         UPDATE tasks.team_log SET revision = 1, last_number = 1, advanced_at = (SELECT occurred_at FROM tasks.events \
             WHERE team_id = '{team}' AND revision = 1) WHERE team_id = '{team}'; \
         COMMIT"
    );
    admin.batch_execute(&back).await.unwrap();
}

async fn world_with_three_tasks() -> (World, Person, Uuid) {
    let (world, alice, team) = World::with("member").await;
    for title in ["kept", "lost", "lost too"] {
        alice.titled(title).await;
    }
    (world, alice, team.uuid())
}

fn is_reset(said: Option<crate::watcher::Said>) {
    let said = said.expect("it says why it ends");
    assert_eq!((said.event.as_str(), said.data), ("end", json!({"reason": "log_reset"})));
}

fn titles(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn no_page_of_the_lost_time_is_given_again() {
    let (world, alice, team) = world_with_three_tasks().await;
    let lists = [
        TASKS.to_owned(),
        format!("{TASKS}/counts"),
        "/api/v1/teams/ops/activity".to_owned(),
        "/api/v1/teams/ops/labels".to_owned(),
        "/api/v1/teams/ops/stats?days=7".to_owned(),
    ];
    let mut tags = Vec::new();
    for list in &lists {
        tags.push(alice.api.get(list).await.expect(200).header("etag").to_owned());
    }
    set_back(&world, team).await;
    for title in ["new", "newer"] {
        alice.titled(title).await;
    }
    for (list, tag) in lists.iter().zip(tags) {
        let answer = alice.api.with_header("if-none-match", &tag).get(list).await;
        assert_eq!(answer.status, 200, "{list} as the client had it in the time that is lost");
        assert_ne!(answer.header("etag"), tag);
    }
    assert_eq!(titles(&alice.api.get(TASKS).await.expect(200).json), ["newer", "new", "kept"]);
}

#[tokio::test]
async fn a_position_of_the_lost_time_is_refused_and_a_kept_one_goes_on() {
    let (world, alice, team) = world_with_three_tasks().await;
    let token = world.issuer.token(alice.id);
    let (mut watcher, ready) = Watcher::after(&world.running, &token, Some("0")).await;
    assert_eq!(ready.place.as_deref(), Some("0"));
    let mut places = Vec::new();
    for _ in 0..3 {
        places.push(watcher.change().await.unwrap().place.unwrap());
    }
    set_back(&world, team).await;
    for title in ["new", "newer", "newest"] {
        alice.titled(title).await;
    }
    is_reset(watcher.said().await);
    let (kept, lost) = places.split_first().unwrap();
    for lost in lost {
        alice.api.get(&format!("{CHANGES}?since={lost}")).await.is_problem(410, "log-reset");
        let answer = Watcher::ask(&world.running, &token, "", Some(lost)).await;
        assert!(answer.text().await.unwrap().ends_with("event: end\ndata: {\"reason\": \"log_reset\"}\n\n"));
    }
    let changes = alice.api.get(&format!("{CHANGES}?since={kept}")).await.expect(200).json;
    assert_eq!((changes["items"].as_array().unwrap().len(), &changes["revision"]), (3, &json!(4)));
    let (mut watcher, _) = Watcher::after(&world.running, &token, Some(kept)).await;
    for revision in 2..=4 {
        assert_eq!(watcher.change().await.unwrap().id, Some(revision));
    }
}

/// The hub has handed out more than the log has, and knows nothing yet.
#[tokio::test]
async fn a_stream_that_begins_right_after_a_restore_ends_or_goes_on_without_a_loop() {
    let (world, alice, team) = world_with_three_tasks().await;
    let token = world.issuer.token(alice.id);
    let (mut before, _) = Watcher::open(&world.running, &token, None).await;
    set_back(&world, team).await;
    let (mut after, ready) = Watcher::after(&world.running, &token, None).await;
    assert_eq!(ready.id, Some(1));
    is_reset(after.said().await);
    is_reset(before.said().await);
    let (mut again, _) = Watcher::after(&world.running, &token, ready.place.as_deref()).await;
    alice.titled("new").await;
    assert_eq!(again.change().await.unwrap().id, Some(2));
}

#[tokio::test]
async fn a_log_with_a_gap_is_read_up_to_it_and_then_refused() {
    let (world, alice, team) = world_with_three_tasks().await;
    let token = world.issuer.token(alice.id);
    alice.titled("fourth").await;
    let admin = world.db.admin().await;
    admin.execute("DELETE FROM tasks.events WHERE team_id = $1 AND revision = 3", &[&team]).await.unwrap();
    let changes = alice.api.get(&format!("{CHANGES}?since=0")).await.expect(200).json;
    assert_eq!((&changes["revision"], &changes["more"]), (&json!(2), &json!(true)));
    let next = changes["next_since"].as_str().unwrap();
    alice.api.get(&format!("{CHANGES}?since={next}")).await.is_problem(410, "log-reset");
    let (mut watcher, _) = Watcher::open(&world.running, &token, Some(0)).await;
    for revision in 1..=2 {
        assert_eq!(watcher.change().await.unwrap().id, Some(revision));
    }
    is_reset(watcher.said().await);
    // Who watches from now on isn't concerned.
    let (mut watcher, from) = Watcher::open(&world.running, &token, None).await;
    alice.titled("fifth").await;
    assert_eq!((from, watcher.change().await.unwrap().id), (4, Some(5)));
    // A gap that comes while the stream is open ends it too.
    let skip = "UPDATE tasks.team_log SET revision = revision + 1 WHERE team_id = $1";
    admin.execute(skip, &[&team]).await.unwrap();
    alice.titled("seventh").await;
    is_reset(watcher.said().await);
}

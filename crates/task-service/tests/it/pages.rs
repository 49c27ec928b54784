//! Pages that are kept and lookups that go together: whoever asks gets what is true, and only what is theirs.

use domain::{Page, TaskView};
use futures_util::future::join_all;
use serde_json::json;
use task_service::{ROLE, Service};
use testkit::{Api, Running};

use crate::world::{LISTS, QUOTA, World, path};

const TASKS: &str = "/api/v1/teams/ops/tasks";

async fn titles(api: &Api, list: &str) -> Vec<String> {
    let page: Page<TaskView> = api.get(list).await.expect(200).body();
    page.items.into_iter().map(|task| task.title).collect()
}

/// Another replica of the service on the same database.
async fn replica(world: &World) -> (Service, Running) {
    let service = Service::start(&world.db.settings(ROLE), &world.issuer.settings(), &LISTS, &QUOTA, 1).unwrap();
    let running = Running::start(service.health(), service.configure()).await;
    (service, running)
}

#[tokio::test]
async fn nobody_sees_anything_older_than_their_own_last_write_whichever_replica_answers() {
    let (world, alice, team) = World::with("member").await;
    let (_service, running) = replica(&world).await;
    let other = running.api().with_token(world.issuer.token(alice.id));
    let by_id = format!("/api/v1/teams/{team}/tasks");
    for round in 0..50 {
        let (here, there) = if round % 2 == 0 { (&alice.api, &other) } else { (&other, &alice.api) };
        let title = format!("round {round}");
        let task: TaskView = here.post(TASKS, json!({"title": title})).await.expect(201).body();
        for list in [TASKS, &by_id] {
            assert_eq!(titles(there, list).await.first(), Some(&title));
            assert_eq!(titles(here, list).await.first(), Some(&title), "now from memory");
        }
        let renamed = format!("{title}, renamed");
        let _ = there.patch(&path(&task), json!({"title": renamed})).await.expect(200);
        for list in [TASKS, &by_id] {
            assert_eq!(titles(here, list).await.first(), Some(&renamed));
        }
        assert_eq!(here.get(&path(&task)).await.expect(200).json["title"], renamed.as_str());
    }
}

/// The rows are changed behind the service's back, so an answer that shows it was read again.
#[tokio::test]
async fn counts_and_stats_are_kept_until_something_happens_in_the_team() {
    let (world, alice, _) = World::with("member").await;
    let _ = alice.titled("first").await;
    let lists = ["/api/v1/teams/ops/tasks/counts", "/api/v1/teams/ops/stats?days=1"];
    let mut read = Vec::new();
    for list in lists {
        read.push(alice.api.get(list).await.expect(200).json);
    }
    world.db.admin().await.execute("UPDATE tasks.tasks SET status = 'blocked'", &[]).await.unwrap();
    for (list, before) in lists.iter().zip(&read) {
        assert_eq!(alice.api.get(list).await.expect(200).json, *before, "{list}");
    }
    let _ = alice.titled("second").await;
    for (list, before) in lists.iter().zip(&read) {
        assert_ne!(alice.api.get(list).await.expect(200).json, *before, "{list}");
    }
}

#[tokio::test]
async fn a_page_that_is_kept_is_the_page_that_was_read() {
    let (_world, alice, team) = World::with("viewer").await;
    let lists = [TASKS.to_owned(), format!("{TASKS}?limit=1"), format!("/api/v1/teams/{team}/tasks?status=pending")];
    for list in &lists {
        let read = alice.api.get(list).await.expect(200);
        let kept = alice.api.get(list).await.expect(200);
        assert_eq!((&kept.json, kept.header("etag")), (&read.json, read.header("etag")), "{list}");
        assert_eq!(kept.header("content-type"), read.header("content-type"), "{list}");
    }
}

#[tokio::test]
async fn a_page_that_is_kept_is_for_members_only() {
    let (world, alice, team) = World::with("member").await;
    alice.titled("secret").await;
    let stranger = world.person("eve").await;
    for list in [TASKS.to_owned(), format!("/api/v1/teams/{team}/tasks")] {
        for _ in 0..2 {
            let _ = alice.api.get(&list).await.expect(200);
        }
        stranger.api.get(&list).await.is_problem(404, "not-found");
        let bob = world.member(team, &format!("bob{}", list.len()), "viewer").await;
        assert_eq!(titles(&bob.api, &list).await, ["secret"]);
        let gone = "DELETE FROM identity.members WHERE user_id = $1";
        world.db.admin().await.execute(gone, &[&bob.id.uuid()]).await.unwrap();
        bob.api.get(&list).await.is_problem(404, "not-found");
    }
}

#[tokio::test]
async fn a_key_that_names_another_team_gets_nothing_of_the_former_one() {
    let (world, alice, team) = World::with("member").await;
    alice.titled("of the former team").await;
    let _ = titles(&alice.api, TASKS).await;
    let admin = world.db.admin().await;
    admin.execute("UPDATE identity.teams SET key = 'former' WHERE id = $1", &[&team.uuid()]).await.unwrap();
    let _ = world.db.team("ops", &[(alice.id, "member")]).await;
    // The new team comes to the revision that the page is kept under.
    alice.titled("of the new team").await;
    assert_eq!(titles(&alice.api, TASKS).await, ["of the new team"]);
}

#[tokio::test]
async fn lookups_that_go_together_each_get_their_own_answer() {
    let (world, alice, team) = World::with("member").await;
    let eve = world.person("eve").await;
    let mut tasks = Vec::new();
    for n in 0..40 {
        tasks.push(alice.titled(&format!("task {n}")).await);
    }
    let gone = tasks.pop().unwrap();
    alice.api.delete(&path(&gone)).await.expect(204);
    let by_id = |task: &TaskView| format!("/api/v1/teams/{team}/tasks/{}", task.id);
    let list = format!("/api/v1/teams/{team}/tasks?limit=1");
    for _ in 0..5 {
        let theirs = join_all(tasks.iter().map(|task| async {
            let answer = alice.api.get(&by_id(task)).await.expect(200);
            assert_eq!(answer.body::<TaskView>(), *task);
        }));
        let strangers = join_all(tasks.iter().map(|task| async {
            eve.api.get(&by_id(task)).await.is_problem(404, "not-found");
            alice.api.get(&by_id(&gone)).await.is_problem(404, "not-found");
        }));
        let lists = join_all((0..20).map(|_| async {
            let tag = alice.api.get(&list).await.expect(200);
            assert_eq!(tag.json["items"][0]["title"], "task 38");
            eve.api.get(&list).await.is_problem(404, "not-found");
        }));
        tokio::join!(theirs, strangers, lists);
    }
}

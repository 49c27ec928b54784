//! The API over notifications.

use std::time::{Duration, Instant};

use domain::{NotificationId, NotificationView, Page};
use serde_json::{Value, json};
use testkit::{Answer, Api, Forgery, Running, keeps_conventions};
use worker::routes::ROUTES;

use crate::scene::{NewEvent, SOON, Scene};

const LIST: &str = "/api/v1/notifications";
const READ: &str = "/api/v1/notifications/read";

/// `n` tasks for bob by alice, all told of; the app, and its API as bob.
async fn told(n: i64) -> (Scene, Running, Api) {
    let scene = Scene::new().await;
    let worker = scene.worker();
    let background = worker.start();
    scene.backlog(n).await;
    scene.settled().await;
    assert!(background.stop(SOON).await);
    let running = scene.serve(&worker).await;
    let bob = scene.api(&running, scene.bob);
    (scene, running, bob)
}

fn page(answer: &Answer) -> Page<NotificationView> {
    answer.clone().expect(200).body()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_says_who_did_what_where() {
    let (scene, _running, bob) = told(1).await;
    let answer = bob.get(LIST).await.expect(200);
    let item = &answer.json["items"][0];
    let expected = json!({
        "id": item["id"], "type": "task.assigned", "team_id": scene.team, "team_key": "ops", "task_id": item["task_id"],
        "task_key": "OPS-1", "title": "Ship it", "excerpt": null, "task_deleted": false, "actor_id": scene.alice, "created_at": item["created_at"], "read_at": null,
    });
    assert_eq!(answer.json, json!({"items": [expected], "next_cursor": null}));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_newest_first_and_leave_nothing_out() {
    let (scene, _running, bob) = told(25).await;
    let mut seen: Vec<NotificationView> = Vec::new();
    let mut path = format!("{LIST}?limit=10");
    for expected in [10, 10, 5] {
        let page = page(&bob.get(&path).await);
        assert_eq!(page.items.len(), expected);
        seen.extend(page.items);
        let Some(cursor) = page.next_cursor else { break };
        // What comes meanwhile is newer and changes nothing behind the cursor.
        scene.log(&[NewEvent::created(scene.alice, &[scene.carol])]).await;
        path = format!("{LIST}?limit=10&cursor={cursor}");
    }
    assert_eq!(seen.len(), 25);
    assert!(seen.is_sorted_by(|a, b| a.id > b.id));
    let all = page(&bob.get(&format!("{LIST}?limit=200")).await);
    assert_eq!((all.items, all.next_cursor), (seen, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_not_unread() {
    let (_scene, _running, bob) = told(5).await;
    let ids: Vec<NotificationId> = page(&bob.get(LIST).await).items.iter().map(|n| n.id).collect();
    assert_eq!(bob.post(READ, json!({"ids": [ids[1], ids[3], ids[3]]})).await.expect(200).json, json!({"updated": 2}));
    assert_eq!(bob.post(READ, json!({"ids": [ids[1]]})).await.expect(200).json, json!({"updated": 0}));
    let unread = page(&bob.get(&format!("{LIST}?unread=true")).await).items;
    assert_eq!(unread.iter().map(|n| n.id).collect::<Vec<_>>(), [ids[0], ids[2], ids[4]]);
    let all = page(&bob.get(&format!("{LIST}?unread=false")).await).items;
    assert_eq!(all.iter().map(|n| n.read_at.is_some()).collect::<Vec<_>>(), [false, true, false, true, false]);

    assert_eq!(bob.post(READ, json!({"all": true})).await.expect(200).json, json!({"updated": 3}));
    assert_eq!(bob.post(READ, json!({"all": true})).await.expect(200).json, json!({"updated": 0}));
    assert!(page(&bob.get(&format!("{LIST}?unread=true")).await).items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_of_tasks_is_read_by_task() {
    let (_scene, _running, bob) = told(3).await;
    let items = page(&bob.get(LIST).await).items;
    let tasks = json!({"task_ids": [items[0].task_id, items[2].task_id, domain::TaskId::new()]});
    assert_eq!(bob.post(READ, tasks.clone()).await.expect(200).json, json!({"updated": 2}));
    assert_eq!(bob.post(READ, tasks).await.expect(200).json, json!({"updated": 0}));
    let unread = page(&bob.get(&format!("{LIST}?unread=true")).await).items;
    assert_eq!(unread.iter().map(|n| n.id).collect::<Vec<_>>(), [items[1].id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn very_many_are_read_part_by_part() {
    const MANY: i64 = 100_000;
    let (scene, _running, bob) = told(1).await;
    let task = page(&bob.get(LIST).await).items[0].task_id;
    let many =
        "INSERT INTO delivery.notifications (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
                SELECT gen_random_uuid(), $1, $2, n, 'task.assigned', $3, 'OPS-1', 'a', $1 FROM generate_series(2, $4::bigint) n";
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
        [&scene.bob.uuid(), &scene.team.uuid(), &task.uuid(), &MANY];
    scene.admin.execute(many, &params).await.unwrap();
    // So many don't come at once; by then PostgreSQL has looked at them, which it else does at some time during the test.
    scene.admin.batch_execute("ANALYZE delivery.notifications").await.unwrap();
    for which in [json!({"task_ids": [task]}), json!({"all": true})] {
        let start = Instant::now();
        assert_eq!(bob.post(READ, which.clone()).await.expect(200).json, json!({"updated": MANY}));
        let took = start.elapsed();
        // The gateway waits for 10 seconds.
        assert!(took < Duration::from_secs(10), "{which}: {took:?}");
        assert!(page(&bob.get(&format!("{LIST}?unread=true")).await).items.is_empty());
        scene.admin.execute("UPDATE delivery.notifications SET read_at = NULL", &[]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_read_at_once_count_each_once() {
    let (_scene, _running, bob) = told(50).await;
    let reads = (0..8).map(|_| bob.post(READ, json!({"all": true})));
    let answers = futures_util::future::join_all(reads).await;
    let updated: i64 = answers.into_iter().map(|a| a.expect(200).json["updated"].as_i64().unwrap()).sum();
    assert_eq!(updated, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_has_their_own_only() {
    let (scene, running, bob) = told(3).await;
    let ids: Vec<NotificationId> = page(&bob.get(LIST).await).items.iter().map(|n| n.id).collect();
    let stranger = scene.db.user("stranger").await;
    for other in [scene.alice, scene.carol, stranger] {
        let api = scene.api(&running, other);
        assert!(page(&api.get(LIST).await).items.is_empty());
        assert_eq!(api.post(READ, json!({"ids": ids})).await.expect(200).json, json!({"updated": 0}));
        assert_eq!(api.post(READ, json!({"all": true})).await.expect(200).json, json!({"updated": 0}));
    }
    assert_eq!(page(&bob.get(&format!("{LIST}?unread=true")).await).items.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_told_in_a_team_stays_in_the_team() {
    let (scene, _running, bob) = told(3).await;
    let ids: Vec<NotificationId> = page(&bob.get(LIST).await).items.iter().map(|n| n.id).collect();
    scene.admin.execute("DELETE FROM identity.members WHERE user_id = $1", &[&scene.bob.uuid()]).await.unwrap();
    for path in [LIST, "/api/v1/notifications?unread=true"] {
        assert!(page(&bob.get(path).await).items.is_empty());
    }
    assert_eq!(bob.post(READ, json!({"ids": ids})).await.expect(200).json, json!({"updated": 0}));
    assert_eq!(bob.post(READ, json!({"all": true})).await.expect(200).json, json!({"updated": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_query_is_refused_by_name() {
    let (scene, running, bob) = told(2).await;
    for (query, says) in [
        ("limit=0", "from 1 to 200"),
        ("limit=100000", "from 1 to 200"),
        ("limit=ten", "from 1 to 200"),
        ("limit=1&limit=2", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=%00", "cursor"),
        ("unread=maybe", "true"),
        ("colour=red", "colour"),
    ] {
        bob.get(&format!("{LIST}?{query}")).await.is_problem(400, says);
    }
    // A cursor of the same list with another filter.
    let cursor = page(&bob.get(&format!("{LIST}?limit=1")).await).next_cursor.unwrap();
    bob.get(&format!("{LIST}?limit=1&unread=true&cursor={cursor}")).await.is_problem(400, "cursor");
    // A cursor is no key to what is another's.
    let carol = scene.api(&running, scene.carol);
    assert!(page(&carol.get(&format!("{LIST}?limit=1&cursor={cursor}")).await).items.is_empty());
    bob.post(&format!("{READ}?force=true"), json!({"all": true})).await.is_problem(400, "force");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_body_is_refused_with_the_reason() {
    let (_scene, _running, bob) = told(1).await;
    let id = NotificationId::new();
    for (body, says) in [
        (json!({}), "either `ids`, `task_ids` or `all`"),
        (json!({"all": false}), "either `ids`, `task_ids` or `all`"),
        (json!({"all": true, "ids": [id]}), "either `ids`, `task_ids` or `all`"),
        (json!({"ids": []}), "1 to 200"),
        (json!({"ids": vec![id; 201]}), "1 to 200"),
        (json!({"ids": ["nonsense"]}), "/ids/0"),
        (json!({"ids": ["\0"]}), "/ids/0"),
        (json!({"ids": [7]}), "/ids/0"),
        (json!({"ids": "all"}), "/ids"),
        (json!({"all": "yes"}), "/all"),
        (json!({"everything": true}), "everything"),
        (json!([true]), "JSON object"),
        (Value::Null, "invalid type"),
    ] {
        bob.post(READ, body).await.is_problem(422, says);
    }
    bob.send("POST", READ, Some(b"{\"all\": tr".to_vec())).await.is_problem(400, "not valid JSON");
    bob.send("POST", READ, Some(Vec::new())).await.is_problem(400, "not valid JSON");
    bob.with_header("content-type", "text/plain")
        .post(READ, json!({"all": true}))
        .await
        .is_problem(415, "application/json");
    let long = json!({"ids": ["x".repeat(2 << 20)]});
    bob.post(READ, long).await.is_problem(413, "bytes");
    assert_eq!(page(&bob.get(&format!("{LIST}?unread=true")).await).items.len(), 1, "nothing was changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_nothing_is_answered() {
    let (scene, running, _bob) = told(1).await;
    for route in ROUTES {
        let body = (route.method == "POST").then(|| b"{\"all\": true}".to_vec());
        running.api().send(route.method, route.path, body.clone()).await.is_problem(401, "Authorization");
        for forgery in Forgery::ALL {
            let api = running.api().with_token(scene.issuer.forge(scene.bob, *forgery));
            api.send(route.method, route.path, body.clone()).await.is_problem(401, "token");
        }
    }
    assert_eq!(scene.count("delivery.notifications WHERE read_at IS NULL", &[]).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_keeps_the_conventions() {
    let (_scene, _running, bob) = told(1).await;
    for route in ROUTES.iter().chain(platform::health::ROUTES) {
        keeps_conventions(&bob, route, route.path, (route.method == "POST").then_some("{\"all\": true}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_and_paths_are_refused() {
    let (_scene, _running, bob) = told(0).await;
    for (path, allow) in [(LIST, "GET, HEAD, OPTIONS"), (READ, "POST, OPTIONS")] {
        for method in ["PUT", "DELETE", "PATCH"] {
            let answer = bob.send(method, path, None).await;
            answer.is_problem(405, allow);
            assert_eq!(answer.header("allow"), allow);
        }
    }
    bob.get("/api/v1/notifications/unheard-of").await.is_problem(404, "no route");
}

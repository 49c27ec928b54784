//! The process: readiness, metrics, life without its dependencies.

use std::time::Duration;

use serde_json::json;
use task_service::{ROLE, Service};
use testkit::{Database, Issuer, Running, eventually};

use crate::world::{LISTS, QUOTA, World, path};

#[tokio::test]
async fn it_is_ready_when_its_dependencies_are() {
    let world = World::new().await;
    let ready = eventually("ready", Duration::from_secs(10), async || {
        let answer = world.running.api().get("/health/ready").await;
        (answer.status == 200).then_some(answer)
    })
    .await;
    let names: Vec<_> = ready.json["dependencies"].as_array().unwrap().iter().map(|d| d["name"].clone()).collect();
    assert_eq!(names, ["database", "token-keys"]);
    world.running.api().get("/health").await.expect(200);
}

#[tokio::test]
async fn it_starts_without_the_database_and_says_so() {
    let (db, issuer) = (Database::new().await, Issuer::start().await);
    let mut nowhere = db.settings(ROLE);
    nowhere.url = "postgres://taskhub_tasks:taskhub@127.0.0.1:1/nowhere?sslmode=disable".into();
    let service = Service::start(&nowhere, &issuer.settings(), &LISTS, &QUOTA, 1).unwrap();
    let running = Running::start(service.health(), service.configure()).await;
    let alice = running.api().with_token(issuer.token(db.user("alice").await));
    running.api().get("/health").await.expect(200);
    let ready = running.api().get("/health/ready").await.expect(503);
    assert_eq!(ready.json["dependencies"][0]["ok"], false);
    let health = running.api().get("/api/health").await.expect(503).json;
    assert_eq!((&health["status"], &health["database"]), (&json!("unhealthy"), &json!("disconnected")));
    let status = alice.get("/api/db-status").await.expect(200).json;
    assert_eq!(
        status,
        json!({"connected": false, "database": "nowhere", "user": "taskhub_tasks", "host": "127.0.0.1"})
    );
    for answer in [
        alice.get("/api/v1/teams/ops/tasks").await,
        alice.post("/api/v1/teams/ops/tasks", json!({"title": "a"})).await,
        alice.get("/api/tasks").await,
    ] {
        answer.is_problem(503, "database");
        assert_eq!(answer.header("retry-after"), "1");
    }
}

#[tokio::test]
async fn it_takes_requests_once_its_newest_migration_has_been_run() {
    let world = World::new().await;
    let admin = world.db.admin().await;
    let take = "DELETE FROM tasks.__diesel_schema_migrations
                WHERE version = (SELECT max(version) FROM tasks.__diesel_schema_migrations) RETURNING version";
    let newest: String = admin.query_one(take, &[]).await.unwrap().get(0);
    let service = Service::start(&world.db.settings(ROLE), &world.issuer.settings(), &LISTS, &QUOTA, 1).unwrap();
    let running = Running::start(service.health(), service.configure()).await;
    let schema = eventually("the keys are there", Duration::from_secs(10), async || {
        let answer = running.api().get("/health/serving").await.expect(503);
        let [schema, keys] = [0, 1].map(|n| answer.json["dependencies"][n].clone());
        // On a busy machine a probe may take longer than the second that it has.
        (keys["ok"] == true && schema["detail"] != "doesn't answer").then_some(schema)
    })
    .await;
    assert_eq!((&schema["name"], &schema["ok"]), (&json!("schema"), &json!(false)));
    assert_eq!(schema["detail"], json!(format!("migration {newest} hasn't been run")));

    let put = "INSERT INTO tasks.__diesel_schema_migrations (version) VALUES ($1)";
    admin.execute(put, &[&newest]).await.unwrap();
    running.api().get("/health/serving").await.expect(200);
}

#[tokio::test]
async fn it_goes_on_by_itself_when_its_connections_were_cut() {
    let (world, alice, _) = World::with("member").await;
    let task = alice.titled("a").await;
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
               WHERE usename = 'taskhub_tasks' AND datname = current_database()";
    assert!(world.count(cut).await >= 3);
    alice.api.get(&path(&task)).await.expect(200);
    eventually("a write", Duration::from_secs(5), async || {
        let answer = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "b"})).await;
        (answer.status == 201).then_some(())
    })
    .await;
    eventually("ready", Duration::from_secs(5), async || {
        (world.running.api().get("/health/ready").await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn tokens_are_refused_for_now_when_the_keys_can_not_be_fetched() {
    let (db, issuer) = (Database::new().await, Issuer::start().await);
    let mut auth = issuer.settings();
    auth.jwks_url = Some("http://127.0.0.1:1/jwks.json".into());
    let service = Service::start(&db.settings(ROLE), &auth, &LISTS, &QUOTA, 1).unwrap();
    let running = Running::start(service.health(), service.configure()).await;
    let alice = running.api().with_token(issuer.token(db.user("alice").await));
    alice.get("/api/tasks").await.is_problem(503, "auth-service");
    let ready = running.api().get("/health/ready").await.expect(503).json;
    assert_eq!(
        (&ready["dependencies"][1]["name"], &ready["dependencies"][1]["ok"]),
        (&json!("token-keys"), &json!(false))
    );
}

#[tokio::test]
async fn what_is_made_and_completed_is_counted() {
    let (world, alice, _) = World::with("member").await;
    let value = async |name: &str| {
        let text = testkit::Api::new(&world.running.management_url).get("/metrics").await.expect(200).text;
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("no {name}"));
        line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    assert_eq!((value("taskhub_tasks_created_total ").await, value("taskhub_tasks_completed_total ").await), (0, 0));
    let task = alice.titled("a").await;
    alice.task(json!({"title": "b", "status": "completed"})).await;
    let once = alice.api.with_header("idempotency-key", "k");
    for _ in 0..2 {
        once.post("/api/v1/teams/ops/tasks", json!({"title": "c"})).await.expect(201);
    }
    for status in ["completed", "completed", "blocked"] {
        alice.api.patch(&path(&task), json!({"status": status, "title": status})).await.expect(200);
    }
    assert_eq!((value("taskhub_tasks_created_total ").await, value("taskhub_tasks_completed_total ").await), (3, 2));
    let routes = testkit::Api::new(&world.running.management_url).get("/metrics").await.text;
    assert!(routes.contains("route=\"/api/v1/teams/{team}/tasks/{task}\""));
}

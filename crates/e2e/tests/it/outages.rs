//! PostgreSQL and Redis come and go; the services stay.

use std::time::{Duration, Instant};

use e2e::{Person, Service, Stack};
use serde_json::{Value, json};
use testkit::{Api, eventually};

/// A request that needs what is away gets its answer within this time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);
/// All is well again this long after the return.
const WELL_WITHIN: Duration = Duration::from_secs(5);

fn missing(readiness: &Value) -> String {
    let away = readiness["dependencies"].as_array().unwrap().iter().filter(|d| d["ok"] == false);
    away.map(|d| d.to_string()).collect()
}

/// What was found a second ago may still be told.
async fn not_ready_for(stack: &Stack, service: Service, what: &str) {
    eventually(service.name(), Duration::from_secs(3), async || {
        let ready = stack.direct(service).get("/health/ready").await;
        // The gateway names nothing on its public port.
        let is_named = service == Service::Gateway || missing(&ready.json).contains(what);
        (ready.status == 503 && is_named).then_some(())
    })
    .await;
}

fn pids(stack: &mut Stack) -> Vec<u32> {
    Service::ALL.into_iter().map(|service| stack.process(service).pid()).collect()
}

async fn well(api: &Api, path: &str, returned: Instant) {
    let left = WELL_WITHIN.saturating_sub(returned.elapsed());
    eventually(path, left, async || {
        let answer = api.try_send("GET", path, None).await.ok()?;
        answer.status.is_success().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_is_killed_and_comes_back() {
    let mut stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    let _ = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "Before"})).await.expect(201);
    let before = pids(&mut stack);
    for service in Service::ALL {
        let _ = stack.direct(service).get("/health/serving").await.expect(200);
    }

    stack.postgres.crash().await;
    for service in Service::ALL {
        let _ = stack.direct(service).get("/health").await.expect(200);
        // No replica would do better than this one.
        let _ = stack.direct(service).get("/health/serving").await.expect(200);
        not_ready_for(&stack, service, "database").await;
    }
    let email = &alice.email;
    for (method, path, body) in [
        ("GET", "/api/v1/teams/ops/tasks", None),
        ("GET", "/api/v1/teams/ops/tasks/1", None),
        ("POST", "/api/v1/teams/ops/tasks", Some(json!({"title": "During"}))),
        ("PATCH", "/api/v1/teams/ops/tasks/1", Some(json!({"title": "During"}))),
        ("DELETE", "/api/v1/teams/ops/tasks/1", None),
        ("GET", "/api/v1/teams", None),
        ("GET", "/api/v1/me", None),
        ("GET", "/api/v1/notifications", None),
        ("POST", "/api/v1/auth/login", Some(json!({"email": email, "password": "whatever it was"}))),
    ] {
        let start = Instant::now();
        let answer = alice.api.send(method, path, body.map(|b| b.to_string().into_bytes())).await;
        assert!(start.elapsed() < ANSWERED_WITHIN, "{method} {path} took {:?}", start.elapsed());
        answer.is_problem(503, "unavailable");
        assert!(!answer.header("retry-after").is_empty(), "{method} {path}");
    }
    assert_eq!(stack.api().get("/api/health").await.expect(503).json["database"], "disconnected");
    let status = stack.api().get("/api/v1/status").await.expect(200).json;
    assert_ne!(status["status"], "ok");

    for service in [Service::Auth, Service::Task, Service::Worker] {
        let address = format!("127.0.0.1:{}", stack.postgres.port());
        let why = eventually("the log says why", Duration::from_secs(3), async || {
            let log = stack.log_of(service);
            let why = log.lines().filter(|line| line.contains("PostgreSQL can't be reached"));
            let why: Vec<_> = why.map(str::to_owned).collect();
            let is_said = why.iter().any(|line| line.contains(&address) && line.contains("Connection refused"));
            is_said.then_some(why)
        })
        .await;
        assert!(why.len() <= 4, "each reason is logged once: {why:#?}");
    }

    stack.postgres.start().await;
    let returned = Instant::now();
    for path in ["/api/v1/teams/ops/tasks/1", "/api/v1/me", "/api/v1/notifications", "/health/ready"] {
        well(&alice.api, path, returned).await;
    }
    let _ = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "After"})).await.expect(201);
    let list = alice.api.get("/api/v1/teams/ops/tasks").await.expect(200).json;
    let titles: Vec<_> = list["items"].as_array().unwrap().iter().map(|t| t["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["After", "Before"], "what was refused did not happen");
    assert_eq!(pids(&mut stack), before, "nothing was restarted");
    assert!(Service::ALL.into_iter().all(|service| stack.process(service).is_running()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_connection_is_terminated_and_made_again() {
    let stack = Stack::start().await;
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    let _ = alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "One"})).await.expect(201);
    let admin = stack.postgres.admin().await;
    admin
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'taskhub%'", &[])
        .await
        .unwrap();
    let returned = Instant::now();
    for path in ["/api/v1/teams/ops/tasks/1", "/api/v1/me", "/api/v1/notifications"] {
        well(&alice.api, path, returned).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_killed_and_comes_back() {
    let mut stack = Stack::start().await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "viewer").await;
    let before = pids(&mut stack);

    stack.redis.crash();
    for service in Service::ALL {
        let _ = stack.direct(service).get("/health").await.expect(200);
    }
    for service in [Service::Worker, Service::Gateway] {
        not_ready_for(&stack, service, "redis").await;
    }
    // Reads and writes of tasks go on, and nothing that they cause is lost.
    let task = json!({"title": "During", "assignees": [bob.id]});
    let _ = alice.api.post("/api/v1/teams/ops/tasks", task).await.expect(201);
    let _ = alice.api.get("/api/v1/teams/ops/tasks/1").await.expect(200);
    let _ = bob.api.get("/api/v1/notifications").await.expect(200);

    stack.redis.start().await;
    let returned = Instant::now();
    well(&alice.api, "/health/ready", returned).await;
    let _ =
        alice.api.post("/api/v1/teams/ops/tasks", json!({"title": "After", "assignees": [bob.id]})).await.expect(201);
    eventually("both notifications", Duration::from_secs(10), async || {
        (bob.notifications().await.len() == 2).then_some(())
    })
    .await;
    assert_eq!(pids(&mut stack), before, "nothing was restarted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_may_start_before_postgresql_and_redis() {
    let mut stack = Stack::prepare(&[]);
    // The schema is there, as after a power cut; then everything comes up in the wrong order.
    stack.postgres.start().await;
    stack.migrate();
    stack.postgres.crash().await;
    for service in Service::ALL {
        stack.run(service);
    }
    for service in Service::ALL {
        let api = stack.direct(service);
        eventually("it lives", Duration::from_secs(5), async || api.try_send("GET", "/health", None).await.ok()).await;
        not_ready_for(&stack, service, "").await;
    }
    stack.redis.start().await;
    stack.postgres.start().await;
    let returned = Instant::now();
    for service in Service::ALL {
        well(&stack.direct(service), "/health/ready", returned).await;
    }
    let alice = Person::sign_up(&stack, "alice").await;
    let _ = alice.api.post("/api/tasks", json!({"title": "It works"})).await.expect(201);
}

/// The database falls back to an earlier state under services that go on, and comes to the same revisions again with
/// something else in them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_set_back_takes_everything_that_was_kept_of_the_lost_time_with_it() {
    const TASKS: &str = "/api/v1/teams/ops/tasks";
    let mut stack = Stack::start().await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;
    let create = async |title: &str| {
        let body = json!({"title": title, "assignees": [bob.id]});
        alice.api.post(TASKS, body).await.expect(201)
    };
    let told = async |title: &'static str| {
        eventually(title, Duration::from_secs(20), async || {
            let all = bob.notifications().await;
            all.iter().any(|n| n["title"] == title).then_some(all)
        })
        .await
    };
    let _ = create("Before").await;
    told("Before").await;
    stack.postgres.stop().await;
    stack.postgres.snapshot();
    stack.postgres.start().await;
    stack.ready().await;
    for title in ["Lost", "Lost too"] {
        let _ = create(title).await;
    }
    told("Lost too").await;
    let lost = alice.api.get(TASKS).await.expect(200);
    let changes = alice.api.get("/api/v1/teams/ops/changes?since=0").await.expect(200).json;
    let since = changes["next_since"].as_str().unwrap();

    stack.postgres.stop().await;
    stack.postgres.set_back();
    stack.postgres.start().await;
    stack.ready().await;
    for title in ["New", "Newer"] {
        let _ = create(title).await;
    }
    let list = alice.api.with_header("if-none-match", lost.header("etag")).get(TASKS).await.expect(200);
    let titles: Vec<_> = list.json["items"].as_array().unwrap().iter().map(|task| &task["title"]).collect();
    assert_eq!(titles, ["Newer", "New", "Before"]);
    assert_eq!(alice.api.get(TASKS).await.expect(200).json, list.json, "nothing is kept in memory either");
    alice.api.get(&format!("/api/v1/teams/ops/changes?since={since}")).await.is_problem(410, "log-reset");
    let all = told("Newer").await;
    assert_eq!(all.len(), 3, "each of the tasks that there are, once: {all:?}");
}

//! PgBouncer before PostgreSQL, as many companies have it.

use std::time::Duration;

use e2e::{Person, Pooler, Service, Stack};
use futures_util::StreamExt;
use serde_json::json;
use testkit::eventually;

const WITH_DATABASE: [Service; 3] = [Service::Auth, Service::Task, Service::Worker];

/// A stack whose services aren't started yet and that reach PostgreSQL through a pooler with these settings.
async fn with_pooler(lines: &str) -> (Stack, Pooler) {
    // Polling would hide that NOTIFY isn't heard.
    let mut stack = Stack::prepare(&[("TASKHUB__EVENTS__POLL_INTERVAL_MS", "60000")]);
    stack.postgres.start().await;
    stack.redis.start().await;
    stack.migrate();
    let pooler = Pooler::start(stack.dir(), &stack.postgres, lines).await;
    stack.lead_to(pooler.address());
    (stack, pooler)
}

/// From signing up to the notification of a task, and many requests at once.
async fn all_works(mut stack: Stack) {
    for service in Service::ALL {
        stack.run(service);
    }
    stack.ready().await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;
    let made = futures_util::stream::iter(0..100)
        .map(|n| {
            let (api, bob) = (alice.api.clone(), bob.id.clone());
            async move {
                let task = json!({"title": format!("Task {n}"), "assignees": [bob]});
                api.post("/api/v1/teams/ops/tasks", task).await.status.as_u16()
            }
        })
        .buffer_unordered(16)
        .collect::<Vec<_>>()
        .await;
    assert!(made.iter().all(|status| *status == 201), "{made:?}");
    eventually("every notification", Duration::from_secs(15), async || {
        (bob.notifications().await.len() == 100).then_some(())
    })
    .await;
    let slow = format!("/api/v1/teams/ops/tasks?assignee={}&limit=200", bob.id);
    assert_eq!(alice.api.get(&slow).await.expect(200).json["items"].as_array().unwrap().len(), 100);
    for service in WITH_DATABASE {
        let log = stack.log_of(service);
        let failed = log.lines().filter(|line| line.contains("\"ERROR\"") || line.contains("PostgreSQL"));
        assert_eq!(failed.collect::<Vec<_>>(), Vec::<&str>::new(), "{}", service.name());
    }
}

/// A service ends, and names what must be changed.
async fn ends_naming(stack: &mut Stack, service: Service, what: &str) {
    stack.run(service);
    let process = stack.process(service);
    eventually("it ends", Duration::from_secs(20), async || (!process.is_running()).then_some(())).await;
    let log = stack.log_of(service);
    assert!(log.contains(what), "{} should name {what}: {log}", service.name());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn session_mode_needs_nothing() {
    let (stack, _pooler) = with_pooler("pool_mode = session").await;
    all_works(stack).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transaction_mode_needs_a_way_to_a_session() {
    let (mut stack, pooler) = with_pooler("pool_mode = transaction\nmax_prepared_statements = 200").await;
    for service in WITH_DATABASE {
        ends_naming(&mut stack, service, "TASKHUB__DATABASE__DIRECT_URL").await;
    }
    // One that leads to the same is none.
    stack.set("TASKHUB__DATABASE__DIRECT_URL", pooler.url("taskhub_worker"));
    ends_naming(&mut stack, Service::Worker, "TASKHUB__DATABASE__DIRECT_URL").await;
    stack.set("TASKHUB__DATABASE__ADMIN_URL", pooler.url("postgres"));
    let refused = stack.try_to_migrate(Service::Auth);
    assert!(!refused.status.success());
    let why = String::from_utf8_lossy(&refused.stderr);
    assert!(why.contains("TASKHUB__DATABASE__ADMIN_URL"), "{why}");

    let (mut stack, pooler) = with_pooler("pool_mode = transaction\nmax_prepared_statements = 200").await;
    stack.set("TASKHUB__DATABASE__DIRECT_URL", pooler.session_url());
    all_works(stack).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transaction_mode_needs_prepared_statements() {
    let (mut stack, pooler) = with_pooler("pool_mode = transaction\nmax_prepared_statements = 0").await;
    stack.set("TASKHUB__DATABASE__DIRECT_URL", pooler.session_url());
    for service in WITH_DATABASE {
        ends_naming(&mut stack, service, "max_prepared_statements").await;
    }
}

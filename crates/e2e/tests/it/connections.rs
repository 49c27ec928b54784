//! How many connections to PostgreSQL there are.

use std::time::Duration;

use e2e::{Person, Service, Stack};
use serde_json::json;
use testkit::eventually;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_opened_when_needed_and_a_service_says_when_the_server_has_too_few() {
    let many = [("TASKHUB__DATABASE__READ_CONNECTIONS", "300"), ("TASKHUB__DATABASE__MAX_CONNECTIONS", "500")];
    let stack = Stack::start_with(&many).await;
    for service in [Service::Task, Service::Worker] {
        eventually("it says so", Duration::from_secs(10), async || {
            stack.log_of(service).contains("fewer connections left than this process may open").then_some(())
        })
        .await;
    }
    let alice = Person::sign_up(&stack, "alice").await;
    alice.make_team("ops").await;
    for n in 0..10 {
        let task = json!({"title": format!("Task {n}")});
        let _ = alice.api.post("/api/v1/teams/ops/tasks", task).await.expect(201);
        let _ = alice.api.get("/api/v1/teams/ops/tasks").await.expect(200);
    }
    let open = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'taskhub%'";
    let open: i64 = stack.postgres.admin().await.query_one(open, &[]).await.unwrap().get(0);
    assert!(open <= 25, "{open} for one request at a time");
}

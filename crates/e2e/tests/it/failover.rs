//! The primary changes, and nothing is restarted.

use std::time::Duration;

use e2e::{Person, Postgres, Service, Stack, Wire};
use serde_json::json;
use testkit::eventually;

const TASKS: &str = "/api/v1/teams/ops/tasks";
/// From the new primary's first moment to the first write.
const BACK_WITHIN: Duration = Duration::from_secs(15);

/// A stack whose services aren't started yet, and a standby that streams from its PostgreSQL.
async fn with_standby() -> (Stack, Postgres) {
    let mut stack = Stack::prepare(&[]);
    stack.postgres.start().await;
    stack.redis.start().await;
    stack.migrate();
    let mut standby = stack.postgres.standby(stack.dir());
    standby.start().await;
    (stack, standby)
}

fn start_services(stack: &mut Stack) {
    for service in Service::ALL {
        stack.run(service);
    }
}

/// Waits until the standby has everything that was committed.
async fn in_step(stack: &Stack, standby: &Postgres) {
    let lsn: String =
        stack.postgres.admin().await.query_one("SELECT pg_current_wal_lsn()::text", &[]).await.unwrap().get(0);
    let standby = standby.admin().await;
    eventually("the standby has it all", Duration::from_secs(10), async || {
        let there = "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn";
        standby.query_one(there, &[&lsn]).await.unwrap().get::<_, bool>(0).then_some(())
    })
    .await;
}

/// Until a task is created; what is refused meanwhile is refused as in any outage.
async fn writes_again(person: &Person, title: &str, assignee: &Person) {
    eventually("a task is created", BACK_WITHIN, async || {
        let answer = person.api.post(TASKS, json!({"title": title, "assignees": [assignee.id]})).await;
        assert!([201, 503].contains(&answer.status.as_u16()), "{} {}", answer.status, answer.text);
        (answer.status == 201).then_some(())
    })
    .await;
}

async fn told_of(person: &Person, title: &str) {
    eventually("the notification", BACK_WITHIN, async || {
        person.notifications().await.iter().any(|n| n["title"] == title).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_hosts_the_one_that_takes_writes_is_found() {
    let (mut stack, standby) = with_standby().await;
    stack.lead_to(format!("127.0.0.1:{},127.0.0.1:{}", standby.port(), stack.postgres.port()));
    start_services(&mut stack);
    stack.ready().await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;
    writes_again(&alice, "Before", &bob).await;
    in_step(&stack, &standby).await;

    stack.postgres.crash().await;
    standby.promote().await;
    writes_again(&alice, "After", &bob).await;
    stack.ready().await;
    told_of(&bob, "After").await;
    let _ = Person::sign_up(&stack, "carol").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_led_to_a_standby_is_followed_to_the_primary() {
    let (mut stack, standby) = with_standby().await;
    let way = Wire::lay(&[standby.port()]).await;
    stack.lead_to(format!("127.0.0.1:{}", way.port()));
    start_services(&mut stack);
    // A standby answers reads, and yet nothing works.
    for service in [Service::Auth, Service::Task, Service::Worker] {
        let api = stack.direct(service);
        eventually("it says so", Duration::from_secs(10), async || {
            let ready = api.try_send("GET", "/health/ready", None).await.ok()?;
            let is_said = ready.status == 503 && ready.text.contains("database");
            (is_said && stack.log_of(service).contains("database does not allow writes")).then_some(())
        })
        .await;
    }

    way.lead_to(vec![stack.postgres.port()]);
    stack.ready().await;
    let (alice, bob) = (Person::sign_up(&stack, "alice").await, Person::sign_up(&stack, "bob").await);
    alice.make_team("ops").await;
    alice.bring("ops", &bob, "member").await;
    writes_again(&alice, "Before", &bob).await;

    // The primary takes no more writes, and connections to it stay open: so operators begin a switchover.
    let old = stack.postgres.admin().await;
    old.batch_execute("ALTER SYSTEM SET default_transaction_read_only = on").await.unwrap();
    old.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    eventually("a write is refused", Duration::from_secs(5), async || {
        let answer = alice.api.post(TASKS, json!({"title": "During"})).await;
        assert!([201, 503].contains(&answer.status.as_u16()), "{} {}", answer.status, answer.text);
        (answer.status == 503).then_some(())
    })
    .await;
    for service in Service::ALL {
        let api = stack.direct(service);
        eventually(service.name(), Duration::from_secs(5), async || {
            (api.get("/health/ready").await.status == 503).then_some(())
        })
        .await;
    }
    assert_ne!(stack.api().get("/api/v1/status").await.expect(200).json["status"], "ok");

    in_step(&stack, &standby).await;
    standby.promote().await;
    way.lead_to(vec![standby.port()]);
    writes_again(&alice, "After", &bob).await;
    stack.ready().await;
    told_of(&bob, "After").await;
    let _ = Person::sign_up(&stack, "carol").await;
    // Nothing has gone to the old one.
    let there = "SELECT count(*) FROM tasks.tasks WHERE title = 'After'";
    assert_eq!(old.query_one(there, &[]).await.unwrap().get::<_, i64>(0), 0);
}

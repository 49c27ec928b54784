//! Secrets with any characters, and where they don't appear.

use e2e::{Person, Service, Stack};
use testkit::eventually;

const PASSWORD: &str = "x@y:z/%41?#&='\"\\ $é";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_of_any_characters_is_the_roles_and_is_not_logged_by_the_server() {
    let mut stack = Stack::prepare(&[]);
    stack.postgres.start().await;
    stack.redis.start().await;
    stack.postgres.watch_closely().await;
    stack.set_password(PASSWORD);
    eventually("statements are logged", std::time::Duration::from_secs(5), async || {
        stack.postgres.admin().await.batch_execute("SELECT 'marker'").await.unwrap();
        stack.postgres.log().contains("SELECT 'marker'").then_some(())
    })
    .await;
    stack.migrate();
    for service in Service::ALL {
        stack.run(service);
    }
    stack.ready().await;
    let _ = Person::sign_up(&stack, "alice").await;

    let log = stack.postgres.log();
    assert!(log.contains("ALTER ROLE taskhub_auth LOGIN PASSWORD 'SCRAM-SHA-256$"), "{log}");
    for part in [PASSWORD, "x@y", "x%40y"] {
        assert!(!log.contains(part), "{part} was logged");
    }
}

//! The migrations: up, down, up; and as `migrate` runs them.

use task_service::{MIGRATIONS, ROLE, SCHEMA};
use testkit::Database;

const UP: &str = include_str!("../../migrations/2026-11-22-000002_tasks/up.sql");
const DOWN: &str = include_str!("../../migrations/2026-11-22-000002_tasks/down.sql");

#[tokio::test]
async fn they_go_up_down_and_up_again() {
    let db = Database::new().await;
    let admin = db.admin().await;
    let tables = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                  WHERE n.nspname = 'tasks' AND c.relname <> '__diesel_schema_migrations' AND c.relkind IN ('r', 'v')";
    let before = crate::world::count(&admin, tables).await;
    admin.batch_execute(DOWN).await.unwrap();
    assert_eq!(crate::world::count(&admin, tables).await, 0);
    admin.batch_execute(UP).await.unwrap();
    assert_eq!(crate::world::count(&admin, tables).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrate_brings_an_empty_schema_up_to_date_and_then_has_nothing_to_do() {
    let db = Database::new().await;
    db.admin().await.batch_execute("DROP SCHEMA tasks CASCADE").await.unwrap();
    let settings = db.settings(ROLE);
    let (one, two) = tokio::join!(
        platform::postgres::migrate(&settings, SCHEMA, ROLE, MIGRATIONS),
        platform::postgres::migrate(&settings, SCHEMA, ROLE, MIGRATIONS),
    );
    assert_eq!(one.unwrap().len() + two.unwrap().len(), 1);
}

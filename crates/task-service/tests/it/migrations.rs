//! The migrations: up, down, up; and as `migrate` runs them.

use std::time::Duration;

use task_service::{MIGRATIONS, ROLE, SCHEMA};
use testkit::{Database, eventually};
use tokio::runtime::Handle;
use tokio_postgres::Client;

const SOON: Duration = Duration::from_secs(20);

macro_rules! migrations {
    ($($name:literal,)*) => {
        /// Each migration's up and down, the oldest first.
        const ALL: &[(&str, &str)] = &[$((
            include_str!(concat!("../../migrations/", $name, "/up.sql")),
            include_str!(concat!("../../migrations/", $name, "/down.sql")),
        ),)*];
    };
}

migrations! {
    "2026-11-22-000002_tasks",
    "2026-11-22-000004_labels_and_comments",
    "2026-11-22-000005_position",
    "2026-11-22-000006_stats",
    "2026-11-26-000001_lists",
    "2026-11-27-000002_gin_updates",
    "2026-11-27-000003_comment_excerpts",
    "2026-11-27-000004_log_moments",
    "2026-11-27-000011_label_names",
}

/// Every relation and column of the schema, with its type.
async fn shape(admin: &Client) -> Vec<String> {
    let sql =
        "SELECT concat_ws(' ', c.relname, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               WHERE n.nspname = 'tasks' AND c.relname NOT LIKE '\\_\\_diesel%' ORDER BY 1";
    admin.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn they_go_up_down_and_up_again() {
    let db = Database::new().await;
    let admin = db.admin().await;
    let newest = shape(&admin).await;
    let mut shapes = Vec::new();
    for (_, down) in ALL.iter().rev() {
        shapes.push(shape(&admin).await);
        admin.batch_execute(down).await.unwrap();
    }
    assert!(shape(&admin).await.is_empty());
    for (up, _) in ALL {
        admin.batch_execute(up).await.unwrap();
        assert_eq!(Some(shape(&admin).await), shapes.pop());
    }
    assert_eq!(shape(&admin).await, newest);
}

/// A pending list is moved by whoever fills it, who holds the team's log.
#[tokio::test]
async fn no_gin_index_has_a_pending_list() {
    let db = Database::new().await;
    let sql = "SELECT c.relname::text FROM pg_class c JOIN pg_am m ON m.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'tasks' AND m.amname = 'gin' AND NOT COALESCE(c.reloptions @> '{fastupdate=off}', false)";
    let pending: Vec<String> = db.admin().await.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(pending, Vec::<String>::new());
}

/// What yesterday's release writes and reads, on today's schema.
#[tokio::test]
async fn yesterdays_statements_run_on_todays_schema() {
    let db = Database::new().await;
    let admin = db.admin().await;
    let yesterday = "
        INSERT INTO tasks.team_log AS l (team_id, revision, last_number)
        VALUES ('00000000-0000-0000-0000-000000000001', 1, 1);
        INSERT INTO tasks.tasks (id, team_id, number, title, description, status, priority, assignees, due_at,
                                 created_by, created_at, updated_at, completed_at)
        SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', n, 'a', '', 'pending', 'none', '{}', NULL,
               gen_random_uuid(), now(), now(), NULL
        FROM generate_series(1, 3) n;
        INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, occurred_at, traceparent, data)
        SELECT team_id, number, gen_random_uuid(), 'task.created', id, created_by, now(), NULL, '{}' FROM tasks.tasks;
        WITH old AS (SELECT t.* FROM tasks.tasks t WHERE number = 1 FOR UPDATE),
             task AS (UPDATE tasks.tasks t SET title = 'b', version = t.version + 1 FROM old WHERE t.id = old.id RETURNING t.*)
        SELECT * FROM task UNION ALL SELECT old.* FROM old;";
    admin.batch_execute(yesterday).await.unwrap();
    let positions = admin.query("SELECT position, number FROM tasks.tasks ORDER BY number", &[]).await.unwrap();
    for row in positions {
        assert_eq!(row.get::<_, &str>(0), domain::position::of_number(row.get(1)));
    }
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
    assert_eq!(one.unwrap().len() + two.unwrap().len(), ALL.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_waits_for_a_lock_lets_others_by_and_tries_again() {
    let db = Database::new().await;
    let admin = db.admin().await;
    let undo = "DROP VIEW tasks.comment_excerpts;
                DELETE FROM tasks.__diesel_schema_migrations WHERE version = '20261127000003'";
    admin.batch_execute(undo).await.unwrap();
    // By itself: statements that are sent with a BEGIN belong to its transaction.
    admin.batch_execute("BEGIN; LOCK TABLE tasks.comments IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let settings = db.settings(ROLE);
    // On a thread of its own, as a migration blocks the one that runs it.
    let migrating = tokio::task::spawn_blocking(move || {
        Handle::current().block_on(platform::postgres::migrate(&settings, SCHEMA, ROLE, MIGRATIONS))
    });
    let waiting = async || {
        let sql = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'tasks.comments'::regclass";
        admin.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) > 0
    };
    eventually("the migration waits", SOON, async || waiting().await.then_some(())).await;
    eventually("it waits no more", SOON, async || (!waiting().await).then_some(())).await;
    admin.batch_execute("COMMIT").await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap(), ["20261127000003"]);
}

/// Before, names that full case folding makes one could be beside each other.
#[tokio::test]
async fn of_labels_whose_names_are_one_the_younger_get_a_number() {
    let db = Database::new().await;
    let admin = db.admin().await;
    let (up, down) = ALL[ALL.len() - 1];
    admin.batch_execute(down).await.unwrap();
    let long = "σ".repeat(50);
    for (n, name) in
        ["straße", "STRASSE", "strasse (2)", "οδος", "οδοσ", &long, &long.replace('σ', "ς"), "bug"].iter().enumerate()
    {
        let sql = format!(
            "INSERT INTO tasks.labels (id, team_id, name, color, created_at, updated_at)
             VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000001', '{name}', '#000000', now() + interval '{n} s', now())"
        );
        admin.batch_execute(&sql).await.unwrap();
    }
    admin.batch_execute(up).await.unwrap();
    let rows = admin.query("SELECT name FROM tasks.labels ORDER BY created_at", &[]).await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let cut = "ς".repeat(44) + " (2)";
    assert_eq!(names, ["straße", "STRASSE (3)", "strasse (2)", "οδος", "οδοσ (2)", &long, &cut, "bug"]);
}

//! Every statement that a request runs finds its rows by an index, in a database of some size: 10,000 teams, 100,000
//! tasks in 1,000 of them. (PostgreSQL rightly reads a table of a few pages as a whole.)

use testkit::Database;

/// Indexes that are there for one statement, which is to use them.
const PINNED: &[(&str, &str)] = &[
    ("list tasks", "tasks_team_id_number_idx"),
    ("list tasks by number", "tasks_team_id_status_number_idx"),
    ("list tasks by position", "tasks_team_id_status_position_idx"),
    ("list tasks by change", "tasks_team_id_status_updated_at_idx"),
    ("list tasks by completion", "tasks_team_id_completed_at_idx"),
    ("list tasks by due date", "tasks_team_id_status_due_at_idx"),
    ("list tasks by priority", "tasks_team_id_status_priority_idx"),
    ("list tasks of assignees", "tasks_assignees_idx"),
    ("list tasks of labels", "tasks_labels_idx"),
    ("delete label", "tasks_labels_idx"),
    ("list labels", "labels_team_id_name_idx"),
    ("around", "tasks_team_id_status_position_idx"),
    ("neighbourhood", "tasks_team_id_status_position_idx"),
    ("stats", "tasks_team_id_completed_at_idx"),
    ("list comments", "comments_task_id_idx"),
    ("list changes", "events_pkey"),
    ("new events", "events_pkey"),
    ("list history", "events_task_id_idx"),
];

#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let db = Database::new().await;
    let admin = db.admin().await;
    admin
        .batch_execute(
            "INSERT INTO identity.users (id, email, name, password_hash)
             SELECT gen_random_uuid(), n || '@example.org', 'n', 'none' FROM generate_series(1, 2000) n;
             INSERT INTO identity.sessions (id, user_id, user_agent, expires_at)
             SELECT gen_random_uuid(), id, '', now() + interval '1 hour' FROM identity.users, generate_series(1, 5);
             INSERT INTO identity.teams (id, key, name)
             SELECT gen_random_uuid(), 't' || n, 'n' FROM generate_series(1, 10000) n;
             INSERT INTO identity.members (team_id, user_id, role)
             SELECT t.id, u.id, 'member'
             FROM (SELECT id, row_number() OVER () AS n FROM identity.teams) t
             JOIN (SELECT id, row_number() OVER () AS n FROM identity.users) u ON u.n % 200 = t.n % 200 WHERE t.n <= 1000;
             INSERT INTO tasks.team_log SELECT id, 100, 100 FROM identity.teams;
             INSERT INTO tasks.labels
             SELECT gen_random_uuid(), t.id, 'label ' || n, '#000000', now(), now()
             FROM (SELECT id FROM identity.teams LIMIT 1000) t, generate_series(1, 10) n;
             INSERT INTO tasks.tasks (id, team_id, number, title, status, created_by)
             SELECT gen_random_uuid(), t.id, n, 'task', (ARRAY['pending', 'in_progress', 'completed'])[1 + n % 3], t.id
             FROM (SELECT id FROM identity.teams LIMIT 1000) t, generate_series(1, 100) n;
             UPDATE tasks.tasks t SET assignees = ARRAY[m.user_id], labels = ARRAY[b.id]
             FROM identity.members m, tasks.labels b
             WHERE m.team_id = t.team_id AND b.team_id = t.team_id AND b.name = 'label 1' AND t.number % 4 = 0;
             INSERT INTO tasks.comments SELECT gen_random_uuid(), id, created_by, 'a', now(), now() FROM tasks.tasks;
             INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, data)
             SELECT team_id, number, id, 'task.created', id, team_id, '{}' FROM tasks.tasks;
             INSERT INTO tasks.idempotency_keys SELECT gen_random_uuid(), n, '', gen_random_uuid(), 1 FROM generate_series(1, 5000) n;
             ANALYZE; SET plan_cache_mode = force_generic_plan;",
        )
        .await
        .unwrap();
    for (n, statement) in task_service::statements().into_iter().enumerate() {
        let params =
            admin.prepare(statement.sql).await.unwrap_or_else(|e| panic!("{}: {e:?}", statement.name)).params().len();
        admin.batch_execute(&format!("PREPARE s{n} AS {}", statement.sql)).await.unwrap();
        let nulls = vec!["NULL"; params].join(", ");
        let rows = admin.query(&format!("EXPLAIN EXECUTE s{n}({nulls})"), &[]).await.unwrap();
        let plan: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        if std::env::var("SHOW_PLANS").is_ok() {
            eprintln!("--- {} {n}\n{plan}\n", statement.name);
        }
        for (name, index) in PINNED.iter().filter(|(name, _)| *name == statement.name) {
            assert!(plan.contains(index), "{name} should use {index}:\n{plan}");
        }
        assert!(!plan.contains("Seq Scan"), "{}:\n{plan}", statement.name);
        // Nobody's right is found by reading all members of a team.
        if statement.sql.contains("WITH ORDINALITY q (") {
            assert!(plan.contains("Index Cond: ((user_id = q.user_id) AND (team_id = q.team_id))"), "{plan}");
        }
    }
}

//! `GET /api/v1/teams/{team}/stats`.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::{DateTime, Days, Utc};
use serde_json::{Value, json};

use crate::world::{Person, World, path};

const STATS: &str = "/api/v1/teams/ops/stats";

async fn stats(who: &Person, query: &str) -> Value {
    who.api.get(&format!("{STATS}{query}")).await.expect(200).json
}

fn total(stats: &Value, what: &str) -> u64 {
    stats["days"].as_array().unwrap().iter().map(|day| day[what].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn a_team_without_tasks_has_days_with_nothing_in_them() {
    let (_world, alice, _) = World::with("viewer").await;
    let today = Utc::now().date_naive();
    for (query, count) in [("", 30), ("?days=1", 1), ("?days=366", 366)] {
        let shown = stats(&alice, query).await;
        let days = shown["days"].as_array().unwrap();
        assert_eq!(days.len(), count);
        for (n, day) in days.iter().rev().enumerate() {
            let date = today.checked_sub_days(Days::new(n as u64)).unwrap();
            assert_eq!(*day, json!({"date": date.to_string(), "created": 0, "completed": 0}));
        }
        assert_eq!(shown["open_by_status"], json!({"pending": 0, "in_progress": 0, "blocked": 0}));
        assert_eq!(shown["open_by_assignee"], json!([]));
    }
}

/// 300 tasks made over 40 days, every third gone again; counted here, and by the statement.
#[tokio::test]
async fn days_are_those_of_utc_and_none_is_left_out() {
    let (world, alice, team) = World::with("member").await;
    let admin = world.db.admin().await;
    admin
        .batch_execute(&format!(
            "SET timezone = 'Pacific/Kiritimati';
             INSERT INTO tasks.team_log VALUES ('{team}', 300, 300);
             INSERT INTO tasks.tasks (id, team_id, number, title, status, created_by, created_at, completed_at, deleted_at)
             SELECT gen_random_uuid(), '{team}', n, 'a', CASE WHEN n % 4 = 0 THEN 'completed' ELSE 'pending' END, '{team}',
                    now() - make_interval(mins => (300 - n) * 190),
                    CASE WHEN n % 4 = 0 THEN now() - make_interval(mins => (300 - n) * 95) END,
                    CASE WHEN n % 3 = 0 THEN now() END
             FROM generate_series(1, 300) n"
        ))
        .await
        .unwrap();
    let rows = admin.query("SELECT created_at, completed_at FROM tasks.tasks WHERE deleted_at IS NULL", &[]).await;
    let (mut created, mut completed) = (BTreeMap::new(), BTreeMap::new());
    for row in rows.unwrap() {
        let (made, done): (DateTime<Utc>, Option<DateTime<Utc>>) = (row.get(0), row.get(1));
        *created.entry(made.date_naive().to_string()).or_insert(0) += 1;
        if let Some(done) = done {
            *completed.entry(done.date_naive().to_string()).or_insert(0) += 1;
        }
    }
    for days in [1, 2, 7, 30, 39, 40, 41, 366] {
        let shown = stats(&alice, &format!("?days={days}")).await;
        let list = shown["days"].as_array().unwrap();
        assert_eq!(list.len(), days);
        for day in list {
            let of = |counts: &BTreeMap<String, i32>| counts.get(day["date"].as_str().unwrap()).copied().unwrap_or(0);
            assert_eq!((&day["created"], &day["completed"]), (&json!(of(&created)), &json!(of(&completed))), "{day}");
        }
        assert_eq!(shown["open_by_status"], json!({"pending": 150, "in_progress": 0, "blocked": 0}));
        assert_eq!(shown["open_by_assignee"], json!([{"user_id": null, "count": 150}]));
    }
    assert_eq!(total(&stats(&alice, "?days=366").await, "created"), 200);
}

#[tokio::test]
async fn what_is_open_is_counted_for_each_who_is_to_do_it() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "viewer").await;
    let both = alice.task(json!({"title": "a", "assignees": [alice.id, bob.id], "status": "blocked"})).await;
    alice.task(json!({"title": "b", "assignees": [bob.id], "status": "in_progress"})).await;
    alice.task(json!({"title": "c", "assignees": [bob.id], "status": "completed"})).await;
    alice.task(json!({"title": "d", "assignees": [bob.id], "status": "cancelled"})).await;
    for _ in 0..3 {
        alice.titled("e").await;
    }
    let answer = bob.api.get(STATS).await.expect(200);
    assert_eq!(answer.json["open_by_status"], json!({"pending": 3, "in_progress": 1, "blocked": 1}));
    let expected = json!([
        {"user_id": null, "count": 3}, {"user_id": bob.id, "count": 2}, {"user_id": alice.id, "count": 1},
    ]);
    assert_eq!(answer.json["open_by_assignee"], expected);
    assert_eq!((total(&answer.json, "created"), total(&answer.json, "completed")), (7, 1));

    let conditional = bob.api.with_header("if-none-match", answer.header("etag"));
    conditional.get(STATS).await.expect(304);
    conditional.get(&format!("{STATS}?days=7")).await.expect(200);
    alice.api.patch(&path(&both), json!({"status": "completed"})).await.expect(200);
    let now = conditional.get(STATS).await.expect(200);
    assert_eq!(total(&now.json, "completed"), 2);
    assert_eq!(now.json["open_by_assignee"], json!([{"user_id": null, "count": 3}, {"user_id": bob.id, "count": 1}]));
}

#[tokio::test]
async fn bad_queries_are_refused() {
    let (_world, alice, _) = World::with("viewer").await;
    for days in ["0", "367", "100000", "-1", "+1", "", "ten", "1.5"] {
        alice.api.get(&format!("{STATS}?days={days}")).await.is_problem(400, "1 to 366");
    }
    alice.api.get(&format!("{STATS}?days=1&days=2")).await.is_problem(400, "days");
    alice.api.get(&format!("{STATS}?from=1")).await.is_problem(400, "`from`");
    alice.api.post(STATS, json!({})).await.is_problem(405, "GET");
}

#[tokio::test]
async fn days_are_those_of_the_time_zone_that_was_asked_for() {
    let (world, alice, team) = World::with("member").await;
    let task = alice.titled("a").await;
    // Made 30 hours ago: which day that was differs from zone to zone.
    let (admin, made) = (world.db.admin().await, Utc::now() - chrono::TimeDelta::hours(30));
    admin.execute("UPDATE tasks.tasks SET created_at = $2 WHERE team_id = $1", &[&team.uuid(), &made]).await.unwrap();
    for (zone, hours) in [("UTC", 0), ("Pacific/Kiritimati", 14), ("Pacific/Pago_Pago", -11), ("Etc/GMT-5", 5)] {
        let day = |at: DateTime<Utc>| (at + chrono::TimeDelta::hours(hours)).date_naive().to_string();
        let shown = stats(&alice, &format!("?days=4&tz={zone}")).await;
        let days = shown["days"].as_array().unwrap();
        assert_eq!(days.last().unwrap()["date"], day(Utc::now()), "{zone}");
        let created: Vec<_> = days.iter().filter(|day| day["created"] != 0).collect();
        assert_eq!(created, [&json!({"date": day(made), "created": 1, "completed": 0})], "{zone}");
    }
    let answer = alice.api.get(&format!("{STATS}?tz=Europe/Berlin")).await.expect(200);
    let conditional = alice.api.with_header("if-none-match", answer.header("etag"));
    conditional.get(&format!("{STATS}?tz=Europe/Berlin")).await.expect(304);
    conditional.get(&format!("{STATS}?tz=UTC")).await.expect(200);
    for bad in ["", "Mars/Base", "UTC%2B5", "%00"] {
        alice.api.get(&format!("{STATS}?tz={bad}")).await.is_problem(400, "`tz`");
    }
    assert_eq!(task.number, 1);
}

/// A team of 100,000 tasks: printed, as it depends on the machine.
#[tokio::test]
#[ignore = "measures, and takes its time to fill the database"]
async fn what_the_page_asks_of_a_large_team() {
    let (world, alice, team) = World::with("member").await;
    let fill = format!(
        "INSERT INTO tasks.team_log VALUES ('{team}', 100000, 100000);
         INSERT INTO tasks.tasks (id, team_id, number, title, status, created_by, created_at, completed_at, assignees)
         SELECT gen_random_uuid(), '{team}', n, 'Task ' || n, (ARRAY['completed', 'completed', 'pending', 'blocked'])[1 + n % 4],
                '{team}', now() - make_interval(mins => (100000 - n) * 15),
                CASE WHEN n % 4 < 2 THEN now() - make_interval(mins => (100000 - n) * 7) END,
                CASE WHEN n % 3 = 0 THEN ARRAY['{}'::uuid] ELSE '{{}}' END
         FROM generate_series(1, 100000) n; ANALYZE;",
        alice.id
    );
    world.db.admin().await.batch_execute(&fill).await.unwrap();
    let tasks = "/api/v1/teams/ops/tasks";
    for path in [
        format!("{STATS}?days=30"),
        format!("{STATS}?days=366"),
        tasks.to_owned(),
        format!("{tasks}?sort=position"),
        format!("{tasks}?sort=position&status=pending"),
        format!("{tasks}?assignee={}", alice.id),
        format!("{tasks}?assignee=none"),
        format!("{tasks}?q=99999"),
        format!("{tasks}?q=nowhere"),
        format!("{tasks}?q=task"),
        format!("{tasks}?q=zz"),
        format!("{tasks}?q=ops"),
        format!("{tasks}?sort=updated"),
        format!("{tasks}?sort=completed&status=completed"),
        format!("{tasks}?sort=due"),
        format!("{tasks}?sort=priority&priority=urgent"),
        format!("{tasks}?not_assignee={}&sort=position", alice.id),
        format!("{tasks}/counts"),
        format!("{tasks}/counts?assignee={}", alice.id),
        format!("{tasks}/counts?q=9999"),
        format!("{tasks}/counts?q=task"),
        format!("{tasks}/counts?priority=urgent"),
    ] {
        let mut times = Vec::new();
        for n in 0..5 {
            // A change of the team makes every page that is kept an old one.
            alice.titled(&format!("change {n}")).await;
            let start = Instant::now();
            alice.api.get(&path).await.expect(200);
            times.push(start.elapsed());
        }
        times.sort_unstable();
        eprintln!("{:>12.1?} {:>12.1?}  {path}", times[2], times[4]);
    }
}

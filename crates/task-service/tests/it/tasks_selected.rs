//! `GET …/tasks` and `GET …/tasks/counts`: the service selects and orders as `domain` says, whatever filters are combined.

use std::fmt::Write as _;

use domain::{ListTasks, Page, StatusCounts, TaskCounts, TaskView};
use serde_json::{Value, json};

use crate::world::{Person, World, path};

const TASKS: &str = "/api/v1/teams/ops/tasks";

/// Numbers that look random and are the same in every run (an xorshift generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn some(&mut self, all: &[String]) -> Vec<String> {
        all.iter().filter(|_| self.below(3) == 0).cloned().collect()
    }
}

const STATUSES: [&str; 5] = ["pending", "in_progress", "blocked", "completed", "cancelled"];
const PRIORITIES: [&str; 5] = ["none", "low", "medium", "high", "urgent"];
const SORTS: [&str; 6] = ["number", "position", "updated", "completed", "due", "priority"];
const TITLES: [&str; 7] =
    ["Fix the Café login", "100%_sure", "日本語 ｶﾞｲﾄﾞ", "Straße naïve", "İstanbul ΟΔΟΣ", "ops-1 in a title", "x"];
const WORDS: [&str; 17] = [
    "login",
    "cafe\u{301} FIX",
    "0%_",
    "日本",
    "ガイド",
    "naive",
    "istanbul οδοσ",
    "ops",
    "ops-1",
    "-1",
    "1",
    "s-3 x",
    "x",
    "nothing",
    "straße",
    "\u{301}",
    "´",
];

fn day(n: usize) -> String {
    format!("2026-03-{:02}T12:00:00Z", n + 1)
}

async fn tasks(chance: &mut Chance, alice: &Person, users: &[String], labels: &[String]) -> Vec<TaskView> {
    let mut tasks = Vec::new();
    for _ in 0..60 {
        let task = alice
            .task(json!({
                "title": chance.one(&TITLES),
                "status": chance.one(&STATUSES),
                "priority": chance.one(&PRIORITIES),
                "assignees": chance.some(users),
                "labels": chance.some(labels),
                // Several are due at the same moment.
                "due_at": if chance.below(2) == 0 { Some(day(chance.below(4))) } else { None },
            }))
            .await;
        tasks.push(task);
    }
    for _ in 0..30 {
        let (task, status) = (chance.one(&tasks), chance.one(&STATUSES));
        let _ = alice.api.patch(&path(task), json!({"status": status, "priority": chance.one(&PRIORITIES)})).await;
    }
    alice.walk(&format!("{TASKS}?limit=200")).await
}

/// A query of some filters, as text and as pairs.
fn query(chance: &mut Chance, users: &[String], labels: &[String]) -> Vec<(&'static str, String)> {
    let with_words =
        |ids: &[String], words: &[&str]| [ids, &words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>()].concat();
    let (people, names) = (with_words(users, &["me", "none"]), with_words(labels, &["none"]));
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for (name, all) in [
        ("status", &texts(&STATUSES)),
        ("priority", &texts(&PRIORITIES)),
        ("assignee", &people),
        ("label", &names),
        ("not_assignee", &people),
        ("not_label", &names),
    ] {
        let chosen = chance.some(all);
        if chance.below(4) == 0 && !chosen.is_empty() {
            // As a list, or repeated.
            match chance.below(2) {
                0 => pairs.push((name, chosen.join(","))),
                _ => pairs.extend(chosen.into_iter().map(|value| (name, value))),
            }
        }
    }
    for name in ["due_from", "due_before"] {
        if chance.below(5) == 0 {
            pairs.push((name, day(chance.below(4))));
        }
    }
    if chance.below(5) == 0 {
        pairs.push(("due", "none".into()));
    }
    if chance.below(2) == 0 {
        pairs.push(("q", (*chance.one(&WORDS)).into()));
    }
    pairs
}

#[tokio::test]
async fn lists_and_counts_are_what_the_domain_selects() {
    let (world, alice, team) = World::with("member").await;
    let mut users = vec![alice.id.to_string()];
    for name in ["bob", "carol"] {
        users.push(world.member(team, name, "member").await.id.to_string());
    }
    let mut labels = Vec::new();
    for name in ["bug", "docs", "ops"] {
        labels.push(alice.label(name).await.id.to_string());
    }
    let mut chance = Chance(0x5eed);
    let all = tasks(&mut chance, &alice, &users, &labels).await;
    assert_eq!(all.len(), 60);
    for round in 0..240 {
        let pairs = query(&mut chance, &users, &labels);
        let mut text = serde_urlencoded::to_string(&pairs).unwrap();
        let counts: TaskCounts = alice.api.get(&format!("{TASKS}/counts?{text}")).await.expect(200).body();
        let (sort, limit) = (SORTS[round % SORTS.len()], [1, 3, 7, 200][chance.below(4)]);
        let list: ListTasks = serde_urlencoded::from_str(&format!("{text}&sort={sort}")).unwrap();
        let filter = list.filter.of_caller(alice.id);
        let mut expected: Vec<_> = all.iter().filter(|task| filter.matches(task)).cloned().collect();
        expected.sort_by(|a, b| list.sort.compare(a, b));

        let mut by_status = StatusCounts::default();
        for task in &expected {
            *by_status.of(task.status) += 1;
        }
        assert_eq!(counts.by_status, by_status, "{text}");
        write!(text, "&sort={sort}&limit={limit}").unwrap();
        let found: Vec<TaskView> = alice.walk(&format!("{TASKS}?{text}")).await;
        let numbers = |tasks: &[TaskView]| tasks.iter().map(|task| task.number).collect::<Vec<_>>();
        assert_eq!(numbers(&found), numbers(&expected), "{text}");
        assert_eq!(found, expected, "{text}");
    }
}

#[tokio::test]
async fn a_source_with_more_tasks_than_are_looked_up_one_by_one_selects_the_same() {
    let (world, alice, team) = World::with("member").await;
    let label = alice.label("bug").await.id;
    let _ = alice.titled("first").await;
    let sql = "
        INSERT INTO tasks.tasks (id, team_id, number, title, status, created_by, assignees, labels, due_at)
        SELECT gen_random_uuid(), $1, n, 'common ' || n, (ARRAY['pending', 'completed'])[1 + n % 2], $2::uuid, ARRAY[$2::uuid],
               ARRAY[$3::uuid],
               CASE WHEN n % 3 = 0 THEN timestamptz '2026-01-01' + n * interval '1 minute' END
        FROM generate_series(2, 2502) n";
    let admin = world.db.admin().await;
    admin.execute(sql, &[&team.uuid(), &alice.id.uuid(), &label.uuid()]).await.unwrap();
    let (assignee, label) = (format!("assignee={}", alice.id), format!("label={label}"));
    for filter in [
        assignee.clone(),
        label.clone(),
        "q=common".into(),
        "q=ops-".into(),
        format!("q=common&{assignee}"),
        format!("q=common&{assignee}&{label}"),
    ] {
        let first = usize::from(filter == "q=ops-");
        let counts: TaskCounts = alice.api.get(&format!("{TASKS}/counts?{filter}")).await.expect(200).body();
        let total = counts.by_status.pending + counts.by_status.completed;
        assert_eq!(total, 2501 + i64::try_from(first).unwrap(), "{filter}");
        let found: Vec<TaskView> = alice.walk(&format!("{TASKS}?{filter}&status=completed&sort=due&limit=200")).await;
        let mut expected: Vec<i64> = (2..=2502).filter(|n| n % 2 == 1).collect();
        expected.sort_by_key(|n| (n % 3 != 0, *n));
        assert_eq!(found.iter().map(|task| task.number).collect::<Vec<_>>(), expected, "{filter}");
        let page: Page<TaskView> = alice.api.get(&format!("{TASKS}?{filter}&limit=2")).await.expect(200).body();
        assert_eq!(page.items.iter().map(|task| task.number).collect::<Vec<_>>(), [2502, 2501]);
    }
    // Each is found by the first index that gives few.
    let bob = world.member(team, "bob", "member").await;
    let sql = "INSERT INTO tasks.tasks (id, team_id, number, title, status, created_by, assignees)
               VALUES (gen_random_uuid(), $1, 2503, 'common of bob', 'pending', $2::uuid, ARRAY[$2::uuid])";
    admin.execute(sql, &[&team.uuid(), &bob.id.uuid()]).await.unwrap();
    let of_bob = format!("assignee={}", bob.id);
    for (filter, number) in [
        (format!("q=common&{of_bob}"), Some(2503)),
        (format!("q=common&{of_bob}&{label}"), None),
        (format!("q=first&{assignee}"), None),
        (format!("q=2345&{assignee}"), Some(2345)),
        (format!("q=2345&{assignee}&{label}"), Some(2345)),
        (format!("q=2345&{of_bob}"), None),
    ] {
        let page: Page<TaskView> = alice.api.get(&format!("{TASKS}?{filter}&sort=due")).await.expect(200).body();
        let numbers = page.items.iter().map(|task| task.number).collect::<Vec<_>>();
        assert_eq!(numbers, number.into_iter().collect::<Vec<_>>(), "{filter}");
        let counts: TaskCounts = alice.api.get(&format!("{TASKS}/counts?{filter}")).await.expect(200).body();
        assert_eq!(counts.by_status.pending + counts.by_status.completed, i64::from(number.is_some()), "{filter}");
    }
}

#[tokio::test]
async fn counts_have_a_tag_that_changes_with_the_team_and_are_for_members() {
    let (world, alice, _) = World::with("member").await;
    let counts = format!("{TASKS}/counts");
    let answer = alice.api.get(&counts).await.expect(200);
    let zero: Value = json!({"pending": 0, "in_progress": 0, "blocked": 0, "completed": 0, "cancelled": 0});
    assert_eq!(answer.json, json!({"by_status": zero}));
    let conditional = alice.api.with_header("if-none-match", answer.header("etag"));
    conditional.get(&counts).await.expect(304);
    conditional.get(&format!("{counts}?assignee=me")).await.expect(200);
    conditional.get(TASKS).await.expect(200);
    alice.titled("a").await;
    assert_eq!(conditional.get(&counts).await.expect(200).json["by_status"]["pending"], 1);
    world.person("eve").await.api.get(&counts).await.is_problem(404, "not-found");
    for bad in ["limit=1", "sort=due", "status=done", "cursor=a"] {
        alice.api.get(&format!("{counts}?{bad}")).await.is_problem(400, "`");
    }
}

#[tokio::test]
async fn me_is_the_caller_also_where_pages_are_kept() {
    let (world, alice, team) = World::with("member").await;
    let bob = world.member(team, "bob", "member").await;
    let _ = alice.task(json!({"title": "of alice", "assignees": [alice.id]})).await;
    let _ = alice.task(json!({"title": "of bob", "assignees": [bob.id]})).await;
    for _ in 0..2 {
        for (who, title) in [(&alice, "of alice"), (&bob, "of bob")] {
            let page: Page<TaskView> = who.api.get(&format!("{TASKS}?assignee=me")).await.expect(200).body();
            assert_eq!(page.items.iter().map(|task| task.title.as_str()).collect::<Vec<_>>(), [title]);
        }
    }
}

//! What is there, held against what was acknowledged and what must have come of it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use e2e::Cluster;
use serde_json::Value;
use testkit::eventually;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::ledger::Ledger;

/// How long the effects of what was written may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What isn't as it should be, one line each.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Acknowledged, but not there, or not seen by a later read.
    pub(crate) missing: BTreeSet<String>,
    /// Written, but without its notification.
    pub(crate) effects_missing: BTreeSet<String>,
    /// Written twice, told twice, or told without a reason.
    pub(crate) doubled: BTreeSet<String>,
    /// How many effects there are in all.
    pub(crate) effects: usize,
}

impl Findings {
    /// Those that weren't known yet.
    pub(crate) fn without(&self, known: &Self) -> Self {
        let new = |all: &BTreeSet<String>, known: &BTreeSet<String>| all.difference(known).cloned().collect();
        Self {
            missing: new(&self.missing, &known.missing),
            effects_missing: new(&self.effects_missing, &known.effects_missing),
            doubled: new(&self.doubled, &known.doubled),
            effects: self.effects - known.effects,
        }
    }

    /// Remembers these too.
    pub(crate) fn add(&mut self, new: &Self) {
        self.missing.extend(new.missing.iter().cloned());
        self.effects_missing.extend(new.effects_missing.iter().cloned());
        self.doubled.extend(new.doubled.iter().cloned());
        self.effects += new.effects;
    }

    /// Each with what it is.
    pub(crate) fn all(&self) -> impl Iterator<Item = String> {
        let line = |what: &'static str| move |finding: &String| format!("{what}: {finding}");
        let missing = self.missing.iter().map(line("acknowledged, but missing"));
        let effects = self.effects_missing.iter().map(line("an effect is missing"));
        missing.chain(effects).chain(self.doubled.iter().map(line("doubled")))
    }
}

/// Waits until nothing is left to do.
///
/// # Panics
/// When something still is after two minutes.
pub(crate) async fn settled(cluster: &Cluster) {
    let admin = cluster.postgres.admin().await;
    eventually("every event has had its effects", PATIENCE, async || {
        let left: i64 = admin.query_one("SELECT count(*) FROM tasks.outbox", &[]).await.ok()?.get(0);
        (left == 0).then_some(())
    })
    .await;
}

/// An event of the log, as far as it matters here.
struct Event {
    team: Uuid,
    revision: i64,
    task: Uuid,
    actor: Uuid,
    version: i64,
    title: String,
    status: String,
    assignees: Vec<Uuid>,
    /// Who is to be told of it.
    told: Vec<Uuid>,
}

/// Everything, from the beginning of the run: what was there after one fault must still be there after the next.
pub(crate) async fn all(cluster: &Cluster, ledger: &Ledger, poison: i64) -> Findings {
    let admin = cluster.postgres.admin().await;
    let events = events(&admin).await;
    let mut findings = Findings::default();
    logs(&admin, &events, &mut findings).await;
    acknowledged(&events, ledger, &mut findings);
    effects(&admin, &events, &mut findings).await;
    dead_letters(&admin, poison, &mut findings).await;
    findings
}

async fn events(admin: &Client) -> Vec<Event> {
    let rows = admin.query("SELECT team_id, revision, task_id, actor_id, type, data FROM tasks.events", &[]).await;
    let people = |json: &Value| -> Vec<Uuid> {
        json.as_array().into_iter().flatten().map(|id| id.as_str().unwrap().parse().unwrap()).collect()
    };
    let event = |row: tokio_postgres::Row| {
        let (actor, kind, data): (Uuid, String, Value) = (row.get(3), row.get(4), row.get(5));
        let assignees = people(&data["task"]["assignees"]);
        let before = people(&data["previous"]["assignees"]);
        let changed = kind == "task.created" || !data["previous"]["assignees"].is_null();
        let told = assignees.iter().filter(|user| changed && **user != actor && !before.contains(user)).copied();
        Event {
            team: row.get(0),
            revision: row.get(1),
            task: row.get(2),
            actor,
            version: data["task"]["version"].as_i64().unwrap(),
            title: data["task"]["title"].as_str().unwrap().to_owned(),
            status: data["task"]["status"].as_str().unwrap().to_owned(),
            told: told.collect(),
            assignees,
        }
    };
    rows.unwrap().into_iter().map(event).collect()
}

/// Each team's log has revisions 1 to n, each task versions 1 to n, and no task was made twice.
async fn logs(admin: &Client, events: &[Event], findings: &mut Findings) {
    let (mut revisions, mut versions) = (HashMap::<Uuid, BTreeSet<i64>>::new(), HashMap::<Uuid, Vec<i64>>::new());
    let mut made = HashMap::new();
    for event in events {
        revisions.entry(event.team).or_default().insert(event.revision);
        versions.entry(event.task).or_default().push(event.version);
        if event.version == 1 && made.insert(&event.title, event.task).is_some() {
            findings.doubled.insert(format!("task {:?} was made twice (by {})", event.title, event.actor));
        }
    }
    for row in admin.query("SELECT team_id, revision FROM tasks.team_log", &[]).await.unwrap() {
        let (team, last): (Uuid, i64) = (row.get(0), row.get(1));
        let there = revisions.remove(&team).unwrap_or_default();
        findings.missing.extend((1..=last).filter(|n| !there.contains(n)).map(|n| format!("revision {n} of {team}")));
        let beyond = there.range(last + 1..).map(|n| format!("revision {n} of {team}, which ends with {last}"));
        findings.doubled.extend(beyond);
    }
    for row in admin.query("SELECT id, version FROM tasks.tasks", &[]).await.unwrap() {
        let (task, last): (Uuid, i64) = (row.get(0), row.get(1));
        let mut there = versions.remove(&task).unwrap_or_default();
        there.sort_unstable();
        if there != (1..=last).collect::<Vec<_>>() {
            findings.doubled.insert(format!("task {task} has version {last}, and events of versions {there:?}"));
        }
    }
    findings.missing.extend(versions.into_keys().map(|task| format!("task {task}, of which the log tells")));
}

/// Each write that a client was told of is in the log as the client asked for it.
fn acknowledged(events: &[Event], ledger: &Ledger, findings: &mut Findings) {
    let there: HashMap<(Uuid, i64), &Event> = events.iter().map(|event| ((event.task, event.version), event)).collect();
    for write in ledger.acknowledged() {
        let as_told = there.get(&(write.task.parse().unwrap(), write.version)).is_some_and(|event| {
            let assignees: Vec<Uuid> = write.assignee.iter().map(|user| user.parse().unwrap()).collect();
            event.title == write.title && event.status == write.status && event.assignees == assignees
        });
        if !as_told {
            findings.missing.insert(format!("{write:?}"));
        }
    }
    findings.missing.extend(ledger.unseen());
}

/// Each event has told whom it must, once, and nobody was told of anything else.
async fn effects(admin: &Client, events: &[Event], findings: &mut Findings) {
    let mut told = HashMap::<(Uuid, i64, Uuid), usize>::new();
    let mut of_task = HashSet::new();
    let sql = "SELECT team_id, revision, user_id, task_id FROM delivery.notifications";
    for row in admin.query(sql, &[]).await.unwrap() {
        let (team, revision, user, task): (Uuid, i64, Uuid, Uuid) = (row.get(0), row.get(1), row.get(2), row.get(3));
        *told.entry((team, revision, user)).or_default() += 1;
        // Nobody is given the same task twice.
        if !of_task.insert((user, task)) {
            findings.doubled.insert(format!("{user} was told twice of task {task}"));
        }
    }
    findings.effects = told.values().sum();
    for event in events {
        for user in &event.told {
            let what = format!("revision {} of {} for {user}", event.revision, event.team);
            match told.remove(&(event.team, event.revision, *user)) {
                Some(1) => {}
                Some(_) => drop(findings.doubled.insert(what)),
                None => drop(findings.effects_missing.insert(what)),
            }
        }
    }
    let for_nothing = told.into_keys().map(|(team, revision, user)| {
        format!("{user} was told of revision {revision} of {team}, which gave them nothing")
    });
    findings.doubled.extend(for_nothing);
}

/// No event was given up, and what was put into the stream to be put aside was.
async fn dead_letters(admin: &Client, poison: i64, findings: &mut Findings) {
    let aside = "SELECT count(*) FROM delivery.dead_letters WHERE team_id IS NULL";
    eventually("what is no event is put aside", PATIENCE, async || {
        (admin.query_one(aside, &[]).await.unwrap().get::<_, i64>(0) == poison).then_some(())
    })
    .await;
    let given_up = "SELECT team_id, revision, error FROM delivery.dead_letters WHERE team_id IS NOT NULL";
    for row in admin.query(given_up, &[]).await.unwrap() {
        let (team, revision, error): (Uuid, i64, String) = (row.get(0), row.get(1), row.get(2));
        findings.effects_missing.insert(format!("revision {revision} of {team} is a dead letter: {error}"));
    }
}

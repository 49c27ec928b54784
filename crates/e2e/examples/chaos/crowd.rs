//! Those who use TaskHub meanwhile: writers and readers, each at a steady pace.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use e2e::{Cluster, Person};
use reqwest::Method;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::client::{Answer, Client, Request, Tried, random};
use crate::ledger::{Ledger, Write};
use crate::outage::{Kind, Sample};

const TEAMS: usize = 4;
/// Two in each team write, one request after another: 40 a second in all.
const WRITE_EVERY: Duration = Duration::from_millis(200);
/// And both read, beside it: 80 a second.
const READ_EVERY: Duration = Duration::from_millis(100);

/// Everybody, with what they remember.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub(crate) ledger: Arc<Ledger>,
    members: Vec<Arc<Member>>,
    poison: AtomicI64,
}

#[derive(Debug)]
struct Member {
    id: String,
    /// Another member of the team, who gets what this one assigns.
    other: String,
    team: String,
    client: Client,
    written: AtomicU64,
}

/// Requests that are going on.
#[derive(Debug)]
pub(crate) struct Load {
    stop: watch::Sender<bool>,
    clients: JoinSet<()>,
    samples: Arc<Mutex<Vec<Sample>>>,
}

impl Crowd {
    /// Signs everybody up, two to a team.
    pub(crate) async fn gather(cluster: &Cluster) -> Self {
        let (api, mut members) = (cluster.api(), Vec::new());
        for number in 0..TEAMS {
            let team = format!("team{number}");
            let (one, two) = (Person::sign_up_at(&api, "one").await, Person::sign_up_at(&api, "two").await);
            one.make_team(&team).await;
            one.bring(&team, &two, "member").await;
            for (person, other) in [(&one, &two), (&two, &one)] {
                members.push(Arc::new(Member {
                    id: person.id.clone(),
                    other: other.id.clone(),
                    team: team.clone(),
                    client: Client::new(&cluster.url(), &person.token),
                    written: AtomicU64::new(0),
                }));
            }
        }
        Self { ledger: Arc::default(), members, poison: AtomicI64::new(0) }
    }

    /// Somebody's token and team, for requests of another kind.
    pub(crate) fn somebody(&self) -> (&Client, &str) {
        (&self.members[0].client, &self.members[0].team)
    }

    /// Messages that were put into the stream to be put aside.
    pub(crate) fn poison(&self) -> i64 {
        self.poison.load(Ordering::Relaxed)
    }

    pub(crate) fn poisoned(&self) {
        self.poison.fetch_add(1, Ordering::Relaxed);
    }

    /// Everybody begins.
    pub(crate) fn start(&self) -> Load {
        let (stop, samples, mut clients) = (watch::Sender::new(false), Arc::default(), JoinSet::new());
        for (number, member) in self.members.iter().enumerate() {
            for kind in [Kind::Write, Kind::Read] {
                let client = (number, kind);
                let (member, ledger, samples) = (member.clone(), self.ledger.clone(), Arc::clone(&samples));
                let stopped = stop.subscribe();
                clients.spawn(async move { member.go_on(client, &ledger, &samples, stopped).await });
            }
        }
        Load { stop, clients, samples }
    }
}

impl Load {
    /// Everybody finishes what they are at; gives what they met with.
    pub(crate) async fn stop(self) -> Vec<Sample> {
        self.stop.send_replace(true);
        self.clients.join_all().await;
        Arc::into_inner(self.samples).unwrap().into_inner().unwrap()
    }
}

/// A task that a writer is at.
#[derive(Clone, Debug)]
struct AtWork {
    write: Write,
    step: usize,
}

impl Member {
    async fn go_on(
        &self,
        (number, kind): (usize, Kind),
        ledger: &Ledger,
        samples: &Mutex<Vec<Sample>>,
        stopped: watch::Receiver<bool>,
    ) {
        let mut clock = interval(if kind == Kind::Write { WRITE_EVERY } else { READ_EVERY });
        // Whoever had to wait doesn't make up for it.
        clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
        tokio::time::sleep(Duration::from_millis(random(100))).await;
        let (mut at, mut turn) = (None, 0);
        while !*stopped.borrow() {
            clock.tick().await;
            let tried = match kind {
                Kind::Write => self.write(&mut at, ledger).await,
                Kind::Read => self.read(turn, ledger).await,
            };
            turn += 1;
            samples.lock().unwrap().push(Sample::of((number, kind), &tried));
        }
    }

    fn tasks(&self) -> String {
        format!("/api/v1/teams/{}/tasks", self.team)
    }

    /// The next step with the task in hand, or a new task.
    async fn write(&self, at: &mut Option<AtWork>, ledger: &Ledger) -> Tried {
        let (next, request) = match at.take() {
            Some(work) if work.step < 3 => self.change(work),
            _ => self.create(),
        };
        let tried = self.client.send(&request).await;
        let made = match &tried.result {
            Err(_) => {
                ledger.unsure();
                None
            }
            Ok(answer) => next.made_by(answer, tried.again),
        };
        match (made, &tried.result) {
            (Some(work), _) => {
                ledger.acknowledge(work.write.clone());
                *at = Some(work);
            }
            (None, Ok(answer)) => {
                let Answer { status, json, .. } = answer;
                ledger.note(format!("{} {}: {status} {json}", request.method, request.path));
            }
            (None, Err(_)) => {}
        }
        tried
    }

    fn create(&self) -> (AtWork, Request) {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let title = format!("{} writes {number}", self.id);
        let assignee = number.is_multiple_of(2).then(|| self.other.clone());
        let body = json!({"title": title, "assignees": assignee.as_slice()});
        let header = Some(("idempotency-key", title.clone()));
        let request = Request { method: Method::POST, path: self.tasks(), body: Some(body), header };
        let (team, task) = (self.team.clone(), String::new());
        (AtWork { write: Write { team, task, version: 1, title, status: "pending", assignee }, step: 0 }, request)
    }

    fn change(&self, mut work: AtWork) -> (AtWork, Request) {
        let header = Some(("if-match", format!("\"{}\"", work.write.version)));
        let path = format!("{}/{}", self.tasks(), work.write.task);
        work.write.version += 1;
        work.step += 1;
        let body = if work.step == 2 && work.write.assignee.is_none() {
            work.write.assignee = Some(self.other.clone());
            json!({"assignees": [self.other]})
        } else {
            work.write.status = ["pending", "in_progress", "blocked", "completed"][work.step];
            json!({"status": work.write.status})
        };
        (work, Request { method: Method::PATCH, path, body: Some(body), header })
    }

    /// A task, the tasks, what one was told, and who one is: some of every service.
    async fn read(&self, turn: usize, ledger: &Ledger) -> Tried {
        let task = if turn.is_multiple_of(4) { ledger.any_task(&self.team) } else { None };
        let path = match (&task, turn % 4) {
            (Some((task, _)), _) => format!("{}/{task}", self.tasks()),
            (None, 2) => "/api/v1/notifications?limit=20".to_owned(),
            (None, 3) => "/api/v1/me".to_owned(),
            (None, _) => format!("{}?limit=20", self.tasks()),
        };
        let tried =
            self.client.send(&Request { method: Method::GET, path: path.clone(), body: None, header: None }).await;
        if let Ok(answer) = &tried.result {
            let sees = task.as_ref().is_none_or(|(_, version)| answer.version >= Some(*version));
            if answer.status != 200 || !sees {
                let Answer { status, json, .. } = answer;
                ledger.did_not_see(format!("GET {path} for {task:?}: {status} {json}"));
            }
        }
        tried
    }
}

impl AtWork {
    /// What was made, if this answer says so.
    fn made_by(mut self, answer: &Answer, again: bool) -> Option<Self> {
        if self.write.version == 1 {
            self.write.task = answer.json["id"].as_str().filter(|_| answer.status == 201)?.to_owned();
            return Some(self);
        }
        // Nobody else changes it: when the second try finds the next version there, the first had made it.
        let made = answer.status == 200 || (answer.status == 412 && again);
        (made && answer.version == Some(self.write.version)).then_some(self)
    }
}

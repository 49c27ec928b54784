//! What the clients were told: each write that was acknowledged, to be looked for afterwards.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::client::random;

/// A write that a client was told has been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) team: String,
    pub(crate) task: String,
    /// Which version of the task it made.
    pub(crate) version: i64,
    pub(crate) title: String,
    pub(crate) status: &'static str,
    /// Who was to do it afterwards.
    pub(crate) assignee: Option<String>,
}

/// All that is remembered; shared by all clients.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    acknowledged: Vec<Write>,
    /// The tasks of a team, to read one of them.
    of_team: HashMap<String, Vec<String>>,
    /// The last version of each task that was acknowledged.
    versions: HashMap<String, i64>,
    /// Writes of which nobody knows whether they happened: they may, but only once and with all their effects.
    unsure: u64,
    strange: Vec<String>,
    /// Reads that didn't show what had been acknowledged before.
    unseen: Vec<String>,
}

/// How much there is of each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) acknowledged: u64,
    pub(crate) unsure: u64,
    pub(crate) strange: u64,
}

impl Counts {
    /// What has come since then.
    pub(crate) fn since(self, before: &Self) -> Self {
        Self {
            acknowledged: self.acknowledged - before.acknowledged,
            unsure: self.unsure - before.unsure,
            strange: self.strange - before.strange,
        }
    }
}

impl Ledger {
    /// A client was told that this has been made.
    pub(crate) fn acknowledge(&self, write: Write) {
        let mut kept = self.kept.lock().unwrap();
        if write.version == 1 {
            kept.of_team.entry(write.team.clone()).or_default().push(write.task.clone());
        }
        kept.versions.insert(write.task.clone(), write.version);
        kept.acknowledged.push(write);
    }

    /// A client was told nothing.
    pub(crate) fn unsure(&self) {
        self.kept.lock().unwrap().unsure += 1;
    }

    /// A client was told what can't be.
    pub(crate) fn note(&self, what: String) {
        self.kept.lock().unwrap().strange.push(what);
    }

    /// A read didn't show what had been acknowledged before it began.
    pub(crate) fn did_not_see(&self, what: String) {
        self.kept.lock().unwrap().unseen.push(what);
    }

    /// One of a team's tasks, and the version that it has at least.
    pub(crate) fn any_task(&self, team: &str) -> Option<(String, i64)> {
        let kept = self.kept.lock().unwrap();
        let tasks = kept.of_team.get(team)?;
        let task = &tasks[usize::try_from(random(tasks.len() as u64)).unwrap()];
        Some((task.clone(), kept.versions[task]))
    }

    pub(crate) fn acknowledged(&self) -> Vec<Write> {
        self.kept.lock().unwrap().acknowledged.clone()
    }

    pub(crate) fn unseen(&self) -> Vec<String> {
        self.kept.lock().unwrap().unseen.clone()
    }

    pub(crate) fn strange(&self) -> Vec<String> {
        self.kept.lock().unwrap().strange.clone()
    }

    pub(crate) fn counts(&self) -> Counts {
        let kept = self.kept.lock().unwrap();
        Counts { acknowledged: kept.acknowledged.len() as u64, unsure: kept.unsure, strange: kept.strange.len() as u64 }
    }
}

//! Says that something was changed: to worker, which then looks into the outbox, and to every replica's live streams.
//!
//! `NOTIFY` takes a lock of the whole database until its transaction has committed, so within the statements that change
//! tasks it would let only one commit at a time. Instead one task a process rings for all of them: at once after a quiet
//! while, then at most every 5 ms. A ring that is lost costs little: those who listen also look by themselves.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::TeamId;
use platform::postgres::{Pipeline, Statement};
use tokio::sync::Notify;
use tokio::time::sleep;
use uuid::Uuid;

/// What is listened to.
pub(crate) const CHANNEL: &str = "taskhub_events";

/// The least time between two rings.
const PAUSE: Duration = Duration::from_millis(5);
/// The most teams that one ring names; PostgreSQL takes 7,999 bytes. What rings for more, or for nobody, is for all teams.
const MOST: usize = 200;

/// A notification needs no flush to disk: nobody misses one after a crash, as nobody is connected then.
static RING: Statement = Statement::write(
    "ring",
    "SELECT pg_notify('taskhub_events', $1::text) FROM set_config('synchronous_commit', 'off', true)",
);

/// Rung after each change; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bell {
    rung: Arc<Notify>,
    teams: Arc<Mutex<HashSet<Uuid>>>,
}

impl Bell {
    /// Says that a change of a team was committed. Never waits.
    pub(crate) fn ring(&self, team: TeamId) {
        if let Ok(mut teams) = self.teams.lock() {
            teams.insert(team.uuid());
        }
        self.rung.notify_one();
    }

    /// Passes rings on until the process ends.
    pub(crate) async fn send(self, database: Pipeline) {
        loop {
            self.rung.notified().await;
            let teams = self.teams.lock().map(|mut teams| std::mem::take(&mut *teams)).unwrap_or_default();
            if let Err(error) = database.query(&RING, &[&spell(&teams)]).await {
                tracing::debug!(%error, "nobody was told of a change");
            }
            sleep(PAUSE).await;
        }
    }
}

fn spell(teams: &HashSet<Uuid>) -> String {
    if teams.len() > MOST {
        return String::new();
    }
    teams.iter().map(|team| team.simple().to_string()).collect::<Vec<_>>().join(",")
}

/// The teams that a ring names; `None` when it may be any, as with a ring of another release.
pub(crate) fn heard(payload: &str) -> Option<Vec<Uuid>> {
    payload.split(',').map(|team| Uuid::try_parse(team).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_names_its_teams_or_means_all() {
        let teams: HashSet<Uuid> = (0..MOST).map(|_| Uuid::now_v7()).collect();
        let payload = spell(&teams);
        assert!(payload.len() < 8000);
        assert_eq!(heard(&payload).unwrap().into_iter().collect::<HashSet<_>>(), teams);
        let more: HashSet<Uuid> = (0..=MOST).map(|_| Uuid::now_v7()).collect();
        assert_eq!(heard(&spell(&more)), None);
        assert_eq!((heard(""), heard("x"), heard(",")), (None, None, None));
    }
}

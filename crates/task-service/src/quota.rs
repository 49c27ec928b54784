//! How much may be changed in a team in a minute.
//!
//! Each change adds an event to the log with the task as it then is: a request of a few bytes can store many. So both are
//! counted, the changes and the bytes that they store, each as a GCRA of this process: a whole minute's worth may come at
//! once, then as much as a minute's worth spread over the minute. A change is charged when it is committed, as only then its
//! team and size are known; the next one waits for what it has taken.
//!
//! A team is refused only to those who changed something in it within the last minute. Whoever isn't in a team learns
//! nothing of it, not even that it is busy.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::problem::{Code, Problem};
use moka::sync::Cache;
use uuid::Uuid;

use crate::metrics::REFUSED;
use crate::settings::QuotaSettings;

const MINUTE: Duration = Duration::from_secs(60);
/// How many teams, and how many names of teams as their members use them, are remembered. What falls out begins anew.
const MOST: u64 = 100_000;
/// What an event and its rows take beside its texts, roughly.
const EVENT_BYTES: usize = 1024;

/// What was used of each team's quota; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Quota {
    settings: QuotaSettings,
    /// By team. Forgotten when as much is free as can be.
    used: Cache<Uuid, Arc<Mutex<Used>>>,
    /// The team that a user means by a name.
    named: Cache<(Uuid, String), Uuid>,
}

/// Until when each quota is used up, at the pace that it allows: as far in the future as was used beyond that pace.
#[derive(Clone, Copy, Debug)]
struct Used {
    changes: Instant,
    bytes: Instant,
}

impl Quota {
    pub(crate) fn new(settings: QuotaSettings) -> Self {
        // One change takes far less than a minute's worth, so twice a minute covers what was used at most.
        let used = Cache::builder().max_capacity(MOST).time_to_idle(2 * MINUTE).build();
        let named = Cache::builder().max_capacity(MOST).time_to_idle(2 * MINUTE).build();
        Self { settings, used, named }
    }

    /// Whether the user may change something in the team that they name so.
    ///
    /// # Errors
    /// 429, with the seconds after which there is room again.
    pub(crate) fn admit(&self, user: Uuid, name: String) -> Result<(), Problem> {
        let Some(used) = self.named.get(&(user, name)).and_then(|team| self.used.get(&team)) else { return Ok(()) };
        let Ok(used) = used.lock().map(|used| *used) else { return Ok(()) };
        let over = used.changes.max(used.bytes).saturating_duration_since(Instant::now() + MINUTE);
        if over.is_zero() {
            return Ok(());
        }
        REFUSED.inc();
        let QuotaSettings { changes_per_minute, mib_per_minute } = self.settings;
        let detail = if used.changes > used.bytes {
            format!("More than {changes_per_minute} changes in a minute were made in this team.")
        } else {
            format!("The changes of this team stored more than {mib_per_minute} MiB in a minute.")
        };
        let seconds = u32::try_from(over.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        Err(Problem::new(Code::TooManyRequests, detail).retry_after(seconds))
    }

    /// Counts a change whose event stores texts of so many bytes.
    pub(crate) fn charge(&self, user: Uuid, name: String, team: Uuid, text_bytes: usize) {
        let QuotaSettings { changes_per_minute, mib_per_minute } = self.settings;
        let now = Instant::now();
        let used = self.used.get_with(team, || Arc::new(Mutex::new(Used { changes: now, bytes: now })));
        if let Ok(mut used) = used.lock() {
            let bytes = EVENT_BYTES.saturating_add(text_bytes) as f64;
            used.changes = used.changes.max(now) + share(1.0, f64::from(changes_per_minute));
            used.bytes = used.bytes.max(now) + share(bytes, f64::from(mib_per_minute) * f64::from(1 << 20));
        }
        self.named.insert((user, name), team);
    }
}

/// The part of a minute in which so much is allowed; nothing where anything is.
fn share(amount: f64, per_minute: f64) -> Duration {
    if per_minute > 0.0 { MINUTE.mul_f64(amount / per_minute) } else { Duration::ZERO }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(changes_per_minute: u32, mib_per_minute: u32) -> Quota {
        Quota::new(QuotaSettings { changes_per_minute, mib_per_minute })
    }

    /// How many changes of so many bytes are admitted at once.
    fn admitted(quota: &Quota, user: Uuid, team: Uuid, bytes: usize) -> usize {
        (0..1000)
            .take_while(|_| {
                let fine = quota.admit(user, "ops".to_owned()).is_ok();
                if fine {
                    quota.charge(user, "ops".to_owned(), team, bytes);
                }
                fine
            })
            .count()
    }

    #[test]
    fn a_minutes_worth_of_changes_or_bytes_may_come_at_once() {
        let (user, team) = (Uuid::now_v7(), Uuid::now_v7());
        // What is charged afterwards lets one more pass, and what has passed meanwhile another.
        assert!((20..=22).contains(&admitted(&quota(20, 0), user, team, 0)));
        assert!((16..=18).contains(&admitted(&quota(0, 1), user, team, 64 << 10)));
        assert_eq!(admitted(&quota(0, 0), user, team, 1 << 20), 1000);
    }

    #[test]
    fn the_refusal_says_what_was_used_up_and_when_to_come_again() {
        let (quota, user, team) = (quota(6, 64), Uuid::now_v7(), Uuid::now_v7());
        admitted(&quota, user, team, 0);
        let problem = quota.admit(user, "ops".to_owned()).unwrap_err();
        assert_eq!(problem.code, Code::TooManyRequests);
        assert!(problem.detail.contains("6 changes"), "{}", problem.detail);
        // One of six a minute is free after 10 s.
        assert!((1..=11).contains(&problem.retry_after_s.unwrap()), "{:?}", problem.retry_after_s);
    }

    #[test]
    fn who_changed_nothing_in_a_team_is_told_nothing_of_it() {
        let (quota, user, team) = (quota(3, 64), Uuid::now_v7(), Uuid::now_v7());
        admitted(&quota, user, team, 0);
        assert!(quota.admit(Uuid::now_v7(), "ops".to_owned()).is_ok());
        assert!(quota.admit(user, "another".to_owned()).is_ok());
        assert!(quota.admit(user, "ops".to_owned()).is_err());
    }
}

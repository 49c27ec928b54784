//! What is logged of an outage, and when connections are tried again meanwhile.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::time::sleep;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Between two attempts that a waiting request causes.
const ASKED_EVERY: Duration = Duration::from_secs(1);
/// A reason isn't logged again for this long where connections come and go.
const SAID_FOR: Duration = Duration::from_secs(60);

/// Whether PostgreSQL can be reached, as seen by all connections of one process.
#[derive(Debug, Default)]
pub(super) struct Outage {
    state: Mutex<State>,
    /// Wakes connections that wait for the next attempt.
    again: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Whether the last attempt failed.
    away: bool,
    /// Whether anything was logged of this outage.
    logged: bool,
    /// When each reason was logged.
    said: HashMap<String, Instant>,
    asked_at: Option<Instant>,
}

impl Outage {
    /// An attempt to connect failed. Each reason is logged once an outage.
    pub(super) fn failed(&self, reason: String) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut state.away, true) {
            state.logged = false;
            state.said.retain(|_, at| at.elapsed() < SAID_FOR);
        }
        if !state.said.contains_key(&reason) {
            tracing::warn!(reason, "PostgreSQL can't be reached");
            state.logged = true;
            state.said.insert(reason, Instant::now());
        }
    }

    /// An attempt succeeded: the others needn't wait any longer.
    pub(super) fn connected(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut state.away, false) {
            if state.logged {
                tracing::info!("PostgreSQL can be reached again");
            }
            self.again.notify_waiters();
        }
    }

    /// A request waits for a connection: one of them is tried at once, though not more often than once a second.
    pub(super) fn asked(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.away && state.asked_at.is_none_or(|at| at.elapsed() >= ASKED_EVERY) {
            state.asked_at = Some(Instant::now());
            self.again.notify_one();
        }
    }
}

/// The pauses between one connection's attempts: they double up to ten seconds, and half of each is chance, so that the
/// connections of many processes don't come back at the same moment.
#[derive(Debug)]
pub struct Backoff {
    outage: Arc<Outage>,
    pause: Duration,
}

impl Backoff {
    pub(super) fn new(outage: Arc<Outage>) -> Self {
        Self { outage, pause: FIRST_PAUSE }
    }

    /// Waits for the next attempt: until the pause is over, another connection has succeeded, or a request asks.
    pub async fn wait(&mut self) {
        let pause = self.pause.mul_f64(0.5 + chance() / 2.0);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        tokio::select! {
            () = sleep(pause) => {}
            () = self.outage.again.notified() => {}
        }
    }

    /// An attempt succeeded.
    pub fn reset(&mut self) {
        self.pause = FIRST_PAUSE;
    }
}

/// From 0 to 1.
fn chance() -> f64 {
    f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX)
}

/// An error with all its causes, in one line.
pub(super) fn with_causes(error: &dyn Error) -> String {
    let (mut text, mut error) = (error.to_string(), error.source());
    while let Some(cause) = error {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        error = cause.source();
    }
    text
}

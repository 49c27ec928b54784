//! Wakes worker when there is something new in the outbox.
//!
//! `NOTIFY` takes a lock of the whole database until its transaction has committed, so within the statements that change
//! tasks it would let only one commit at a time. Instead one task a process rings for all of them: at once after a quiet
//! while, then at most every 5 ms. A ring that is lost costs little: worker also looks by itself.

use std::sync::Arc;
use std::time::Duration;

use platform::postgres::{Pipeline, Statement};
use tokio::sync::Notify;
use tokio::time::sleep;

/// The least time between two rings.
const PAUSE: Duration = Duration::from_millis(5);

/// A notification needs no flush to disk: nobody misses one after a crash, as nobody is connected then.
static RING: Statement = Statement::write(
    "ring",
    "SELECT pg_notify('taskhub_events', '') FROM set_config('synchronous_commit', 'off', true)",
);

/// Rung after each change; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bell {
    rung: Arc<Notify>,
}

impl Bell {
    /// Says that a change was committed. Never waits.
    pub(crate) fn ring(&self) {
        self.rung.notify_one();
    }

    /// Passes rings on to worker until the process ends.
    pub(crate) async fn send(self, database: Pipeline) {
        loop {
            self.rung.notified().await;
            if let Err(error) = database.query(&RING, &[]).await {
                tracing::debug!(%error, "worker was not woken");
            }
            sleep(PAUSE).await;
        }
    }
}

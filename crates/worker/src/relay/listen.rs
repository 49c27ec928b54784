//! Hearing of new events at once: `LISTEN taskhub_events` on a connection of its own.

use std::sync::Arc;
use std::time::Duration;

use platform::postgres::Connector;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// The channel that a change to a team's log is announced on.
const CHANNEL: &str = "taskhub_events";

const CHECK_EVERY: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(3);

/// Wakes the relay; while it can't, the relay polls.
#[derive(Clone, Debug)]
pub struct Listener {
    connector: Connector,
    wake: Arc<Notify>,
}

impl Listener {
    /// Wakes whoever waits for `wake`.
    #[must_use]
    pub fn new(connector: Connector, wake: Arc<Notify>) -> Self {
        Self { connector, wake }
    }

    /// Listens until `stop`, and connects again when the connection is lost.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut backoff = self.connector.backoff();
        loop {
            tokio::select! {
                listened = self.listen() => match listened {
                    Ok(()) => backoff.reset(),
                    Err(error) => tracing::debug!(error = format!("{error:#}"), "new events can't be heard of"),
                },
                () = stop.cancelled() => return,
            }
            tokio::select! {
                () = backoff.wait() => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Listens until the connection is lost, or has reached its greatest age.
    async fn listen(&self) -> anyhow::Result<()> {
        let wake = self.wake.clone();
        let connect = self.connector.connect_listening(move |_, _| wake.notify_one());
        let (client, mut polled) = connect.await?;
        let old = sleep(self.connector.lifetime());
        tokio::pin!(old);
        timeout(PATIENCE, client.batch_execute(&format!("LISTEN {CHANNEL}"))).await??;
        // What was announced while nobody listened.
        self.wake.notify_one();
        loop {
            tokio::select! {
                _ = &mut polled => return Ok(()),
                () = &mut old => return Ok(()),
                () = sleep(CHECK_EVERY) => timeout(PATIENCE, client.check_connection()).await??,
            }
        }
    }
}

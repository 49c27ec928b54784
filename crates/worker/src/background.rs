//! What runs beside the API: relay, consumers, listener, gauges. Each is started again should it panic.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PAUSE_AFTER_PANIC: Duration = Duration::from_secs(1);

/// Tasks that run until they are stopped, or this value is dropped.
#[derive(Debug, Default)]
pub struct Background {
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Background {
    /// Runs what `work` makes, with the token that tells it to stop.
    pub(crate) fn run<F>(&self, name: &'static str, work: impl Fn(CancellationToken) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            while AssertUnwindSafe(work(stop.clone())).catch_unwind().await.is_err() {
                tracing::error!(task = name, "a background task panicked; it starts again");
                tokio::select! {
                    () = sleep(PAUSE_AFTER_PANIC) => {}
                    () = stop.cancelled() => return,
                }
            }
        });
    }

    /// Begins to stop: no new batch is taken.
    pub fn begin_stop(&self) {
        self.stop.cancel();
    }

    /// Stops, and waits until the batches in hand are done, at most `patience`; false when they aren't then.
    /// What isn't done is carried again.
    pub async fn stop(&self, patience: Duration) -> bool {
        self.begin_stop();
        self.tasks.close();
        timeout(patience, self.tasks.wait()).await.is_ok()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

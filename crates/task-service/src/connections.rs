//! The connections of the worker threads, within the bound of the process.

use std::sync::{Arc, Mutex, PoisonError};

use platform::postgres::{Connector, Pipeline};
use platform::settings::{DatabaseSettings, SettingsError};
use tokio::runtime::Handle;

/// For reading and for writing, for each worker thread, or for several where the bound is low; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    connector: Connector,
    settings: DatabaseSettings,
    share: Share,
    threads: usize,
    /// Where those run that several threads share: a thread that ends would take them along.
    process: Handle,
    handed_out: Arc<Mutex<HandedOut>>,
}

#[derive(Debug, Default)]
struct HandedOut {
    made: Vec<(Pipeline, Pipeline)>,
    next: usize,
}

/// What one of several has of the connections.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Share {
    read: usize,
    write: usize,
    /// How many have so much; more threads than that share.
    of: usize,
}

impl Share {
    /// Shares of `bound` connections for `threads` threads that want so many each.
    fn of(bound: usize, threads: usize, read: usize, write: usize) -> Self {
        let (threads, wanted) = (threads.max(1), read + write);
        let each = (bound / threads).min(wanted);
        if each < 2 {
            return Self { read: 1, write: 1, of: (bound / 2).clamp(1, threads) };
        }
        let read = (each * read / wanted).clamp(1, each - 1);
        Self { read, write: each - read, of: threads }
    }
}

impl Connections {
    /// For so many worker threads; to be called on the process's runtime. Nothing is connected yet. `others` is how many connections
    /// the process may have beside these.
    ///
    /// # Errors
    /// When the settings leave none for these.
    pub(crate) fn new(
        connector: &Connector,
        settings: &DatabaseSettings,
        others: usize,
        threads: usize,
    ) -> Result<Self, SettingsError> {
        let bound = settings.max_connections.saturating_sub(others);
        if bound < 2 {
            let least = others + 2;
            return Err(SettingsError(format!("TASKHUB__DATABASE__MAX_CONNECTIONS must be at least {least} here")));
        }
        let share = Share::of(bound, threads, settings.read_connections.max(1), settings.write_connections.max(1));
        Ok(Self {
            connector: connector.clone(),
            settings: settings.clone(),
            share,
            threads,
            process: Handle::current(),
            handed_out: Arc::default(),
        })
    }

    /// How many they are at most.
    pub(crate) fn at_most(&self) -> usize {
        self.share.of * (self.share.read + self.share.write)
    }

    /// Those of one more worker thread, for reading and for writing; to be called on that thread.
    pub(crate) fn of_thread(&self) -> (Pipeline, Pipeline) {
        let mut handed_out = self.handed_out.lock().unwrap_or_else(PoisonError::into_inner);
        let place = handed_out.next % self.share.of;
        handed_out.next += 1;
        if let Some(made) = handed_out.made.get(place) {
            return made.clone();
        }
        let _shared = (self.share.of < self.threads).then(|| self.process.enter());
        let start = |label, connections| Pipeline::start(label, &self.connector, &self.settings, connections);
        let made = (start("read", self.share.read), start("write", self.share.write));
        handed_out.made.push(made.clone());
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_what_there_is() {
        for (bound, threads, read, write, of) in [
            (25, 2, 2, 8, 2),
            (25, 1, 2, 8, 1),
            (25, 4, 1, 5, 4),
            (25, 12, 1, 1, 12),
            (25, 24, 1, 1, 12),
            (2, 24, 1, 1, 1),
        ] {
            let share = Share::of(bound, threads, 2, 8);
            assert_eq!(share, Share { read, write, of }, "{bound} for {threads}");
            assert!(share.of * (share.read + share.write) <= bound);
        }
    }
}

//! Consumers: batches from the stream become effects, and then they are taken off the stream.

use std::time::{Duration, Instant};

use platform::postgres::Pipeline;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::carried::{Carried, pauses};
use crate::dead_letters;
use crate::effects::{Effects, Outage};
use crate::metrics::{ENVELOPE, FAILED, REDIS_ERRORS};
use crate::settings::EventsSettings;
use crate::stream::{Entry, Poison, Reader, Stream};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// A consumer that has nothing and hasn't been seen for that long belongs to a process that is gone.
const FORGOTTEN: Duration = Duration::from_secs(3600);

/// One lane of work: it takes no batch before it is done with the last, so the number of lanes is the number
/// of batches in hand.
#[derive(Clone, Debug)]
pub struct Consumer {
    name: String,
    stream: Stream,
    effects: Effects,
    db: Pipeline,
    settings: EventsSettings,
}

impl Consumer {
    /// Lane `lane` of this process.
    #[must_use]
    pub fn new(lane: u32, stream: Stream, effects: Effects, db: Pipeline, settings: &EventsSettings) -> Self {
        // In a container the process id is always 1, and a restarted container keeps its host name.
        let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "worker".into());
        let name = format!("{host}-{}-{lane}", Uuid::now_v7().simple());
        Self { name, stream, effects, db, settings: settings.clone() }
    }

    /// Works until `stop`, whatever becomes of Redis meanwhile; a batch in hand is finished.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut pause = pauses(FIRST_PAUSE, LONGEST_PAUSE);
        while !stop.is_cancelled() {
            let mut reader = match self.stream.reader(&self.name).await {
                Ok(reader) => reader,
                Err(error) => {
                    self.lost_redis(&error);
                    rest(pause.next(), stop).await;
                    continue;
                }
            };
            pause = pauses(FIRST_PAUSE, LONGEST_PAUSE);
            if let Err(error) = self.read(&mut reader, stop).await {
                self.lost_redis(&error);
                rest(pause.next(), stop).await;
            }
        }
    }

    fn lost_redis(&self, error: &anyhow::Error) {
        REDIS_ERRORS.with_label_values(&["read"]).inc();
        tracing::warn!(consumer = self.name, error = format!("{error:#}"), "the Redis stream can't be read");
    }

    /// Reads and works until `stop`, or until Redis fails.
    async fn read(&self, reader: &mut Reader, stop: &CancellationToken) -> anyhow::Result<()> {
        let (batch, lease) = (self.settings.batch, self.settings.lease());
        let mut inherited_at: Option<Instant> = None;
        while !stop.is_cancelled() {
            if inherited_at.is_none_or(|at| at.elapsed() > lease / 2) {
                let entries = reader.claim(batch, lease).await?;
                if !entries.is_empty() {
                    tracing::info!(entries = entries.len(), "took over what another consumer had left");
                    self.work(entries, stop).await;
                    continue;
                }
                inherited_at = Some(Instant::now());
                self.stream.sweep(FORGOTTEN).await?;
            }
            let entries = reader.next(batch, stop).await?;
            if !entries.is_empty() {
                self.work(entries, stop).await;
            }
        }
        Ok(())
    }

    /// Makes the effects and takes the entries off the stream. Through an outage of the database it tries
    /// again until the lease is over; then the entries stay where they are, for whoever takes them over.
    async fn work(&self, entries: Vec<Entry>, stop: &CancellationToken) {
        let (mut ids, mut batch, mut poison) =
            (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()), Vec::new());
        for entry in entries {
            ids.push(entry.id);
            match entry.carried {
                Ok(carried) => batch.extend(carried),
                Err(poisoned) => poison.push(poisoned),
            }
        }
        if !poison.is_empty() {
            FAILED.with_label_values(&[ENVELOPE]).inc_by(poison.len() as u64);
        }
        let until = Instant::now() + self.settings.lease();
        let mut pause = pauses(FIRST_PAUSE, LONGEST_PAUSE);
        while let Err(outage) = self.finish(&batch, &poison).await {
            tracing::warn!(events = batch.len(), error = format!("{outage:#}"), "effects have to wait");
            if Instant::now() > until
                && let Err(error) = self.effects.count_slow(&outage, &batch).await
            {
                tracing::warn!(%error, "a failure could not be counted");
            }
            if stop.is_cancelled() || Instant::now() > until {
                return;
            }
            rest(pause.next(), stop).await;
        }
        if let Err(error) = self.stream.settle(&ids).await {
            // They will be read again, and found to be done.
            REDIS_ERRORS.with_label_values(&["ack"]).inc();
            tracing::warn!(%error, "entries that are done could not be taken off the stream");
        }
    }

    async fn finish(&self, batch: &[Carried], poison: &[Poison]) -> Result<(), Outage> {
        let letters: Vec<_> = poison.iter().map(|p| (p.id, p.message.as_str(), p.error.as_str())).collect();
        for (letter, _, error) in &letters {
            tracing::error!(%letter, error, "a message is not an event; it is a dead letter now");
        }
        dead_letters::keep_poison(&self.db, &letters).await?;
        self.effects.make(batch).await
    }
}

/// Sleeps, but not beyond `stop`.
async fn rest(pause: Option<Duration>, stop: &CancellationToken) {
    tokio::select! {
        () = sleep(pause.unwrap_or(LONGEST_PAUSE)) => {}
        () = stop.cancelled() => {}
    }
}

//! From events to their effects: exactly once, a batch at a time.
//!
//! A batch is one statement: it deletes the events' tickets and writes what the events cause. The tickets
//! that it got are the events whose effects it has made; a ticket that is gone was another's, and nothing
//! is written for it. So an event may be carried any number of times, through any replica.
//!
//! A statement that PostgreSQL refuses is tried again in halves until what is refused is one event alone.
//! That event waits for its next attempt, or becomes a dead letter.

mod apply;
mod failure;
mod notification;
mod queries;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::Envelope;
use futures_util::FutureExt;
use platform::postgres::{DbError, Pipeline};
use platform::telemetry;

pub use self::apply::Writes;
pub(crate) use self::failure::is_too_slow;
pub use self::notification::Notify;
use crate::carried::{Carried, retry_after};
use crate::dead_letters::{self, Letter};
use crate::metrics::{CONSUMED, FAILED, LAG};
use crate::settings::EventsSettings;
use failure::Failure;

/// Something that an event causes.
pub trait Effect: Send + Sync + std::fmt::Debug {
    /// Its name in metrics and logs.
    fn name(&self) -> &'static str;

    /// Adds what `event` causes to what the batch writes. A panic here fails this event and no other.
    fn plan(&self, event: &Envelope, writes: &mut Writes);
}

/// The database can't take anything right now: nothing is lost, try again later.
#[derive(Debug, thiserror::Error)]
#[error("the database can't take effects right now: {0:#}")]
pub struct Outage(pub anyhow::Error);

impl Outage {
    /// Whether the database was too slow, rather than away.
    fn is_slow(&self) -> bool {
        self.0.downcast_ref::<DbError>().is_some_and(is_too_slow)
    }
}

/// All effects there are, and the way to make them; cheap to clone.
#[derive(Clone, Debug)]
pub struct Effects {
    all: Arc<[Box<dyn Effect>]>,
    db: Pipeline,
    max_attempts: i32,
    retry_base: Duration,
}

/// An event that failed on its own.
struct Failed<'a> {
    carried: &'a Carried,
    failure: Failure,
}

impl Effects {
    /// These effects, made through `db`.
    #[must_use]
    pub fn new(all: Vec<Box<dyn Effect>>, db: Pipeline, settings: &EventsSettings) -> Self {
        let retry_base = Duration::from_millis(settings.retry_base_ms);
        Self { all: all.into(), db, max_attempts: settings.max_attempts, retry_base }
    }

    /// The names of all effects.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.all.iter().map(|effect| effect.name()).collect()
    }

    /// Makes the effects of these events, each exactly once whoever else is at it; what fails on its own
    /// is put off or given up.
    ///
    /// # Errors
    /// [`Outage`]; some of the events may be done by then, and the batch may be given again.
    pub async fn make(&self, batch: &[Carried]) -> Result<(), Outage> {
        let mut batch: Vec<&Carried> = batch.iter().collect();
        // In one order everywhere, so that two batches with the same tickets can't wait for each other; and
        // each once, or the second's effects would be written under the first's ticket.
        batch.sort_by_key(|c| (c.ticket, c.event.team_id, c.event.revision));
        batch.dedup_by_key(|c| (c.ticket, c.event.team_id, c.event.revision));
        // A statement that is too slow is an outage, unless its events have had their chances.
        let last_chance = batch.iter().any(|carried| carried.attempts + 1 >= self.max_attempts);

        let mut failed = Vec::new();
        let mut parts: Vec<&[&Carried]> = vec![&batch];
        while let Some(part) = parts.pop() {
            match self.attempt(part).await {
                Ok(()) => {}
                Err(Failure::Outage(error)) => return Err(Outage(error)),
                Err(Failure::TooSlow(error)) if !last_chance => return Err(Outage(error)),
                Err(failure) => match part {
                    [one] => failed.push(Failed { carried: one, failure }),
                    many => {
                        let (first, second) = many.split_at(many.len() / 2);
                        parts.extend([second, first]);
                    }
                },
            }
        }
        self.put_off_or_bury(failed).await
    }

    /// Counts a failure for each of these events whose statement was too slow, once a lease: what is slow again and again
    /// is then tried in parts.
    ///
    /// # Errors
    /// [`Outage`].
    pub(crate) async fn count_slow(&self, outage: &Outage, batch: &[Carried]) -> Result<(), Outage> {
        if !outage.is_slow() {
            return Ok(());
        }
        let tickets: Vec<i64> = batch.iter().map(|carried| carried.ticket).collect();
        self.db.query(&queries::COUNT_FAILURE, &[&tickets]).await.map_err(|e| Outage(e.into()))?;
        Ok(())
    }

    /// One statement for all of `part`; a panic is a failure as any other.
    async fn attempt(&self, part: &[&Carried]) -> Result<(), Failure> {
        if part.is_empty() {
            return Ok(());
        }
        let spans: Vec<_> = part.iter().filter_map(|carried| carried.span()).collect();
        let applied = AssertUnwindSafe(apply::apply(&self.db, &self.all, part)).catch_unwind().await;
        let done = applied.unwrap_or_else(|panic| Err(Failure::of_panic(panic.as_ref())));
        let done = done.inspect_err(|_| spans.iter().for_each(telemetry::failed))?;
        drop(spans);
        self.tell(part, &done);
        Ok(())
    }

    /// Counts and logs what is done: `done` has the tickets, in order.
    fn tell(&self, part: &[&Carried], done: &[i64]) {
        let now = chrono::Utc::now();
        let seconds = |c: &Carried| (now - c.event.time).as_seconds_f64().max(0.0);
        let mut oldest: Option<&Carried> = None;
        for carried in part.iter().filter(|c| done.binary_search(&c.ticket).is_ok()) {
            LAG.observe(seconds(carried));
            if oldest.is_none_or(|o| carried.event.time < o.event.time) {
                oldest = Some(carried);
            }
            tracing::debug!(trace_id = carried.trace_id(), event_id = %carried.event.id, kind = %carried.event.kind, "effects made");
        }
        for effect in self.all.iter() {
            CONSUMED.with_label_values(&[effect.name()]).inc_by(done.len() as u64);
        }
        let skipped = part.len().saturating_sub(done.len());
        match oldest {
            Some(oldest) => {
                let lag_ms = (seconds(oldest) * 1e3).round();
                tracing::info!(events = done.len(), skipped, lag_ms, trace_id = oldest.trace_id(), "effects made");
            }
            None => tracing::debug!(skipped, "another replica had made these effects"),
        }
    }

    async fn put_off_or_bury(&self, failed: Vec<Failed<'_>>) -> Result<(), Outage> {
        let (mut later, mut dead) = (Vec::new(), Vec::new());
        for Failed { carried, failure } in failed {
            let max_attempts = self.max_attempts.saturating_mul(failure.patience());
            let error = failure.to_string();
            for effect in self.all.iter() {
                FAILED.with_label_values(&[effect.name()]).inc();
            }
            let (trace_id, event_id, attempts) =
                (carried.trace_id(), carried.event.id, carried.attempts.saturating_add(1));
            if attempts < max_attempts {
                tracing::warn!(trace_id, %event_id, attempts, error, "an event's effects failed; it will be tried again");
                later.push((carried, retry_after(attempts, self.retry_base)));
            } else {
                tracing::error!(trace_id, %event_id, attempts, error, "an event's effects failed; it is a dead letter now");
                dead.push(Letter { attempts, ..Letter::of(carried, error) });
            }
        }
        failure::put_off(&self.db, &later).await?;
        dead_letters::bury(&self.db, &dead).await
    }
}

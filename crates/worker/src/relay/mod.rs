//! Relay: events leave the outbox for the stream.
//!
//! It leases tickets, puts their events into the stream and goes on at once as long as full batches come.
//! Without Redis it makes the effects itself: then nothing is distributed, but nothing waits either. What isn't
//! done when its lease is over is carried again.

mod lease;
mod listen;
mod queries;

use std::sync::Arc;
use std::time::{Duration, Instant};

use platform::postgres::Pipeline;
use tokio::sync::Notify;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

pub use self::listen::Listener;
use crate::carried::{Carried, pauses};
use crate::dead_letters;
use crate::effects::{Effects, Outage};
use crate::metrics::{DIRECT, ENVELOPE, FAILED, PUBLISHED, REDIS_ERRORS};
use crate::settings::EventsSettings;
use crate::stream::Stream;
use lease::Leases;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How long Redis is left alone after it failed: each try may cost a timeout, and events go on without it.
const REDIS_REST: Duration = Duration::from_secs(1);
/// When an event that can't be read is looked at again, perhaps by a replica of a newer release.
const UNREAD_PAUSE: Duration = Duration::from_secs(10);
/// How long to wait before looking again whether the consumers have caught up.
const BACKLOG_PAUSE: Duration = Duration::from_millis(10);

/// Carries events from the outbox into the stream.
#[derive(Clone, Debug)]
pub struct Relay {
    db: Pipeline,
    stream: Stream,
    effects: Effects,
    settings: EventsSettings,
    woken: Arc<Notify>,
}

/// How a round went.
enum Round {
    /// There is more.
    Full,
    /// There was something, and maybe there is more soon.
    Some,
    /// There was nothing.
    Nothing,
    /// The consumers have enough to do.
    Backlogged,
}

impl Relay {
    /// A relay that looks for events when `woken`, and at intervals.
    #[must_use]
    pub fn new(db: Pipeline, stream: Stream, effects: Effects, settings: &EventsSettings, woken: Arc<Notify>) -> Self {
        Self { db, stream, effects, settings: settings.clone(), woken }
    }

    /// Works until `stop`, whatever becomes of Redis and PostgreSQL meanwhile; a batch in hand is finished.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut leases = Leases::new(&self.settings);
        let mut redis_rests_until = None;
        let mut failures = pauses(FIRST_PAUSE, LONGEST_PAUSE);
        let mut why = String::new();
        while !stop.is_cancelled() {
            let round = self.round(&mut leases, &mut redis_rests_until).await;
            let pause = match &round {
                Err(outage) => {
                    // Once an outage, and when the reason changes.
                    let reason = format!("{outage:#}");
                    if why != reason {
                        tracing::warn!(error = reason, "events have to wait");
                        why = reason;
                    }
                    failures.next().unwrap_or(LONGEST_PAUSE)
                }
                Ok(Round::Full) => Duration::ZERO,
                Ok(Round::Some) => Duration::from_millis(self.settings.linger_ms),
                Ok(Round::Nothing) => self.settings.poll_interval(),
                Ok(Round::Backlogged) => BACKLOG_PAUSE,
            };
            if round.is_ok() {
                why.clear();
                failures = pauses(FIRST_PAUSE, LONGEST_PAUSE);
            }
            let idle = matches!(round, Ok(Round::Nothing));
            tokio::select! {
                () = sleep(pause), if !pause.is_zero() => {}
                () = self.woken.notified(), if idle => {}
                () = stop.cancelled(), if !pause.is_zero() => {}
                else => {}
            }
        }
    }

    /// Carries one batch.
    async fn round(&self, leases: &mut Leases, redis_rests_until: &mut Option<Instant>) -> Result<Round, Outage> {
        let rests = redis_rests_until.is_some_and(|until| Instant::now() < until);
        let mut redis_answers = false;
        if !rests {
            match self.stream.backlog().await {
                Ok(backlog) if backlog + u64::from(self.settings.batch) > self.settings.max_in_flight => {
                    return Ok(Round::Backlogged);
                }
                Ok(_) => redis_answers = true,
                Err(error) => lost_redis(&error.into(), redis_rests_until),
            }
        }
        let leased = leases.take(&self.db).await.map_err(|e| Outage(e.into()))?;
        let round = match (leased.count, leased.more) {
            (0, false) => return Ok(Round::Nothing),
            // What is free, another relay is just leasing.
            (0, true) | (_, false) => Round::Some,
            (_, true) => Round::Full,
        };
        if !leased.unfit.is_empty() {
            FAILED.with_label_values(&[ENVELOPE]).inc_by(leased.unfit.len() as u64);
            for letter in &leased.unfit {
                tracing::error!(
                    team_id = %letter.team_id, revision = letter.revision, error = letter.error,
                    "an event can't be put into an envelope; it is a dead letter now"
                );
            }
            dead_letters::bury(&self.db, &leased.unfit).await?;
        }
        if !leased.unread.is_empty() {
            let pause = UNREAD_PAUSE.as_secs_f64();
            self.db.query(&queries::DEFER, &[&leased.unread, &pause]).await.map_err(|e| Outage(e.into()))?;
        }
        self.carry(&leased.fit, redis_answers, redis_rests_until).await?;
        Ok(round)
    }

    /// Through the stream if Redis takes it, else directly. What Redis took before it failed comes twice, and
    /// finds its tickets gone.
    async fn carry(
        &self,
        batch: &[Carried],
        redis_answers: bool,
        redis_rests_until: &mut Option<Instant>,
    ) -> Result<(), Outage> {
        if batch.is_empty() {
            return Ok(());
        }
        if redis_answers {
            match self.stream.add(batch).await {
                Ok(()) => {
                    PUBLISHED.inc_by(batch.len() as u64);
                    return Ok(());
                }
                Err(error) => lost_redis(&error, redis_rests_until),
            }
        }
        if let Err(outage) = self.effects.make(batch).await {
            self.effects.count_slow(&outage, batch).await?;
            return Err(outage);
        }
        DIRECT.inc_by(batch.len() as u64);
        Ok(())
    }
}

fn lost_redis(error: &anyhow::Error, rests_until: &mut Option<Instant>) {
    REDIS_ERRORS.with_label_values(&["add"]).inc();
    tracing::warn!(error = format!("{error:#}"), "Redis can't carry events; their effects are made without it");
    *rests_until = Some(Instant::now() + REDIS_REST);
}

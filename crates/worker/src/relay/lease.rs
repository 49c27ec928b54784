//! Leasing tickets, and the events that belong to them.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Envelope, EventData, EventType};
use platform::postgres::{DbError, Pipeline};
use tokio_postgres::Row;
use uuid::Uuid;

use super::queries::LEASE;
use crate::carried::Carried;
use crate::dead_letters::Letter;
use crate::effects::is_too_slow;
use crate::settings::EventsSettings;

/// Among so many batches of free tickets the teams take turns.
const LOOK_AHEAD: i64 = 20;

/// How much JSON a lease takes, give or take one event.
const BYTES: i64 = 1 << 20;

/// How far below the last ticket leased the next look begins. Tickets are numbered before they are committed,
/// so some of those come late; what comes later still is found by the next look from the beginning.
const SLACK: i64 = 2000;

/// For how long an event that can't be read is deferred before it is a dead letter: longer than any upgrade.
const DEFERRED_FOR: TimeDelta = TimeDelta::hours(24);

/// Where the next tickets are looked for.
///
/// A look from the beginning steps over what is leased already and over the remains of what is done, which may
/// be many until a vacuum. So between two such looks, a poll interval apart, it begins near the end.
#[derive(Debug)]
pub(super) struct Leases {
    settings: EventsSettings,
    from: i64,
    from_beginning_at: Option<Instant>,
    /// How many tickets one lease takes: half as many after one that took too long, and slowly more again.
    size: u32,
}

/// What was leased.
#[derive(Debug, Default)]
pub(super) struct Leased {
    /// How many tickets.
    pub(super) count: usize,
    /// Whether more were free.
    pub(super) more: bool,
    /// The events.
    pub(super) fit: Vec<Carried>,
    /// Those that can't be put into an envelope.
    pub(super) unfit: Vec<Letter>,
    /// The tickets of those that this release can't read: a newer one may be at work already.
    pub(super) unread: Vec<i64>,
}

impl Leases {
    pub(super) fn new(settings: &EventsSettings) -> Self {
        Self { settings: settings.clone(), from: i64::MIN, from_beginning_at: None, size: settings.batch }
    }

    /// Leases the next batch.
    pub(super) async fn take(&mut self, db: &Pipeline) -> Result<Leased, DbError> {
        let beginning = self.from_beginning_at.is_none_or(|at| at.elapsed() >= self.settings.poll_interval());
        let from = if beginning { i64::MIN } else { self.from };
        let rows = self.lease(db, from).await?;
        if beginning {
            self.from_beginning_at = Some(Instant::now());
        }
        let mut leased = Leased::default();
        let (mut left, mut last) = (None, None);
        for row in &rows {
            left = row.try_get::<_, Option<i64>>(10).map_err(refused)?;
            if row.try_get::<_, Option<i64>>(0).map_err(refused)?.is_none() {
                continue;
            }
            let ticket = Ticket::read(row)?;
            last = last.max(Some(ticket.seq));
            leased.count += 1;
            match ticket.event(row) {
                Ok(event) => leased.fit.push(Carried { ticket: ticket.seq, attempts: ticket.attempts, event }),
                Err(Unfit::Unread(error)) if !ticket.is_old(row) => {
                    let (seq, revision, team_id) = (ticket.seq, ticket.revision, ticket.team_id);
                    tracing::warn!(%team_id, revision, error = format!("{error:#}"), "an event can't be read; it is deferred");
                    leased.unread.push(seq);
                }
                Err(Unfit::Unread(error) | Unfit::Broken(error)) => leased.unfit.push(ticket.letter(row, error)),
            }
        }
        if let Some(next) = left.or(last) {
            self.from = next.saturating_sub(SLACK);
        }
        leased.more = left.is_some();
        Ok(leased)
    }

    async fn lease(&mut self, db: &Pipeline, from: i64) -> Result<Vec<Row>, DbError> {
        let (size, ahead) = (i64::from(self.size), LOOK_AHEAD * i64::from(self.settings.batch));
        let rows = db.query(&LEASE, &[&from, &size, &ahead, &self.settings.lease().as_secs_f64(), &BYTES]).await;
        self.size = match &rows {
            Ok(_) => (self.size + self.size.div_ceil(8)).min(self.settings.batch),
            Err(error) if is_too_slow(error) => (self.size / 2).max(1),
            Err(_) => self.size,
        };
        rows
    }
}

fn refused(error: tokio_postgres::Error) -> DbError {
    DbError::Refused { name: LEASE.name, error }
}

/// Why a ticket has no envelope.
#[derive(Debug)]
enum Unfit {
    /// Its type, or a status or field in it, isn't known here. During an upgrade the next release writes such events.
    Unread(anyhow::Error),
    /// It contradicts itself, or isn't there.
    Broken(anyhow::Error),
}

/// The columns of the outbox.
#[derive(Debug)]
struct Ticket {
    seq: i64,
    attempts: i32,
    team_id: Uuid,
    revision: i64,
}

impl Ticket {
    fn read(row: &Row) -> Result<Self, DbError> {
        let read = || {
            Ok(Self {
                seq: row.try_get(0)?,
                attempts: row.try_get(1)?,
                team_id: row.try_get(2)?,
                revision: row.try_get(3)?,
            })
        };
        read().map_err(refused)
    }

    /// Whether an event is so old that no upgrade is the reason why it can't be read.
    fn is_old(&self, row: &Row) -> bool {
        let time = row.try_get::<_, Option<DateTime<Utc>>>(7).ok().flatten();
        time.is_none_or(|time| Utc::now() - time > DEFERRED_FOR)
    }

    /// The event as an envelope.
    fn event(&self, row: &Row) -> Result<Envelope, Unfit> {
        let read = || {
            let kind = row.try_get::<_, Option<&str>>(5)?.map(str::parse::<EventType>).transpose()?;
            let data = row.try_get::<_, Option<&str>>(9)?.map(serde_json::from_str::<EventData>).transpose()?;
            anyhow::Ok(kind.zip(data))
        };
        let read = read().map_err(Unfit::Unread)?;
        self.envelope(row, read).map_err(Unfit::Broken)
    }

    fn envelope(&self, row: &Row, read: Option<(EventType, EventData)>) -> anyhow::Result<Envelope> {
        let (Some(id), Some((kind, data))) = (row.try_get::<_, Option<Uuid>>(4)?, read) else {
            anyhow::bail!("the team's log has no event of this revision");
        };
        anyhow::ensure!(data.task.is_some() == kind.is_about_a_task(), "an event about a task has one");
        let ours = data.task.as_ref().is_none_or(|task| task.team_id.uuid() == self.team_id);
        anyhow::ensure!(ours, "the task is of another team");
        Ok(Envelope {
            id: id.into(),
            kind,
            time: row.try_get::<_, DateTime<Utc>>(7)?,
            team_id: self.team_id.into(),
            revision: self.revision,
            actor_id: row.try_get::<_, Uuid>(6)?.into(),
            traceparent: row.try_get(8)?,
            data,
        })
    }

    #[expect(clippy::needless_pass_by_value, reason = "an error is used up by telling it")]
    fn letter(self, row: &Row, error: anyhow::Error) -> Letter {
        let text = |column| row.try_get::<_, Option<String>>(column).ok().flatten();
        let message = serde_json::json!({"type": text(5), "data": text(9)}).to_string();
        let Self { seq: ticket, attempts, team_id, revision } = self;
        Letter { ticket, team_id, revision, message, error: format!("{error:#}"), attempts }
    }
}

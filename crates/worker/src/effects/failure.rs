//! How effects fail, and what becomes of an event that did.

use std::any::Any;
use std::time::Duration;

use platform::postgres::{DbError, Pipeline};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::{Outage, queries};
use crate::carried::Carried;

/// Why a statement made no effects.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The database is away: it has nothing to do with the events.
    #[error("{0:#}")]
    Outage(anyhow::Error),
    /// It took too long, which may be the database's fault or the events'.
    #[error("{0:#}")]
    TooSlow(anyhow::Error),
    /// The database or the effect said no: an event among them is at fault.
    #[error("{0:#}")]
    Refused(anyhow::Error),
}

impl Failure {
    pub(super) fn refused(error: impl Into<anyhow::Error>) -> Self {
        Self::Refused(error.into())
    }

    /// How many times more attempts than others such a failure is given: a database that is too busy is slow
    /// for any event.
    pub(super) fn patience(&self) -> i32 {
        if matches!(self, Self::TooSlow(_)) { 4 } else { 1 }
    }

    pub(super) fn of_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Self::Refused(anyhow::anyhow!("panicked: {text}"))
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        match &error {
            DbError::Refused { .. } => Self::Refused(error.into()),
            slow if is_too_slow(slow) => Self::TooSlow(error.into()),
            _ => Self::Outage(error.into()),
        }
    }
}

/// Whether the database had the statement and took too long.
pub(crate) fn is_too_slow(error: &DbError) -> bool {
    match error {
        DbError::Late(_) | DbError::Unknown { error: None, .. } => true,
        DbError::Unreachable(Some(cause)) => cause.code() == Some(&SqlState::QUERY_CANCELED),
        _ => false,
    }
}

/// Makes each event wait for its next attempt.
pub(super) async fn put_off(db: &Pipeline, events: &[(&Carried, Duration)]) -> Result<(), Outage> {
    if events.is_empty() {
        return Ok(());
    }
    let tickets: Vec<i64> = events.iter().map(|(c, _)| c.ticket).collect();
    let teams: Vec<Uuid> = events.iter().map(|(c, _)| c.event.team_id.uuid()).collect();
    let revisions: Vec<i64> = events.iter().map(|(c, _)| c.event.revision).collect();
    let pauses: Vec<f64> = events.iter().map(|(_, pause)| pause.as_secs_f64()).collect();
    db.query(&queries::PUT_OFF, &[&tickets, &teams, &revisions, &pauses]).await.map_err(|e| Outage(e.into()))?;
    Ok(())
}

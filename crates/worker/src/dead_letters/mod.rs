//! Events that were given up, with the last error, until somebody has them replayed.

mod queries;
mod replay;

use domain::Envelope;
use platform::postgres::Pipeline;
use uuid::Uuid;

pub use self::replay::{Replayed, replay};
use crate::carried::Carried;
use crate::effects::Outage;

/// Longest message that is kept, in bytes: far beyond any event of ours.
const MAX_MESSAGE: usize = 256 * 1024;

/// An event, or what should have been one, that is given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its ticket.
    pub ticket: i64,
    /// In which team's log the event stands ...
    pub team_id: Uuid,
    /// ... and where.
    pub revision: i64,
    /// The envelope, or what can't be one.
    pub message: String,
    /// Why.
    pub error: String,
    /// How often it was tried.
    pub attempts: i32,
}

impl Letter {
    pub(crate) fn of(carried: &Carried, error: String) -> Self {
        let Carried { ticket, attempts, event } = carried;
        let message = serde_json::to_string::<Envelope>(event).unwrap_or_else(|e| e.to_string());
        let (team_id, revision) = (event.team_id.uuid(), event.revision);
        Self { ticket: *ticket, team_id, revision, message, error, attempts: *attempts }
    }
}

/// Gives events up: their tickets go, and what they were is kept. Whose ticket is gone is done, and is not kept.
///
/// # Errors
/// [`Outage`]; then nothing was changed, or all of it.
pub(crate) async fn bury(db: &Pipeline, letters: &[Letter]) -> Result<(), Outage> {
    if letters.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = letters.iter().map(|_| Uuid::now_v7()).collect();
    let tickets: Vec<i64> = letters.iter().map(|l| l.ticket).collect();
    let teams: Vec<Uuid> = letters.iter().map(|l| l.team_id).collect();
    let revisions: Vec<i64> = letters.iter().map(|l| l.revision).collect();
    let messages: Vec<String> = letters.iter().map(|l| storable(&l.message)).collect();
    let errors: Vec<String> = letters.iter().map(|l| storable(&l.error)).collect();
    let attempts: Vec<i32> = letters.iter().map(|l| l.attempts).collect();
    db.query(&queries::BURY, &[&ids, &tickets, &teams, &revisions, &messages, &errors, &attempts])
        .await
        .map_err(|e| Outage(e.into()))?;
    Ok(())
}

/// Keeps messages that aren't events. An id that is there already is the same message, carried again.
///
/// # Errors
/// [`Outage`].
pub(crate) async fn keep_poison(db: &Pipeline, poison: &[(Uuid, &str, &str)]) -> Result<(), Outage> {
    if poison.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = poison.iter().map(|(id, ..)| *id).collect();
    let messages: Vec<String> = poison.iter().map(|(_, message, _)| storable(message)).collect();
    let errors: Vec<String> = poison.iter().map(|(.., error)| storable(error)).collect();
    db.query(&queries::KEEP_POISON, &[&ids, &messages, &errors]).await.map_err(|e| Outage(e.into()))?;
    Ok(())
}

/// PostgreSQL's text holds no NUL; and what is too long is cut, and says so.
fn storable(text: &str) -> String {
    let text = text.replace('\0', "\u{fffd}");
    if text.len() <= MAX_MESSAGE {
        return text;
    }
    let end = (0..=MAX_MESSAGE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let kept = text.get(..end).unwrap_or_default();
    format!("{kept}… ({} bytes in all)", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgresql_cannot_hold_is_made_so_that_it_can() {
        assert_eq!(storable("a\0b"), "a\u{fffd}b");
        let long = storable(&"ä".repeat(MAX_MESSAGE));
        assert!(long.len() < MAX_MESSAGE + 40 && long.ends_with("bytes in all)"));
    }
}

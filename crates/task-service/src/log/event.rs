//! From a row of the log to an event as it goes over the wire.

use chrono::{DateTime, Utc};
use domain::{EventId, TaskId, UserId};
use platform::ApiResult;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::head::Head;
use crate::tasks::view::column;

/// [`domain::EventView`] whose type and data go out as they are stored: they aren't taken apart, and what a newer release
/// wrote is passed on as it is.
#[derive(Debug, Serialize)]
pub(crate) struct Event<'a> {
    pub(crate) id: EventId,
    pub(crate) revision: i64,
    pub(crate) r#type: &'a str,
    pub(crate) task_id: Option<TaskId>,
    pub(crate) actor_id: UserId,
    #[serde(with = "domain::timestamp")]
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) data: &'a RawValue,
}

impl Event<'_> {
    /// Where it is in the log.
    pub(crate) fn place(&self) -> Head {
        Head { revision: self.revision, moment: self.occurred_at.timestamp_micros() }
    }
}

/// The columns that [`event`] reads.
pub(crate) const COLUMNS: usize = 7;

/// The event in the columns from `at` on, if the row has one.
pub(crate) fn event(row: &Row, at: usize) -> ApiResult<Option<Event<'_>>> {
    let Some(revision) = column(row, at)? else { return Ok(None) };
    Ok(Some(Event {
        revision,
        id: column::<Uuid>(row, at + 1)?.into(),
        r#type: column(row, at + 2)?,
        task_id: column::<Option<Uuid>>(row, at + 3)?.map(TaskId::from),
        actor_id: column::<Uuid>(row, at + 4)?.into(),
        occurred_at: column(row, at + 5)?,
        data: column::<Json<&RawValue>>(row, at + 6)?.0,
    }))
}

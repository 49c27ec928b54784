//! A task as it is shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::value::{Priority, Status};
use crate::ids::{LabelId, TaskId, TeamId, UserId};
use crate::timestamp;

/// A task as it goes over the wire, in answers and in events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Task))]
pub struct TaskView {
    /// The id, for good.
    pub id: TaskId,
    /// The team it belongs to.
    pub team_id: TeamId,
    /// Its number in the team, from 1; never used again for another task.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub number: i64,
    /// The team's key and the number: `OPS-42`.
    pub key: String,
    /// See [`Title`](crate::Title).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::Title))]
    pub title: String,
    /// See [`Description`](crate::Description).
    #[cfg_attr(feature = "openapi", schema(value_type = crate::Description))]
    pub description: String,
    /// Where it stands.
    pub status: Status,
    /// How much it presses.
    pub priority: Priority,
    /// Who is to do it.
    pub assignees: Vec<UserId>,
    /// What it is labelled with, sorted; empty in what was written before there were labels.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub labels: Vec<LabelId>,
    /// Where it stands among all tasks of the team; see [`position`](crate::position).
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub position: String,
    /// By when.
    #[serde(with = "timestamp::option")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub due_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "timestamp")]
    pub updated_at: DateTime<Utc>,
    /// When it became completed; null unless its status is `completed`.
    #[serde(with = "timestamp::option")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub completed_at: Option<DateTime<Utc>>,
    /// From 1, one more with each change; it is the task's `ETag`.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub version: i64,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A task for the tests of this crate.
    pub(crate) fn task() -> TaskView {
        serde_json::from_value(serde_json::json!({
            "id": "01970000-0000-7000-8000-000000000001", "team_id": "01970000-0000-7000-8000-000000000002",
            "number": 42, "key": "OPS-42", "title": "Ship it", "description": "", "status": "pending", "priority": "high",
            "assignees": ["01970000-0000-7000-8000-000000000003"], "due_at": null,
            "created_by": "01970000-0000-7000-8000-000000000004",
            "created_at": "2026-03-01T10:30:00+01:00", "updated_at": "2026-03-01T09:30:00.25Z",
            "completed_at": null, "version": 2,
        }))
        .unwrap()
    }

    #[test]
    fn it_is_shown_with_every_member_and_times_of_one_width() {
        insta::assert_json_snapshot!(task(), @r#"
        {
          "id": "01970000-0000-7000-8000-000000000001",
          "team_id": "01970000-0000-7000-8000-000000000002",
          "number": 42,
          "key": "OPS-42",
          "title": "Ship it",
          "description": "",
          "status": "pending",
          "priority": "high",
          "assignees": [
            "01970000-0000-7000-8000-000000000003"
          ],
          "labels": [],
          "position": "",
          "due_at": null,
          "created_by": "01970000-0000-7000-8000-000000000004",
          "created_at": "2026-03-01T09:30:00.000000Z",
          "updated_at": "2026-03-01T09:30:00.250000Z",
          "completed_at": null,
          "version": 2
        }
        "#);
    }
}

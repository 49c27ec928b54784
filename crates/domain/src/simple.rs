//! The simple API: the words of the small API that TaskHub grew out of, over the same tasks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::TaskId;
use crate::problem::FieldError;
use crate::task::{CreateTask, NewTask, PatchTask, Status, TaskPatch, TaskView};
#[cfg(feature = "openapi")]
use crate::task::{Description, Title};
use crate::timestamp;
use crate::validation::{Validate, present};

/// A task as the simple API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimpleTask {
    /// The id.
    pub id: TaskId,
    /// The title.
    #[cfg_attr(feature = "openapi", schema(value_type = Title))]
    pub title: String,
    /// The description, maybe empty.
    #[cfg_attr(feature = "openapi", schema(value_type = Description))]
    pub description: String,
    /// Where it stands.
    pub status: Status,
    /// When it was made.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "timestamp")]
    pub updated_at: DateTime<Utc>,
}

impl From<TaskView> for SimpleTask {
    fn from(task: TaskView) -> Self {
        Self {
            id: task.id,
            title: task.title,
            description: task.description,
            status: task.status,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}

/// The answer to `GET /api/tasks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimpleTasks {
    /// The tasks.
    pub tasks: Vec<SimpleTask>,
    /// How many there are in `tasks`.
    pub count: usize,
    /// Whether there are more than `limit`, or than fit in some megabytes.
    pub has_more: bool,
}

/// The body of `POST /api/tasks`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimpleCreate {
    /// See [`Title`](crate::Title).
    #[cfg_attr(feature = "openapi", schema(value_type = Title))]
    pub title: String,
    /// See [`Description`](crate::Description); empty if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Description>))]
    pub description: Option<String>,
    /// See [`Status`]; `pending` if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Status>))]
    pub status: Option<String>,
}

impl Validate for SimpleCreate {
    type Valid = NewTask;

    fn validate(self) -> Result<NewTask, Vec<FieldError>> {
        let Self { title, description, status } = self;
        CreateTask { title, description, status, ..CreateTask::default() }.validate()
    }
}

/// The body of `PUT /api/tasks/{id}`: any of the members; null as in [`PatchTask`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimpleUpdate {
    /// See [`Title`](crate::Title).
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Title))]
    pub title: Option<Option<String>>,
    /// See [`Description`](crate::Description).
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Description>))]
    pub description: Option<Option<String>>,
    /// See [`Status`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Status))]
    pub status: Option<Option<String>>,
}

impl Validate for SimpleUpdate {
    type Valid = TaskPatch;

    fn validate(self) -> Result<TaskPatch, Vec<FieldError>> {
        let Self { title, description, status } = self;
        PatchTask { title, description, status, ..PatchTask::default() }.validate()
    }
}

/// The answer of the simple API to a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// For people, in fixed words.
    pub message: String,
}

impl Message {
    /// The answer to `PUT /api/tasks/{id}`.
    #[must_use]
    pub fn updated() -> Self {
        Self { message: "Task updated successfully".into() }
    }

    /// The answer to `DELETE /api/tasks/{id}`.
    #[must_use]
    pub fn deleted() -> Self {
        Self { message: "Task deleted successfully".into() }
    }
}

/// The answer to `GET /api/health`: 200 if the database answers, else 503.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SimpleHealth {
    /// `healthy` or `unhealthy`.
    pub status: String,
    /// `connected` or `disconnected`.
    pub database: String,
    /// When it was looked at.
    #[serde(with = "timestamp")]
    pub timestamp: DateTime<Utc>,
}

impl SimpleHealth {
    /// The answer for a database that was reached, or not, at this time.
    #[must_use]
    pub fn of(connected: bool, timestamp: DateTime<Utc>) -> Self {
        let (status, database) = if connected { ("healthy", "connected") } else { ("unhealthy", "disconnected") };
        Self { status: status.into(), database: database.into(), timestamp }
    }
}

/// The answer to `GET /api/db-status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DbStatus {
    /// Whether the database answers.
    pub connected: bool,
    /// The name of the database.
    pub database: String,
    /// The role that the service uses.
    pub user: String,
    /// The host it lies on.
    pub host: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::task::task_for_tests;

    #[test]
    fn tasks_are_shown_in_the_old_words() {
        let tasks = SimpleTasks { tasks: vec![SimpleTask::from(task_for_tests())], count: 1, has_more: false };
        assert_eq!(
            serde_json::to_value(tasks).unwrap(),
            json!({"count": 1, "has_more": false, "tasks": [{
                "id": "01970000-0000-7000-8000-000000000001", "title": "Ship it", "description": "", "status": "pending",
                "created_at": "2026-03-01T09:30:00.000000Z", "updated_at": "2026-03-01T09:30:00.250000Z",
            }]})
        );
    }

    #[test]
    fn bodies_follow_the_rules_of_the_large_api() {
        let new = serde_json::from_value::<SimpleCreate>(json!({"title": " a ", "status": "completed"})).unwrap();
        assert_eq!(new.validate().unwrap().status, Status::Completed);
        let update = serde_json::from_value::<SimpleUpdate>(json!({"title": null, "status": "done"})).unwrap();
        assert_eq!(update.validate().unwrap_err().len(), 2);
        assert!(serde_json::from_value::<SimpleUpdate>(json!({"priority": "high"})).is_err());
    }
}

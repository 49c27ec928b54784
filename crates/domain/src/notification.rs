//! What someone is told about tasks of their teams.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{NotificationId, TaskId, TeamId, UserId};
use crate::problem::FieldError;
use crate::team::TeamKey;
use crate::timestamp;
use crate::validation::{Errors, Validate};
use crate::words::words;

words! {
    /// Why somebody is told: by the word that the log has for what happened.
    NotificationKind {
        /// They became an assignee, also when that came with another kind of event.
        Assigned = "task.assigned",
        /// Somebody commented on a task that they made or are to do.
        CommentCreated = "comment.created",
    }
}

/// A notification of one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Notification))]
pub struct NotificationView {
    /// The id.
    pub id: NotificationId,
    /// Why.
    pub r#type: NotificationKind,
    /// In which team.
    pub team_id: TeamId,
    /// That team's key.
    pub team_key: TeamKey,
    /// About which task.
    pub task_id: TaskId,
    /// That task's key, as in `OPS-42`.
    pub task_key: String,
    /// That task's title when it happened.
    pub title: String,
    /// The first 200 characters of the comment that it tells of, as it is now; null once it is deleted, and for other kinds.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true, max_length = 200))]
    pub excerpt: Option<String>,
    /// Whether the task has been deleted since.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub task_deleted: bool,
    /// Who did it.
    pub actor_id: UserId,
    /// When.
    #[serde(with = "timestamp")]
    pub created_at: DateTime<Utc>,
    /// When it was marked as read; null if it wasn't.
    #[serde(with = "timestamp::option")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub read_at: Option<DateTime<Utc>>,
}

/// The body that marks notifications as read: `{"ids": […]}`, `{"task_ids": […]}` or `{"all": true}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadNotifications {
    /// 1 to 200 ids.
    pub ids: Option<Vec<String>>,
    /// 1 to 200 ids of tasks: all that was told of these.
    pub task_ids: Option<Vec<String>>,
    /// All of the caller's; only `true` makes sense.
    pub all: Option<bool>,
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ReadNotifications {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Type};
        let only = |name: &str| {
            ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false))).required(name)
        };
        let ids = ArrayBuilder::new().items(NotificationId::schema()).min_items(Some(1)).max_items(Some(200));
        let tasks = ArrayBuilder::new().items(TaskId::schema()).min_items(Some(1)).max_items(Some(200));
        let all = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true]));
        let either = OneOfBuilder::new()
            .item(only("ids").property("ids", ids))
            .item(only("task_ids").property("task_ids", tasks))
            .item(only("all").property("all", all));
        either.description(Some("These, those of these tasks, or all of the caller's.")).into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ReadNotifications {}

/// Which notifications to mark as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToRead {
    /// All of the caller's.
    All,
    /// These, 1 to 200.
    These(Vec<NotificationId>),
    /// Those of these tasks, 1 to 200.
    OfTasks(Vec<TaskId>),
}

impl Validate for ReadNotifications {
    type Valid = ToRead;

    fn validate(self) -> Result<ToRead, Vec<FieldError>> {
        match (self.ids, self.task_ids, self.all) {
            (None, None, Some(true)) => Ok(ToRead::All),
            (Some(ids), None, None) => checked("/ids", &ids, "a notification").map(ToRead::These),
            (None, Some(ids), None) => checked("/task_ids", &ids, "a task").map(ToRead::OfTasks),
            _ => Err(vec![FieldError::new("", "must have either `ids`, `task_ids` or `all`: true")]),
        }
    }
}

fn checked<T: FromStr>(pointer: &str, ids: &[String], noun: &str) -> Result<Vec<T>, Vec<FieldError>> {
    let mut errors = Errors::new();
    if !(1..=200).contains(&ids.len()) {
        errors.add(pointer, format!("must have 1 to 200 ids; it has {}", ids.len()));
        return errors.finish(|| None);
    }
    let check = |(n, id): (usize, &String)| {
        let id = id.parse().map_err(|_| format!("must be the UUID of {noun}"));
        errors.check(&format!("{pointer}/{n}"), id)
    };
    let ids = ids.iter().enumerate().filter_map(check).collect();
    errors.finish(|| Some(ids))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn either_ids_or_all() {
        let read = |body| serde_json::from_value::<ReadNotifications>(body).unwrap().validate();
        let id = NotificationId::new();
        assert_eq!(read(json!({"all": true})), Ok(ToRead::All));
        assert_eq!(read(json!({"ids": [id]})), Ok(ToRead::These(vec![id])));
        let task = TaskId::new();
        assert_eq!(read(json!({"task_ids": [task]})), Ok(ToRead::OfTasks(vec![task])));
        assert_eq!(read(json!({"task_ids": [task, "x"]})).unwrap_err()[0].pointer, "/task_ids/1");
        for body in [
            json!({}),
            json!({"all": false}),
            json!({"all": true, "ids": [id]}),
            json!({"task_ids": [id], "ids": [id]}),
            json!({"task_ids": []}),
            json!({"ids": []}),
            json!({"ids": vec![id; 201]}),
        ] {
            assert_eq!(read(body).unwrap_err().len(), 1);
        }
        let errors = read(json!({"ids": ["a", id, "b"]})).unwrap_err();
        assert_eq!(errors.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/ids/0", "/ids/2"]);
    }
}

//! What someone is told about tasks of their teams.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{NotificationId, TaskId, TeamId, UserId};
use crate::problem::FieldError;
use crate::team::TeamKey;
use crate::timestamp;
use crate::validation::{Errors, Validate};
use crate::words::words;

words! {
    /// Why somebody is told.
    NotificationKind {
        /// They became an assignee, also when that came with another kind of event.
        Assigned = "task.assigned",
        /// Somebody commented on a task that they made or are to do.
        Commented = "commented",
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

/// The body that marks notifications as read: `{"ids": […]}` or `{"all": true}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadNotifications {
    /// 1 to 200 ids.
    pub ids: Option<Vec<String>>,
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
        let all = ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true]));
        let either = OneOfBuilder::new().item(only("ids").property("ids", ids)).item(only("all").property("all", all));
        either.description(Some("These, or all of the caller's.")).into()
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
}

impl Validate for ReadNotifications {
    type Valid = ToRead;

    fn validate(self) -> Result<ToRead, Vec<FieldError>> {
        let mut errors = Errors::new();
        let ids = match (self.ids, self.all) {
            (None, Some(true)) => return Ok(ToRead::All),
            (Some(ids), None) => ids,
            _ => return Err(vec![FieldError::new("", "must have either `ids` or `all`: true")]),
        };
        if !(1..=200).contains(&ids.len()) {
            errors.add("/ids", format!("must have 1 to 200 ids; it has {}", ids.len()));
            return errors.finish(|| None);
        }
        let check = |(n, id): (usize, &String)| {
            errors.check(&format!("/ids/{n}"), id.parse().map_err(|_| "must be the UUID of a notification"))
        };
        let ids = ids.iter().enumerate().filter_map(check).collect();
        errors.finish(|| Some(ToRead::These(ids)))
    }
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
        for body in [
            json!({}),
            json!({"all": false}),
            json!({"all": true, "ids": [id]}),
            json!({"ids": []}),
            json!({"ids": vec![id; 201]}),
        ] {
            assert_eq!(read(body).unwrap_err().len(), 1);
        }
        let errors = read(json!({"ids": ["a", id, "b"]})).unwrap_err();
        assert_eq!(errors.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/ids/0", "/ids/2"]);
    }
}

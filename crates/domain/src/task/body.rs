//! Bodies that make and change tasks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::value::{Assignees, Description, Labels, Priority, Status, Title};
use crate::ids::TaskId;
use crate::problem::FieldError;
use crate::timestamp;
use crate::validation::{Errors, Invalid, Validate, present};

/// The body that makes a task. A member that is null counts as left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTask {
    /// See [`Title`].
    #[cfg_attr(feature = "openapi", schema(value_type = Title))]
    pub title: String,
    /// See [`Description`]; empty if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Description>))]
    pub description: Option<String>,
    /// See [`Status`]; `pending` if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Status>))]
    pub status: Option<String>,
    /// See [`Priority`]; `none` if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Priority>))]
    pub priority: Option<String>,
    /// User ids; see [`Assignees`].
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Assignees>))]
    pub assignees: Option<Vec<String>>,
    /// Label ids; see [`Labels`].
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Labels>))]
    pub labels: Option<Vec<String>>,
    /// RFC 3339, in the years 1970 to 9999.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub due_at: Option<String>,
}

/// A task to be made; valid by construction, except that the assignees may not be in the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewTask {
    /// The title.
    pub title: Title,
    /// The description, maybe empty.
    pub description: Description,
    /// The status it begins in. If that is `completed`, it is completed at once; see [`Status::completed_at`].
    pub status: Status,
    /// The priority.
    pub priority: Priority,
    /// Who is to do it.
    pub assignees: Assignees,
    /// What it is labelled with.
    pub labels: Labels,
    /// By when.
    #[serde(with = "timestamp::option")]
    pub due_at: Option<DateTime<Utc>>,
}

impl Validate for CreateTask {
    type Valid = NewTask;

    fn validate(self) -> Result<NewTask, Vec<FieldError>> {
        let mut errors = Errors::new();
        let title = errors.check("/title", Title::parse(&self.title));
        let description = self
            .description
            .map_or(Some(Description::default()), |text| errors.check("/description", Description::parse(&text)));
        let status = self.status.map_or(Some(Status::Pending), |word| errors.check("/status", word.parse()));
        let priority = self.priority.map_or(Some(Priority::None), |word| errors.check("/priority", word.parse()));
        let assignees = Assignees::check(&self.assignees.unwrap_or_default(), &mut errors);
        let labels = Labels::check(&self.labels.unwrap_or_default(), &mut errors);
        let due_at = self.due_at.and_then(|text| errors.check("/due_at", timestamp::parse(&text)));
        errors.finish(|| {
            Some(NewTask {
                title: title?,
                description: description?,
                status: status?,
                priority: priority?,
                assignees: assignees?,
                labels: labels?,
                due_at,
            })
        })
    }
}

/// The body that changes a task: a JSON merge patch (RFC 7396).
///
/// Null clears `due_at`, empties `description`, `assignees` and `labels`
/// and sets `priority` to `none`; `title` and `status` can't be cleared.
// The outer `None` is "left out", `Some(None)` is null.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatchTask {
    /// See [`Title`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Title))]
    pub title: Option<Option<String>>,
    /// See [`Description`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Description>))]
    pub description: Option<Option<String>>,
    /// See [`Status`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Status))]
    pub status: Option<Option<String>>,
    /// See [`Priority`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Priority>))]
    pub priority: Option<Option<String>>,
    /// All assignees that the task shall have; see [`Assignees`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Assignees>))]
    pub assignees: Option<Option<Vec<String>>>,
    /// All labels that the task shall have; see [`Labels`].
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Labels>))]
    pub labels: Option<Option<Vec<String>>>,
    /// RFC 3339, in the years 1970 to 9999.
    #[serde(deserialize_with = "present")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<DateTime<Utc>>))]
    pub due_at: Option<Option<String>>,
}

/// A change to a task: `None` leaves a field as it is.
///
/// Serialises to the merge patch (RFC 7396) that it came from: only what is set, with `due_at: null` for "cleared".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TaskPatch {
    /// The new title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// The new description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// The new status; `completed_at` has to follow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The new priority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// All assignees from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignees: Option<Assignees>,
    /// All labels from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
    /// The new due date; `Some(None)` takes it away.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "set_moment")]
    pub due_at: Option<Option<DateTime<Utc>>>,
}

fn set_moment<S: Serializer>(time: &Option<Option<DateTime<Utc>>>, serializer: S) -> Result<S::Ok, S::Error> {
    timestamp::option::serialize(&time.flatten(), serializer)
}

impl TaskPatch {
    /// Whether it sets nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it sets the status and nothing else, which an assignee may whatever their role.
    #[must_use]
    pub fn changes_only_status(&self) -> bool {
        self.status.is_some() && *self == Self { status: self.status, ..Self::default() }
    }
}

impl Validate for PatchTask {
    type Valid = TaskPatch;

    fn validate(self) -> Result<TaskPatch, Vec<FieldError>> {
        let mut errors = Errors::new();
        let patch = TaskPatch {
            title: errors.not_null("/title", self.title).and_then(|text| errors.check("/title", Title::parse(&text))),
            description: self
                .description
                .and_then(|text| errors.check("/description", Description::parse(&text.unwrap_or_default()))),
            status: errors.not_null("/status", self.status).and_then(|word| errors.check("/status", word.parse())),
            priority: self.priority.and_then(|word| match word {
                None => Some(Priority::None),
                Some(word) => errors.check("/priority", word.parse()),
            }),
            assignees: self.assignees.and_then(|users| Assignees::check(&users.unwrap_or_default(), &mut errors)),
            labels: self.labels.and_then(|labels| Labels::check(&labels.unwrap_or_default(), &mut errors)),
            due_at: self.due_at.and_then(|time| match time {
                None => Some(None),
                Some(text) => errors.check("/due_at", timestamp::parse(&text)).map(Some),
            }),
        };
        errors.finish(|| Some(patch))
    }
}

/// The body that moves a task. A member that is null counts as left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveTask {
    /// See [`Status`]; stays if left out.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Status>))]
    pub status: Option<String>,
    /// The id of the task that it is to stand directly before.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TaskId>))]
    pub before: Option<String>,
    /// The id of the task that it is to stand directly after.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<TaskId>))]
    pub after: Option<String>,
}

/// Where a task is to be moved: between two others, to one side of one, or to the top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Move {
    /// The new status.
    pub status: Option<Status>,
    /// What comes directly behind it.
    pub before: Option<TaskId>,
    /// What comes directly before it.
    pub after: Option<TaskId>,
}

impl Move {
    /// Whether it says nothing of a place, only of a status: what an assignee may whatever their role.
    #[must_use]
    pub fn changes_only_status(&self) -> bool {
        self.status.is_some() && self.before.is_none() && self.after.is_none()
    }
}

impl Validate for MoveTask {
    type Valid = Move;

    fn validate(self) -> Result<Move, Vec<FieldError>> {
        let mut errors = Errors::new();
        let id = |text: String| text.parse().map_err(|_| Invalid::new("must be the UUID of a task"));
        let moved = Move {
            status: self.status.and_then(|word| errors.check("/status", word.parse())),
            before: self.before.and_then(|text| errors.check("/before", id(text))),
            after: self.after.and_then(|text| errors.check("/after", id(text))),
        };
        errors.finish(|| Some(moved))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::ids::UserId;

    fn patch(json: serde_json::Value) -> Result<TaskPatch, Vec<FieldError>> {
        serde_json::from_value::<PatchTask>(json).unwrap().validate()
    }

    #[test]
    fn a_title_is_enough_to_make_a_task() {
        let new = serde_json::from_value::<CreateTask>(json!({"title": " Ship it "})).unwrap().validate().unwrap();
        assert_eq!(
            serde_json::to_value(new).unwrap(),
            json!({"title": "Ship it", "description": "", "status": "pending", "priority": "none", "assignees": [], "labels": [], "due_at": null})
        );
    }

    #[test]
    fn all_that_is_wrong_with_a_new_task_is_said_at_once() {
        let body = json!({"title": " ", "description": "\0", "status": "done", "priority": "most", "assignees": ["x"], "labels": ["y"], "due_at": "soon"});
        let errors = serde_json::from_value::<CreateTask>(body).unwrap().validate().unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|e| e.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            ["/title", "/description", "/status", "/priority", "/assignees/0", "/labels/0", "/due_at"]
        );
    }

    #[test]
    fn unknown_members_are_refused_by_name() {
        let error = serde_json::from_value::<CreateTask>(json!({"title": "a", "colour": 1})).unwrap_err();
        assert!(error.to_string().contains("`colour`"), "{error}");
        assert!(serde_json::from_value::<PatchTask>(json!({"version": 1})).is_err());
    }

    #[test]
    fn null_clears_what_can_be_cleared() {
        let cleared = patch(json!({"description": null, "assignees": null, "priority": null, "due_at": null})).unwrap();
        assert_eq!(
            serde_json::to_value(cleared).unwrap(),
            json!({"description": "", "assignees": [], "priority": "none", "due_at": null})
        );
        let errors = patch(json!({"title": null, "status": null})).unwrap_err();
        assert_eq!(errors.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/title", "/status"]);
    }

    #[test]
    fn a_patch_knows_what_it_changes() {
        assert!(patch(json!({})).unwrap().is_empty());
        assert!(!patch(json!({"due_at": null})).unwrap().is_empty());
        assert!(patch(json!({"status": "completed"})).unwrap().changes_only_status());
        assert!(!patch(json!({"status": "completed", "due_at": null})).unwrap().changes_only_status());
        assert!(!patch(json!({})).unwrap().changes_only_status());
    }

    proptest! {
        /// What is serialised for PostgreSQL says exactly what the patch said, so it can be read as a patch again.
        #[test]
        fn a_patch_holds_only_what_was_set(
            title in prop::option::of("[a-z]{1,9}"), description in prop::option::of("[a-z]{0,9}"),
            status in prop::option::of(prop::sample::select(Status::ALL)),
            priority in prop::option::of(prop::sample::select(Priority::ALL)),
            people in prop::option::of(0_usize..4),
            due in prop::option::of(prop::option::of(0_i64..253_402_300_800)),
        ) {
            let mut body = serde_json::Map::new();
            if let Some(title) = title { body.insert("title".into(), title.into()); }
            if let Some(text) = description { body.insert("description".into(), text.into()); }
            if let Some(status) = status { body.insert("status".into(), status.as_str().into()); }
            if let Some(priority) = priority { body.insert("priority".into(), priority.as_str().into()); }
            if let Some(n) = people { body.insert("assignees".into(), (0..n).map(|_| UserId::new().to_string()).collect()); }
            if let Some(due) = due {
                let time = due.map(|s| timestamp::format(&DateTime::from_timestamp(s, 0).unwrap()));
                body.insert("due_at".into(), time.into());
            }
            let patch = patch(body.clone().into()).unwrap();
            prop_assert_eq!(patch.is_empty(), body.is_empty());
            prop_assert_eq!(serde_json::to_value(patch).unwrap(), serde_json::Value::Object(body));
        }
    }
}

//! What happened: the events of a team's log and the envelope they travel in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::comment::CommentView;
use crate::ids::{EventId, TaskId, TeamId, UserId};
use crate::label::LabelView;
use crate::task::TaskView;
use crate::timestamp;
use crate::validation::Invalid;
use crate::words::words;

words! {
    /// The kinds of event: the same words in the log, the stream, webhooks and notifications.
    ///
    /// One change is one revision is one event, so a change of several fields has the type of the weightiest (see
    /// [`EventType::of_update`]); who wants all that changed reads `previous`.
    EventType {
        /// A task was made.
        TaskCreated = "task.created",
        /// Fields other than status and assignees were changed.
        TaskUpdated = "task.updated",
        /// The status was changed, and maybe more.
        TaskStatusChanged = "task.status_changed",
        /// The assignees were changed, and maybe more, but not the status.
        TaskAssigned = "task.assigned",
        /// Its position alone was changed; together with the status it is `task.status_changed`.
        TaskMoved = "task.moved",
        /// A task was deleted.
        TaskDeleted = "task.deleted",
        /// A label was made.
        LabelCreated = "label.created",
        /// A label was renamed or got another color.
        LabelUpdated = "label.updated",
        /// A label was deleted, and with that taken off all tasks: each of them has one version more.
        LabelDeleted = "label.deleted",
        /// Somebody commented on a task.
        CommentCreated = "comment.created",
        /// A comment was changed.
        CommentUpdated = "comment.updated",
        /// A comment was deleted.
        CommentDeleted = "comment.deleted",
    }
}

impl EventType {
    /// Whether it is about a task, as all are but those about labels.
    #[must_use]
    pub const fn is_about_a_task(self) -> bool {
        !matches!(self, Self::LabelCreated | Self::LabelUpdated | Self::LabelDeleted)
    }

    /// The type of an update that changed these fields: `status` outweighs `assignees` outweighs the rest.
    pub fn of_update<'a>(changed: impl IntoIterator<Item = &'a str>) -> Self {
        let weigh = |field| match field {
            "status" => (2, Self::TaskStatusChanged),
            "assignees" => (1, Self::TaskAssigned),
            _ => (0, Self::TaskUpdated),
        };
        changed.into_iter().map(weigh).max_by_key(|(weight, _)| *weight).map_or(Self::TaskUpdated, |(_, kind)| kind)
    }
}

/// What an event carries: that which it is about, after the change; for a deletion, as it last was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventData {
    /// The task; for a comment, that which it is on. There in all events but those about labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = TaskView, required = false))]
    pub task: Option<TaskView>,
    /// The comment, in events about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = CommentView, required = false))]
    pub comment: Option<CommentView>,
    /// The label, in events about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = LabelView, required = false))]
    pub label: Option<LabelView>,
    /// The values that the change replaced, by field; empty for what was created or deleted. It is what an undo needs.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub previous: Map<String, Value>,
}

impl EventData {
    /// Who became an assignee through this event, which is of type `kind`: all of them when the task was made, those
    /// that weren't before when it was changed.
    #[must_use]
    pub fn assignees_added(&self, kind: EventType) -> Vec<UserId> {
        let Some(task) = &self.task else { return Vec::new() };
        let now = task.assignees.iter().copied();
        match (kind, self.previous.get("assignees")) {
            (EventType::TaskCreated, _) => now.collect(),
            (EventType::TaskDeleted, _) | (_, None) => Vec::new(),
            (_, Some(before)) => {
                let before: Vec<UserId> = Vec::deserialize(before).unwrap_or_default();
                now.filter(|user| !before.contains(user)).collect()
            }
        }
    }
}

/// An event on its way: CloudEvents 1.0 in the JSON format's structured mode (`application/cloudevents+json`).
///
/// On the wire `source` is `/teams/<team id>` and `subject` the task id, if it is about a task. Extension attributes, whose names may hold
/// only lower-case letters and digits: `teamid`, `actorid`, `revision` (a string of digits, since an Integer of
/// CloudEvents has 32 bits and a revision 64) and `traceparent` (the Distributed Tracing extension). Attributes that
/// aren't known are ignored when read, as the specification wants, so that replicas of two releases understand each
/// other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Envelope {
    /// Unique; what makes an effect happen once.
    pub id: EventId,
    /// What kind of event.
    pub kind: EventType,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// In which team's log it stands.
    pub team_id: TeamId,
    /// Under which revision it stands there, from 1.
    pub revision: i64,
    /// Who did it.
    pub actor_id: UserId,
    /// The W3C trace context of the request that did it.
    pub traceparent: Option<String>,
    /// What happened.
    pub data: EventData,
}

impl Envelope {
    /// The media type of an envelope.
    pub const MEDIA_TYPE: &'static str = "application/cloudevents+json";

    /// See [`TaskEvent::assignees_added`].
    #[must_use]
    pub fn assignees_added(&self) -> Vec<UserId> {
        self.data.assignees_added(self.kind)
    }
}

/// The attributes as they are spelled on the wire.
#[derive(Serialize, Deserialize)]
struct Wire {
    specversion: String,
    id: EventId,
    source: String,
    r#type: EventType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<TaskId>,
    #[serde(with = "timestamp")]
    time: DateTime<Utc>,
    datacontenttype: String,
    teamid: TeamId,
    revision: String,
    actorid: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    traceparent: Option<String>,
    data: EventData,
}

fn source(team: TeamId) -> String {
    format!("/teams/{team}")
}

impl From<Envelope> for Wire {
    fn from(event: Envelope) -> Self {
        Self {
            specversion: "1.0".into(),
            id: event.id,
            source: source(event.team_id),
            r#type: event.kind,
            subject: event.data.task.as_ref().map(|task| task.id),
            time: event.time,
            datacontenttype: "application/json".into(),
            teamid: event.team_id,
            revision: event.revision.to_string(),
            actorid: event.actor_id,
            traceparent: event.traceparent,
            data: event.data,
        }
    }
}

impl TryFrom<Wire> for Envelope {
    type Error = Invalid;

    /// Attributes that say the same thing twice must agree: an envelope that contradicts itself is not acted on.
    fn try_from(wire: Wire) -> Result<Self, Invalid> {
        let must = |holds: bool, what: &'static str| if holds { Ok(()) } else { Err(Invalid::new(what)) };
        must(wire.specversion == "1.0", "specversion must be 1.0")?;
        must(wire.datacontenttype == "application/json", "datacontenttype must be application/json")?;
        must(wire.source == source(wire.teamid), "source must be /teams/ and the teamid")?;
        let task = wire.data.task.as_ref();
        must(task.is_some() == wire.r#type.is_about_a_task(), "data must have a task if type is about one")?;
        must(task.is_none_or(|task| task.team_id == wire.teamid), "teamid must be the team of the task")?;
        must(wire.subject == task.map(|task| task.id), "subject must be the id of the task")?;
        let revision = wire.revision.parse().ok().filter(|n: &i64| *n >= 1 && n.to_string() == wire.revision);
        Ok(Self {
            id: wire.id,
            kind: wire.r#type,
            time: wire.time,
            team_id: wire.teamid,
            revision: revision.ok_or(Invalid::new("revision must be the digits of a whole number from 1"))?,
            actor_id: wire.actorid,
            traceparent: wire.traceparent,
            data: wire.data,
        })
    }
}

/// An event as the activity list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Event))]
pub struct EventView {
    /// The id.
    pub id: EventId,
    /// Where it stands in the team's log, from 1 and without a gap.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub revision: i64,
    /// What kind of event.
    pub r#type: EventType,
    /// About which task; null for what is about the team, such as a label.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub task_id: Option<TaskId>,
    /// Who did it.
    pub actor_id: UserId,
    /// When.
    #[serde(with = "timestamp")]
    pub occurred_at: DateTime<Utc>,
    /// What happened.
    pub data: EventData,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::task::task_for_tests;

    fn envelope(kind: EventType, previous: &Value) -> Envelope {
        let task = task_for_tests();
        Envelope {
            id: "01970000-0000-7000-8000-00000000000a".parse().unwrap(),
            kind,
            time: task.updated_at,
            team_id: task.team_id,
            revision: 7_000_000_000,
            actor_id: task.created_by,
            traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".into()),
            data: EventData {
                task: Some(task),
                previous: previous.as_object().unwrap().clone(),
                ..EventData::default()
            },
        }
    }

    #[test]
    fn an_envelope_is_a_cloud_event() {
        let event = envelope(EventType::TaskStatusChanged, &json!({"status": "blocked"}));
        let mut json = serde_json::to_value(&event).unwrap();
        assert_eq!(serde_json::from_value::<Envelope>(json.clone()).unwrap(), event);
        let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        assert!(names.iter().all(|n| n.len() <= 20 && n.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
        json["data"]["task"] = json!("…");
        assert_eq!(
            json,
            json!({
                "specversion": "1.0", "id": "01970000-0000-7000-8000-00000000000a",
                "source": "/teams/01970000-0000-7000-8000-000000000002", "type": "task.status_changed",
                "subject": "01970000-0000-7000-8000-000000000001", "time": "2026-03-01T09:30:00.250000Z",
                "datacontenttype": "application/json", "teamid": "01970000-0000-7000-8000-000000000002",
                "revision": "7000000000", "actorid": "01970000-0000-7000-8000-000000000004",
                "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "data": {"task": "…", "previous": {"status": "blocked"}},
            })
        );
    }

    #[test]
    fn an_envelope_that_contradicts_itself_is_refused_with_the_reason() {
        let good = serde_json::to_value(envelope(EventType::TaskUpdated, &json!({}))).unwrap();
        for (name, wrong) in [
            ("specversion", json!("0.3")),
            ("source", json!("/teams/x")),
            ("subject", json!(TaskId::new())),
            ("datacontenttype", json!("text/xml")),
            ("revision", json!("+7")),
            ("revision", json!("0")),
            ("type", json!("task.exploded")),
        ] {
            let mut event = good.clone();
            event[name] = wrong;
            let error = serde_json::from_value::<Envelope>(event).unwrap_err().to_string();
            assert!(error.contains(name) || error.contains("must be one of: task.created"), "{name}: {error}");
        }
        let mut taskless = good.clone();
        taskless["data"].as_object_mut().unwrap().remove("task");
        assert!(serde_json::from_value::<Envelope>(taskless).unwrap_err().to_string().contains("must have a task"));
        let mut newer = good;
        newer["partitionkey"] = json!("x");
        assert!(serde_json::from_value::<Envelope>(newer).is_ok());
    }

    #[test]
    fn an_event_about_a_label_has_no_subject() {
        let mut event = envelope(EventType::LabelDeleted, &json!({}));
        event.data.task = None;
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!((json.get("subject"), &json["data"]), (None, &json!({"previous": {}})));
        assert_eq!(serde_json::from_value::<Envelope>(json).unwrap(), event);
    }

    #[test]
    fn only_those_who_were_not_assignees_before_are_added() {
        let assignee = task_for_tests().assignees[0];
        let other = UserId::new();
        let added = |kind, previous: Value| envelope(kind, &previous).assignees_added();
        assert_eq!(added(EventType::TaskCreated, json!({})), [assignee]);
        assert_eq!(added(EventType::TaskAssigned, json!({"assignees": [other]})), [assignee]);
        assert_eq!(added(EventType::TaskStatusChanged, json!({"assignees": [], "status": "blocked"})), [assignee]);
        assert_eq!(added(EventType::TaskAssigned, json!({"assignees": [assignee, other]})), []);
        assert_eq!(added(EventType::TaskUpdated, json!({"title": "before"})), []);
        assert_eq!(added(EventType::TaskDeleted, json!({"assignees": []})), []);
    }

    proptest! {
        #[test]
        fn the_type_of_an_update_hangs_on_what_changed_and_not_on_the_order(
            mut fields in prop::collection::vec(prop::sample::select(vec!["title", "status", "assignees", "due_at"]), 0..6),
        ) {
            let kind = EventType::of_update(fields.iter().copied());
            let expected = if fields.contains(&"status") {
                EventType::TaskStatusChanged
            } else if fields.contains(&"assignees") {
                EventType::TaskAssigned
            } else {
                EventType::TaskUpdated
            };
            prop_assert_eq!(kind, expected);
            fields.reverse();
            prop_assert_eq!(EventType::of_update(fields.iter().copied()), kind);
        }
    }
}

//! Who is told of what: new assignees that they are, and everyone who has to do with a task of comments on it; and what ends
//! a notification before it was read.

use domain::{Envelope, EventType, NotificationId, NotificationKind, TaskView, UserId};
use serde::Deserialize;
use uuid::Uuid;

use super::{Effect, Writes};
use crate::notifications::stored;

/// Notifications as the columns of one INSERT.
///
/// Whether those who are told are in the team is for the statement to see, at the moment when it writes.
#[derive(Debug, Default)]
pub(super) struct Notifications {
    pub(super) ids: Vec<Uuid>,
    pub(super) users: Vec<Uuid>,
    pub(super) teams: Vec<Uuid>,
    pub(super) revisions: Vec<i64>,
    pub(super) kinds: Vec<&'static str>,
    pub(super) tasks: Vec<Uuid>,
    pub(super) task_keys: Vec<String>,
    pub(super) titles: Vec<String>,
    pub(super) actors: Vec<Uuid>,
}

impl Notifications {
    /// Tells each of these users once, but for the one who did it.
    fn tell(&mut self, mut users: Vec<UserId>, kind: NotificationKind, event: &Envelope, task: &TaskView) {
        users.sort_unstable();
        users.dedup();
        for user in users.into_iter().filter(|user| *user != event.actor_id) {
            self.ids.push(NotificationId::new().uuid());
            self.users.push(user.uuid());
            self.teams.push(event.team_id.uuid());
            self.revisions.push(event.revision);
            self.kinds.push(stored::word(kind));
            self.tasks.push(task.id.uuid());
            self.task_keys.push(task.key.clone());
            self.titles.push(task.title.clone());
            self.actors.push(event.actor_id.uuid());
        }
    }
}

/// What resolves earlier notifications of a task, as columns.
#[derive(Debug, Default)]
pub(super) struct Resolutions {
    pub(super) teams: Vec<Uuid>,
    pub(super) revisions: Vec<i64>,
    pub(super) tasks: Vec<Uuid>,
    /// Whose; everyone's if null.
    pub(super) users: Vec<Option<Uuid>>,
    /// Of which kind; of any if null. Of comments, those that are gone.
    pub(super) kinds: Vec<Option<&'static str>>,
}

impl Resolutions {
    fn add(&mut self, event: &Envelope, task: &TaskView, user: Option<UserId>, kind: Option<NotificationKind>) {
        self.teams.push(event.team_id.uuid());
        self.revisions.push(event.revision);
        self.tasks.push(task.id.uuid());
        self.users.push(user.map(|user| user.uuid()));
        self.kinds.push(kind.map(stored::word));
    }
}

/// Who is no assignee any more.
fn assignees_removed(event: &Envelope, task: &TaskView) -> Vec<UserId> {
    let before = event.data.previous.get("assignees").and_then(|before| Vec::<UserId>::deserialize(before).ok());
    before.unwrap_or_default().into_iter().filter(|user| !task.assignees.contains(user)).collect()
}

/// The effect: a notification for each new assignee, also when they became so with another kind of event; and of a new
/// comment for each assignee of the task and for whoever made it. It ends with the task, with the
/// comment, and when they are no assignee any more.
#[derive(Clone, Copy, Debug)]
pub struct Notify;

impl Effect for Notify {
    fn name(&self) -> &'static str {
        "notification"
    }

    fn plan(&self, event: &Envelope, writes: &mut Writes) {
        let Some(task) = &event.data.task else { return };
        let (told, kind) = match event.kind {
            EventType::CommentCreated => {
                let concerned = task.assignees.iter().copied().chain([task.created_by]);
                (concerned.collect(), NotificationKind::CommentCreated)
            }
            _ => (event.assignees_added(), NotificationKind::Assigned),
        };
        writes.notifications.tell(told, kind, event, task);
        let resolutions = &mut writes.resolutions;
        match event.kind {
            EventType::TaskDeleted => resolutions.add(event, task, None, None),
            EventType::CommentDeleted => resolutions.add(event, task, None, Some(NotificationKind::CommentCreated)),
            _ => {
                for user in assignees_removed(event, task) {
                    resolutions.add(event, task, Some(user), Some(NotificationKind::Assigned));
                }
            }
        }
    }
}

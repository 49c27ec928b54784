//! Who is told of what: new assignees that they are, and everyone who has to do with a task of comments on it.

use domain::{Envelope, EventType, NotificationId, NotificationKind, TaskView, UserId};
use uuid::Uuid;

use super::{Effect, Writes};

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
            self.kinds.push(kind.as_str());
            self.tasks.push(task.id.uuid());
            self.task_keys.push(task.key.clone());
            self.titles.push(task.title.clone());
            self.actors.push(event.actor_id.uuid());
        }
    }
}

/// The effect: a notification for each new assignee, also when they became so with another kind of event; and of a new
/// comment for each assignee of the task and for whoever made it.
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
                (concerned.collect(), NotificationKind::Commented)
            }
            _ => (event.assignees_added(), NotificationKind::Assigned),
        };
        writes.notifications.tell(told, kind, event, task);
    }
}

//! Who became an assignee through somebody else is told.

use domain::{Envelope, EventType, NotificationId};
use uuid::Uuid;

use super::{Effect, Writes};

/// Notifications as the columns of one INSERT.
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

/// The effect: one notification for each new assignee but the one who did it.
///
/// Whether they are in the team is for the statement to see, at the moment when it writes.
#[derive(Clone, Copy, Debug)]
pub struct NotifyAssignees;

impl Effect for NotifyAssignees {
    fn name(&self) -> &'static str {
        "notification"
    }

    fn plan(&self, event: &Envelope, writes: &mut Writes) {
        let rows = &mut writes.notifications;
        let mut told = event.assignees_added();
        told.sort_unstable();
        told.dedup();
        for user in told.into_iter().filter(|user| *user != event.actor_id) {
            rows.ids.push(NotificationId::new().uuid());
            rows.users.push(user.uuid());
            rows.teams.push(event.team_id.uuid());
            rows.revisions.push(event.revision);
            // Also when the assignment came with another kind of event: it is what they are told of.
            rows.kinds.push(EventType::TaskAssigned.as_str());
            rows.tasks.push(event.data.task.id.uuid());
            rows.task_keys.push(event.data.task.key.clone());
            rows.titles.push(event.data.task.title.clone());
            rows.actors.push(event.actor_id.uuid());
        }
    }
}

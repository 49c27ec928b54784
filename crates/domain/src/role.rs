//! Roles and what each may do: one table, used by the code here and, as lists of role names, by the SQL.

use crate::task::TaskPatch;
use crate::words::words;

words! {
    /// What someone is in a team. The order is that of rights: whoever is more may do all that whoever is less may.
    Role {
        /// Sees everything of the team.
        Viewer = "viewer",
        /// Works with tasks.
        Member = "member",
        /// Also invites, and manages members and the team.
        Admin = "admin",
        /// May do everything. A team always has one: auth-service's SQL refuses to let the last owner leave or be
        /// demoted, as that depends on the other rows.
        Owner = "owner",
    }
}

/// What one can do in a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See the team, its tasks, members and activity.
    ViewTeam,
    /// Make a task.
    CreateTask,
    /// Change a task; see also [`may_change_task`].
    EditTask,
    /// Delete a task.
    DeleteTask,
    /// Make, change and delete labels.
    ManageLabels,
    /// Comment on a task; assignees may whatever their role.
    Comment,
    /// Delete what others commented.
    ModerateComments,
    /// Rename the team.
    EditTeam,
    /// Invite someone; to which role is limited by [`Role::may_grant`].
    InviteMember,
    /// Change the role of others or remove them, within [`Role::may_change`] and [`Role::may_remove`].
    ManageMembers,
    /// Delete the team with all that is in it.
    DeleteTeam,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::ViewTeam,
        Self::CreateTask,
        Self::EditTask,
        Self::DeleteTask,
        Self::ManageLabels,
        Self::Comment,
        Self::ModerateComments,
        Self::EditTeam,
        Self::InviteMember,
        Self::ManageMembers,
        Self::DeleteTeam,
    ];

    /// The least role that may.
    #[must_use]
    pub const fn least_role(self) -> Role {
        match self {
            Self::ViewTeam => Role::Viewer,
            Self::CreateTask | Self::EditTask | Self::DeleteTask | Self::ManageLabels | Self::Comment => Role::Member,
            Self::EditTeam | Self::InviteMember | Self::ManageMembers | Self::ModerateComments => Role::Admin,
            Self::DeleteTeam => Role::Owner,
        }
    }

    /// The names of all roles that may, to be passed to SQL as a `text[]`: `role = ANY($n)`.
    #[must_use]
    pub const fn roles(self) -> &'static [&'static str] {
        match self.least_role() {
            Role::Viewer => &["viewer", "member", "admin", "owner"],
            Role::Member => &["member", "admin", "owner"],
            Role::Admin => &["admin", "owner"],
            Role::Owner => &["owner"],
        }
    }
}

impl Role {
    /// Whether this role may do that.
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        self >= action.least_role()
    }

    /// Whether this role may give someone the role `target`, by invitation or by a change: an admin makes anyone
    /// up to admin, and only an owner makes owners.
    #[must_use]
    pub fn may_grant(self, target: Role) -> bool {
        self.may(Action::ManageMembers) && self >= target
    }

    /// Whether this role may turn someone who is `current` into `new`: only owners touch owners.
    #[must_use]
    pub fn may_change(self, current: Role, new: Role) -> bool {
        self.may_grant(current) && self.may_grant(new)
    }

    /// Whether this role may remove someone who is `target`. Leaving a team oneself needs no right, only that another
    /// owner stays.
    #[must_use]
    pub fn may_remove(self, target: Role) -> bool {
        self.may_grant(target)
    }
}

/// Whether someone may make this change to a task: who may edit may, and an assignee may change the status of their
/// own task whatever their role.
#[must_use]
pub fn may_change_task(role: Role, is_assignee: bool, patch: &TaskPatch) -> bool {
    role.may(Action::EditTask) || (is_assignee && patch.changes_only_status())
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::task::{Priority, Status};

    #[test]
    fn the_names_for_sql_are_the_roles_that_may() {
        for action in Action::ALL {
            let may: Vec<_> = Role::ALL.iter().filter(|r| r.may(*action)).map(|r| r.as_str()).collect();
            assert_eq!(action.roles(), may, "{action:?}");
        }
    }

    #[test]
    fn admins_manage_up_to_admin_and_leave_owners_alone() {
        assert!(Role::Admin.may_change(Role::Viewer, Role::Admin));
        assert!(Role::Admin.may_remove(Role::Admin));
        assert!(!Role::Admin.may_grant(Role::Owner));
        assert!(!Role::Admin.may_change(Role::Owner, Role::Viewer));
        assert!(!Role::Admin.may_remove(Role::Owner));
        assert!(Role::Owner.may_change(Role::Owner, Role::Member));
        assert!(Role::ALL.iter().all(|target| !Role::Member.may_grant(*target)));
    }

    #[test]
    fn an_assignee_may_change_the_status_and_nothing_else() {
        let status = TaskPatch { status: Some(Status::Completed), ..TaskPatch::default() };
        let more = TaskPatch { priority: Some(Priority::High), ..status.clone() };
        assert!(may_change_task(Role::Viewer, true, &status));
        assert!(!may_change_task(Role::Viewer, false, &status));
        assert!(!may_change_task(Role::Viewer, true, &more));
        assert!(!may_change_task(Role::Viewer, true, &TaskPatch::default()));
        assert!(may_change_task(Role::Member, false, &more));
    }

    fn role() -> impl Strategy<Value = Role> {
        select(Role::ALL)
    }

    proptest! {
        #[test]
        fn more_never_may_less(a in role(), b in role(), x in role(), y in role(), action in select(Action::ALL)) {
            let (less, more) = (a.min(b), a.max(b));
            prop_assert!(!less.may(action) || more.may(action));
            prop_assert!(!less.may_grant(x) || more.may_grant(x));
            prop_assert!(!less.may_change(x, y) || more.may_change(x, y));
            prop_assert!(!less.may_remove(x) || more.may_remove(x));
        }

        #[test]
        fn nobody_makes_or_unmakes_someone_above_themselves(actor in role(), current in role(), new in role()) {
            if actor.may_change(current, new) {
                prop_assert!(current <= actor && new <= actor && actor.may(Action::ManageMembers));
            }
        }
    }
}

//! The statements that only the simple API has.

use platform::postgres::Statement;

use crate::statement::{bytes_before, page_bytes};

/// The columns that a task of the simple API has, of `t`.
macro_rules! columns {
    () => {
        "t.id, t.title, t.description, t.status, t.created_at, t.updated_at"
    };
}

/// The tasks that `$found` selects, newest first, as far as a page's bytes allow, each with their whole number.
macro_rules! list {
    ($name:literal, $found:literal) => {
        Statement::read(
            $name,
            concat!(
                "SELECT ",
                columns!(),
                ", t.found FROM (SELECT t.*, ",
                bytes_before!("t.description" by "t.created_at DESC, t.id DESC"),
                " FROM (SELECT t.* FROM ",
                $found,
                " WHERE a.user_id = $1 AND a.role = ANY($2) ORDER BY t.created_at DESC, t.id DESC LIMIT $3) t) t \
                 WHERE t.bytes_before < ",
                page_bytes!(),
                " ORDER BY t.created_at DESC, t.id DESC"
            ),
        )
    };
}

/// The newest tasks of all of the user's teams: `$1` the user, `$2` the roles that may see a team, `$3` how many.
/// `members_user_id_idx`, then for each team `tasks_team_id_number_idx` backwards for at most `$3` tasks.
pub(super) static LIST: Statement = list!(
    "list simple tasks",
    "identity.team_access a CROSS JOIN LATERAL ( \
         SELECT * FROM tasks.tasks WHERE team_id = a.team_id AND deleted_at IS NULL \
         ORDER BY number DESC LIMIT $3::bigint) t"
);

/// The same for the statuses `$4`: `tasks_team_id_status_number_idx` backwards, once a team and status.
pub(super) static LIST_BY_STATUS: Statement = list!(
    "list simple tasks by status",
    "identity.team_access a CROSS JOIN unnest($4::text[]) s (status) CROSS JOIN LATERAL ( \
         SELECT * FROM tasks.tasks WHERE team_id = a.team_id AND status = s.status AND deleted_at IS NULL \
         ORDER BY number DESC LIMIT $3::bigint) t"
);

/// Every statement here.
pub(crate) fn all() -> Vec<&'static Statement> {
    vec![&LIST, &LIST_BY_STATUS]
}

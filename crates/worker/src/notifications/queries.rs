//! Every statement of the API over notifications.
//!
//! They look at the caller's teams, so what was told in a team that they have left isn't theirs any more. The lists walk
//! an index backwards and look each team up; `OFFSET 0` keeps PostgreSQL from beginning at the teams instead, which would
//! read all that the caller was ever told and sort it.

use platform::postgres::Statement;

/// A page, newest first; along the primary key.
pub(super) static LIST: Statement = Statement::read(
    "list notifications",
    "SELECT n.id, n.type, n.team_id, a.team_key, n.task_id, n.task_key, n.title, n.actor_id, n.created_at, n.read_at
     FROM delivery.notifications n
     CROSS JOIN LATERAL (SELECT a.team_key FROM identity.team_access a
                         WHERE a.user_id = $1 AND a.team_id = n.team_id OFFSET 0) a
     WHERE n.user_id = $1 AND n.id < $2
     ORDER BY n.id DESC LIMIT $3",
);

/// The same of what is unread; along the partial index.
pub(super) static LIST_UNREAD: Statement = Statement::read(
    "list unread notifications",
    "SELECT n.id, n.type, n.team_id, a.team_key, n.task_id, n.task_key, n.title, n.actor_id, n.created_at, n.read_at
     FROM delivery.notifications n
     CROSS JOIN LATERAL (SELECT a.team_key FROM identity.team_access a
                         WHERE a.user_id = $1 AND a.team_id = n.team_id OFFSET 0) a
     WHERE n.user_id = $1 AND n.id < $2 AND n.read_at IS NULL
     ORDER BY n.id DESC LIMIT $3",
);

/// Marks these as read; gives how many weren't before.
pub(super) static READ: Statement = Statement::write(
    "read notifications",
    "WITH updated AS (
         UPDATE delivery.notifications n SET read_at = now()
         FROM identity.team_access a
         WHERE a.user_id = $1 AND n.user_id = $1 AND n.team_id = a.team_id AND n.read_at IS NULL
           AND n.id = ANY ($2::uuid[])
         RETURNING 1
     )
     SELECT count(*) FROM updated",
);

/// Marks all as read; gives how many weren't before.
pub(super) static READ_ALL: Statement = Statement::write(
    "read all notifications",
    "WITH updated AS (
         UPDATE delivery.notifications n SET read_at = now()
         FROM identity.team_access a
         WHERE a.user_id = $1 AND n.user_id = $1 AND n.team_id = a.team_id AND n.read_at IS NULL
         RETURNING 1
     )
     SELECT count(*) FROM updated",
);

//! Every statement of the API over notifications.
//!
//! They look at the caller's teams, so what was told in a team that they have left isn't theirs any more. The lists walk
//! an index backwards and look each team up; `OFFSET 0` keeps PostgreSQL from beginning at the teams instead, which would
//! read all that the caller was ever told and sort it.

use platform::postgres::Statement;

/// A page, newest first; along the primary key.
pub(super) static LIST: Statement = Statement::read(
    "list notifications",
    "SELECT n.id, n.type, n.team_id, a.team_key, n.task_id, n.task_key, n.title, n.actor_id, n.created_at, n.read_at,
            n.excerpt, n.task_deleted
     FROM delivery.notifications n
     CROSS JOIN LATERAL (SELECT a.team_key FROM identity.team_access a
                         WHERE a.user_id = $1 AND a.team_id = n.team_id OFFSET 0) a
     WHERE n.user_id = $1 AND n.id < $2
     ORDER BY n.id DESC LIMIT $3",
);

/// The same of what is unread; along the partial index.
pub(super) static LIST_UNREAD: Statement = Statement::read(
    "list unread notifications",
    "SELECT n.id, n.type, n.team_id, a.team_key, n.task_id, n.task_key, n.title, n.actor_id, n.created_at, n.read_at,
            n.excerpt, n.task_deleted
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

/// The same for those of tasks, at most `$3` of them. Along `notifications_task_id_idx`.
pub(super) static READ_OF_TASKS: Statement = Statement::write(
    "read notifications of tasks",
    "WITH part AS (
         SELECT n.id FROM delivery.notifications n
         CROSS JOIN LATERAL (SELECT FROM identity.team_access a WHERE a.user_id = $1 AND a.team_id = n.team_id OFFSET 0) a
         WHERE n.user_id = $1 AND n.task_id = ANY ($2::uuid[]) AND n.read_at IS NULL
         LIMIT $3::bigint
     ), updated AS (
         UPDATE delivery.notifications n SET read_at = now()
         WHERE n.user_id = $1 AND n.id = ANY (ARRAY(SELECT id FROM part)) AND n.read_at IS NULL
         RETURNING n.id
     )
     SELECT (SELECT count(*) FROM updated), (SELECT count(*) FROM part), NULL::uuid",
);

/// Marks all before the id `$2` as read, at most `$3` of them, the newest first; gives how many weren't read before, how many
/// were looked at and the id of the last. Along the partial index, so that each part costs no more than the one before.
pub(super) static READ_ALL: Statement = Statement::write(
    "read all notifications",
    "WITH part AS (
         SELECT n.id FROM delivery.notifications n
         CROSS JOIN LATERAL (SELECT FROM identity.team_access a WHERE a.user_id = $1 AND a.team_id = n.team_id OFFSET 0) a
         WHERE n.user_id = $1 AND n.id < $2::uuid AND n.read_at IS NULL
         ORDER BY n.id DESC LIMIT $3::bigint
     ), updated AS (
         UPDATE delivery.notifications n SET read_at = now()
         WHERE n.user_id = $1 AND n.id = ANY (ARRAY(SELECT id FROM part)) AND n.read_at IS NULL
         RETURNING n.id
     )
     SELECT (SELECT count(*) FROM updated), (SELECT count(*) FROM part), (SELECT id FROM part ORDER BY id LIMIT 1)",
);

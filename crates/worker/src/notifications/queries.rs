//! Every statement of the API over notifications.
//!
//! They look at the caller's teams, so what was told in a team that they have left isn't theirs any more. The lists walk
//! an index backwards and look each team up; `OFFSET 0` keeps PostgreSQL from beginning at the teams instead, which would
//! read all that the caller was ever told and sort it.
//!
//! What may change afterwards isn't kept with a notification, but read from task-service's views: the comment's text, which
//! its author may change or delete, and whether the task has been deleted. Nothing is logged of a task after its deletion,
//! so the last event tells.

use platform::postgres::Statement;

/// Joins what a notification `n` is about, as `s`: the comment's `excerpt`, whether the task was `deleted`, and whether it is
/// `gone`, so that there is nothing left to read; then `ended_at` is when that was at the latest. Gone is what was told of a
/// deleted task, of a deleted comment, and of having been assigned to whoever isn't an assignee any more.
macro_rules! subject {
    () => {
        " LEFT JOIN LATERAL (
              SELECT e.type = 'task.deleted' AS deleted, e.occurred_at, e.data FROM tasks.event_feed e
              WHERE e.team_id = n.team_id AND e.task_id = n.task_id ORDER BY e.revision DESC LIMIT 1
          ) last ON true
          LEFT JOIN LATERAL (
              SELECT x.excerpt FROM tasks.comment_excerpts x
              WHERE x.team_id = n.team_id AND x.revision = n.revision AND n.type = 'commented' LIMIT 1
          ) c ON true
          CROSS JOIN LATERAL (
              SELECT c.excerpt, last.deleted IS TRUE AS deleted, last.occurred_at AS ended_at,
                     (last.deleted OR CASE n.type
                         WHEN 'commented' THEN c.excerpt IS NULL
                         WHEN 'task.assigned' THEN NOT (last.data #> '{task,assignees}') ? n.user_id::text
                     END) IS TRUE AS gone
          ) s "
    };
}
pub(crate) use subject;

/// A page of those before the id `$2`, at most `$3`, newest first.
///
/// What is gone counts as read even before its event has taken effect, and where two consumers missed each other's.
macro_rules! list {
    ($name:literal $(, $and:literal)?) => {
        Statement::read(
            $name,
            concat!(
                "SELECT n.id, n.type, n.team_id, a.team_key, n.task_id, n.task_key, n.title, n.actor_id, n.created_at,
                        coalesce(n.read_at, CASE WHEN s.gone THEN coalesce(s.ended_at, n.created_at) END), s.excerpt, s.deleted
                 FROM delivery.notifications n
                 CROSS JOIN LATERAL (SELECT a.team_key FROM identity.team_access a
                                     WHERE a.user_id = $1 AND a.team_id = n.team_id OFFSET 0) a",
                subject!(),
                "WHERE n.user_id = $1 AND n.id < $2",
                $($and,)?
                " ORDER BY n.id DESC LIMIT $3"
            ),
        )
    };
}

/// All of the caller's; along the primary key.
pub(super) static LIST: Statement = list!("list notifications");

/// What is unread; along the partial index.
pub(super) static LIST_UNREAD: Statement = list!("list unread notifications", " AND n.read_at IS NULL AND NOT s.gone");

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

/// Marks those before the id `$2` as read, at most `$3` of them, the newest first; gives how many weren't read before, how many
/// were looked at and the id of the last. Along the partial index, so that each part costs no more than the one before; the
/// limit comes before the look at the teams, and the rows are named by `ctid`, since some plans would otherwise go through
/// all that is unread for each part.
macro_rules! read_part {
    ($name:literal $(, $and:literal)?) => {
        Statement::write(
            $name,
            concat!(
                "WITH part AS (
                     SELECT n.id, n.ctid, n.team_id FROM delivery.notifications n
                     WHERE n.user_id = $1 AND n.id < $2::uuid AND n.read_at IS NULL",
                $($and,)?
                "    ORDER BY n.id DESC LIMIT $3::bigint
                 ), mine AS (
                     SELECT part.ctid FROM part
                     WHERE part.team_id IN (SELECT a.team_id FROM identity.team_access a WHERE a.user_id = $1)
                 ), updated AS (
                     UPDATE delivery.notifications n SET read_at = now()
                     WHERE n.ctid = ANY (ARRAY(SELECT ctid FROM mine)) AND n.read_at IS NULL
                     RETURNING n.id
                 )
                 SELECT (SELECT count(*) FROM updated), (SELECT count(*) FROM part),
                        (SELECT id FROM part ORDER BY id LIMIT 1)"
            ),
        )
    };
}

/// All of them.
pub(super) static READ_ALL: Statement = read_part!("read all notifications");

/// Those of tasks. IS TRUE keeps it off the index over tasks, where each part would step over those before it.
pub(super) static READ_OF_TASKS: Statement =
    read_part!("read notifications of tasks", " AND (n.task_id = ANY ($4::uuid[])) IS TRUE");

//! The statements that find a task's new place and put it there. They are run in one transaction: [`LOCK`] takes the row of
//! the task and then that of the team's log, so that of all moves in a team one after another sees where the one before has
//! put its task; what comes after it sees what was committed by then.

use platform::postgres::Statement;

use crate::log::queries::{advance, record};
use crate::statement::{ByTask, access, by_task};
use crate::tasks::queries::{columns, json};

/// The task and the team's log, locked; `$5` the versions that `If-Match` takes, or null. Before that, moves in one team take
/// turns: one that waited with its task locked would be in the way of another that must spread that task.
pub(in crate::tasks) static LOCK: ByTask = by_task!(write "lock task and log":
    { ", turn AS MATERIALIZED ( \
           SELECT pg_advisory_xact_lock(hashtextextended('move ' || access.team_id, 0)) FROM access), \
       old AS (SELECT t.* FROM access CROSS JOIN turn JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " WHERE t.deleted_at IS NULL FOR UPDATE OF t), \
       log AS (SELECT l.* FROM old JOIN tasks.team_log l ON l.team_id = old.team_id FOR UPDATE OF l) \
       SELECT access.allowed, $1 = ANY(t.assignees), $5::bigint[] IS NULL OR t.version = ANY($5), log.last_number, ",
       columns!(), " FROM access CROSS JOIN old t CROSS JOIN log" }
);

/// `max` or `min` of the positions of the team `$1` that fit, but for that of the task `$2`: the first in each status, and
/// of them the first. `tasks_team_id_status_position_idx`, once a status.
macro_rules! nearest {
    ($best:literal, $fit:literal, $order:literal) => {
        concat!(
            "(SELECT ",
            $best,
            "(p.position) FROM unnest($5::text[]) s (status) CROSS JOIN LATERAL ( \
                  SELECT position FROM tasks.tasks \
                  WHERE team_id = $1 AND status = s.status AND deleted_at IS NULL AND id <> $2 ",
            $fit,
            " \
                  ORDER BY position",
            $order,
            " LIMIT 1) p)"
        )
    };
}

/// Around the place where the task `$2` of the team `$1` is to go: the positions of the task `$3` that it goes before and of
/// that before it, of the task `$4` that it goes after and of that behind it, and of the topmost. `$5` all statuses.
pub(super) static AROUND: Statement = Statement::read(
    "around",
    concat!(
        "SELECT b.position, ",
        nearest!("max", "AND position < b.position", " DESC"),
        ", a.position, ",
        nearest!("min", "AND position > a.position", ""),
        ", ",
        nearest!("min", "", ""),
        " FROM (SELECT 1) one \
          LEFT JOIN tasks.tasks b ON b.id = $3::uuid AND b.team_id = $1::uuid AND b.deleted_at IS NULL AND b.id <> $2::uuid \
          LEFT JOIN tasks.tasks a ON a.id = $4::uuid AND a.team_id = $1 AND a.deleted_at IS NULL AND a.id <> $2"
    ),
);

/// At most `$4` tasks on each side of the position `$3` in the team `$1`, but for the task `$2`. `$5` all statuses. As above.
pub(super) static NEIGHBOURHOOD: Statement = Statement::read(
    "neighbourhood",
    "(SELECT p.id, p.position FROM unnest($5::text[]) s (status) CROSS JOIN LATERAL ( \
          SELECT id, position FROM tasks.tasks \
          WHERE team_id = $1::uuid AND status = s.status AND deleted_at IS NULL AND id <> $2::uuid AND position <= $3::text \
          ORDER BY position DESC LIMIT $4::bigint) p \
      ORDER BY p.position DESC LIMIT $4) \
     UNION ALL \
     (SELECT p.id, p.position FROM unnest($5::text[]) s (status) CROSS JOIN LATERAL ( \
          SELECT id, position FROM tasks.tasks \
          WHERE team_id = $1 AND status = s.status AND deleted_at IS NULL AND id <> $2 AND position > $3 \
          ORDER BY position LIMIT $4::bigint) p \
      ORDER BY p.position LIMIT $4)",
);

/// Locks these tasks, but for those that somebody else has locked: whoever has may wait for the log, which we have.
pub(super) static LOCK_THESE: Statement = Statement::write(
    "lock neighbourhood",
    "SELECT id FROM tasks.tasks WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL FOR UPDATE SKIP LOCKED",
);

/// Puts the tasks `$4` of the team `$2` at the positions `$5`, each with an event of its own, whose ids are `$6`; `$7`
/// traceparent. `tasks_pkey` for each.
pub(super) static SPREAD: Statement = Statement::write(
    "spread",
    concat!(
        access!("a.team_id = $2"),
        ", new AS MATERIALIZED ( \
             SELECT u.*, t.position AS before FROM unnest($4::uuid[], $5::text[], $6::uuid[]) WITH ORDINALITY \
                 u (id, position, event_id, n) JOIN tasks.tasks t ON t.id = u.id), \
         log AS ( \
             UPDATE tasks.team_log l SET revision = l.revision + cardinality($4), advanced_at = clock_timestamp() \
             FROM access WHERE l.team_id = access.team_id \
             RETURNING l.team_id, l.revision - cardinality($4) AS revision, l.advanced_at AS at), \
         task AS ( \
             UPDATE tasks.tasks t SET moved_to = new.position, version = t.version + 1, updated_at = log.at \
             FROM new CROSS JOIN log WHERE t.id = new.id RETURNING t.*), \
         event AS ( \
             INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, occurred_at, traceparent, data) \
             SELECT log.team_id, log.revision + new.n, new.event_id, 'task.moved', t.id, $1, log.at, $7::text, \
                    jsonb_build_object('task', ",
        json!(),
        ", 'previous', jsonb_build_object('position', new.before)) \
             FROM log CROSS JOIN task t JOIN new ON new.id = t.id CROSS JOIN access) \
         INSERT INTO tasks.outbox (team_id, revision) SELECT log.team_id, log.revision + new.n FROM log CROSS JOIN new"
    ),
);

/// Puts the task at the position `$5` and into the status `$6`, either null if it stays. `$7` event id, `$8` traceparent.
pub(in crate::tasks) static MOVE: ByTask = by_task!(write "move task":
    { ", old AS (SELECT t.* FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " WHERE t.deleted_at IS NULL), ", advance!("old" if "true"), ", \
       task AS ( \
           UPDATE tasks.tasks t \
           SET moved_to = COALESCE($5::text, t.moved_to), status = COALESCE($6::text, t.status), updated_at = log.at, \
               version = t.version + 1, \
               completed_at = CASE WHEN COALESCE($6, t.status) = 'completed' THEN COALESCE(t.completed_at, log.at) END \
           FROM old CROSS JOIN log WHERE t.id = old.id RETURNING t.*), ",
       record!("CASE WHEN t.status <> old.status THEN 'task.status_changed' ELSE 'task.moved' END" of "t.id" by ("$7", "$8")
               with ["'task', ", json!(), ", 'previous', \
                         CASE WHEN t.status <> old.status THEN jsonb_build_object('status', old.status) ELSE '{}' END || \
                         CASE WHEN t.position <> old.position \
                              THEN jsonb_build_object('position', old.position) ELSE '{}' END"]
               from "task t CROSS JOIN old CROSS JOIN access"),
       " SELECT ", columns!(), " FROM access CROSS JOIN task t" }
);

/// Every statement that moves tasks.
pub(crate) fn all() -> Vec<&'static Statement> {
    let by_task = [&LOCK, &MOVE].into_iter().flat_map(ByTask::all);
    by_task.chain([&AROUND, &NEIGHBOURHOOD, &LOCK_THESE, &SPREAD]).collect()
}

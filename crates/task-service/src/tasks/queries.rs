//! The statements on tasks, but for those of lists (see [`selection`](super::selection)). Each is one round trip and one transaction.
//!
//! The plans below were looked at with 100,000 tasks in 1,000 teams; `tests/it/plans.rs` asks PostgreSQL for them again.
//!
//! What the writing statements rely on, at READ COMMITTED:
//! - `FOR UPDATE` and `UPDATE … FROM` wait for whoever has the row and then go on with its newest version (EvalPlanQual).
//!   The other side of such a join must be a CTE, whose rows are kept as they were found; so no condition or value of an
//!   `UPDATE` below contains a subquery.
//! - The row of a task is locked before that of its team's log, everywhere, so that no two statements wait for each other.
//! - Times are taken after the log is locked, so that they rise with the revisions as long as the clock itself does.

use platform::postgres::Statement;

use crate::idempotency::{answer, answered, claim, used_key};
use crate::log::queries::{advance, head, record};
use crate::statement::{ByTask, ByTeam, by_task, by_team, many};

/// The columns that [`view::task`](super::view::task) reads, of the task `t`, below `access`.
macro_rules! columns {
    () => {
        "t.id, t.team_id, t.number, upper(access.team_key) || '-' || t.number, t.title, t.description, t.status, \
         t.priority, t.assignees, t.due_at, t.created_by, t.created_at, t.updated_at, t.completed_at, t.version, t.labels, t.position"
    };
}

/// A moment as `domain::timestamp` writes it. The colons are quoted, as pgbench takes `:MI` for a variable of its own.
macro_rules! moment {
    ($at:literal) => {
        concat!("to_char(", $at, " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24\":\"MI\":\"SS.US\"Z\"')")
    };
}

/// The task `t` as `domain::TaskView` goes over the wire.
macro_rules! json {
    () => {
        concat!(
            "jsonb_build_object('id', t.id, 'team_id', t.team_id, 'number', t.number, \
             'key', upper(access.team_key) || '-' || t.number, 'title', t.title, 'description', t.description, \
             'status', t.status, 'priority', t.priority, 'assignees', t.assignees, 'due_at', ",
            $crate::tasks::queries::moment!("t.due_at"),
            ", 'created_by', t.created_by, 'created_at', ",
            $crate::tasks::queries::moment!("t.created_at"),
            ", 'updated_at', ",
            $crate::tasks::queries::moment!("t.updated_at"),
            ", 'completed_at', ",
            $crate::tasks::queries::moment!("t.completed_at"),
            ", 'version', t.version, 'labels', t.labels, 'position', t.position)"
        )
    };
}

/// Which of the labels in `$list` the team doesn't have, or null. Those that it has can't be deleted before the statement is
/// done; to be asked before any task is locked, as whoever deletes a label locks it first and its tasks then.
macro_rules! unknown {
    ($list:literal) => {
        concat!(
            "(SELECT array_agg(u.label_id) FROM unnest(",
            $list,
            "::uuid[]) u (label_id) \
              WHERE (SELECT true FROM tasks.labels b \
                     WHERE b.id = u.label_id AND b.team_id = access.team_id FOR KEY SHARE) IS NULL)"
        )
    };
}

pub(crate) use {columns, json, moment};

/// Which of the assignees in `$list` aren't in the team: their places from 0, or null. `$unless` lets some through.
/// One index lookup an assignee: as a scalar subquery, which PostgreSQL doesn't turn into a join with all members.
macro_rules! strangers {
    ($list:literal, $unless:literal) => {
        concat!(
            "(SELECT array_agg(u.n::integer - 1 ORDER BY u.n) FROM unnest(",
            $list,
            "::uuid[]) WITH ORDINALITY u (user_id, n) \
              WHERE (SELECT true FROM identity.team_access m \
                     WHERE m.team_id = access.team_id AND m.user_id = u.user_id) IS NULL",
            $unless,
            ")"
        )
    };
}

/// The team and its revision: whether a page that somebody has, or that is kept here, is still true. Two index lookups.
pub(crate) static REVISION: ByTeam = by_team!(read "revision":
    " SELECT access.team_id, ", head!(), " FROM access \
      LEFT JOIN tasks.team_log l ON l.team_id = access.team_id WHERE access.allowed"
);

/// The same for many at once.
pub(crate) static REVISIONS: Statement = many!("revisions":
    "$1::uuid[], $2::uuid[]" => "user_id, team_id"
    { "access.team_id, ", head!() }
    { "LEFT JOIN tasks.team_log l ON l.team_id = access.team_id" }
);

/// A task. `tasks_pkey` or `tasks_team_id_number_idx`.
pub(crate) static GET: ByTask = by_task!(read "get task":
    { " SELECT ", columns!(), " FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " WHERE access.allowed AND t.deleted_at IS NULL" }
);

/// The same for many at once, each by ids.
pub(crate) static GET_MANY: Statement = many!("get tasks":
    "$1::uuid[], $2::uuid[], $4::uuid[]" => "user_id, team_id, task_id"
    { columns!() }
    { "JOIN tasks.tasks t ON t.team_id = access.team_id AND t.id = q.task_id WHERE t.deleted_at IS NULL" }
);

/// `checked`, `log`, `task`, `event` and `ticket` of a created task. `$4` its id, `$5` the event's, `$6` traceparent, `$7`
/// title, `$8` description, `$9` status, `$10` priority, `$11` assignees, `$12` due, `$13` labels. `$if` may hold it back.
macro_rules! create {
    ($if:literal) => {
        concat!(
            "checked AS MATERIALIZED ( \
                 SELECT access.*, ", strangers!("$11", ""), " AS strangers, ", unknown!("$13"), " AS unknown FROM access), \
             log AS ( \
                 INSERT INTO tasks.team_log AS l (team_id, revision, advanced_at, last_number) \
                 SELECT c.team_id, 1, clock_timestamp(), 1 FROM checked c \
                 WHERE c.allowed AND c.strangers IS NULL AND c.unknown IS NULL", $if, " \
                 ON CONFLICT (team_id) DO UPDATE \
                 SET revision = l.revision + 1, advanced_at = clock_timestamp(), last_number = l.last_number + 1 \
                 RETURNING l.team_id, l.revision, l.last_number, l.advanced_at AS at), \
             task AS ( \
                 INSERT INTO tasks.tasks (id, team_id, number, title, description, status, priority, assignees, due_at, \
                                          created_by, created_at, updated_at, completed_at, labels) \
                 SELECT $4::uuid, log.team_id, log.last_number, $7::text, $8::text, $9::text, $10::text, $11::uuid[], \
                        $12::timestamptz, $1, log.at, log.at, CASE WHEN $9 = 'completed' THEN log.at END, $13::uuid[] \
                 FROM log RETURNING *), ",
            record!("'task.created'" of "t.id" by ("$5", "$6")
                    with ["'task', ", json!(), ", 'previous', '{}'::jsonb"] from "task t CROSS JOIN access")
        )
    };
}

/// Makes a task. `team_access` by key, then `team_log_pkey`; the rest are inserts.
pub(super) static CREATE: ByTeam = by_team!(write "create task":
    ", ", create!(""),
    " SELECT access.allowed, access.strangers, access.unknown, ", columns!(),
    " FROM checked access LEFT JOIN task t ON true"
);

/// Makes a task under the `Idempotency-Key` `$14` of a request whose hash is `$15`; see [`idempotency`](crate::idempotency),
/// which also makes it safe to send again when its answer got lost. `idempotency_keys_pkey` twice, else as above.
pub(super) static CREATE_ONCE: ByTeam = by_team!(write "create task once":
    ", ", used_key!("$14"), ", ", create!(" AND NOT EXISTS (SELECT FROM used)"), ", ", claim!("$14", "$15"),
    " SELECT access.allowed, access.strangers, access.unknown, ", columns!(), ", ", answer!("$15", "task"),
    " FROM checked access LEFT JOIN task t ON true ", answered!()
)
.repeatable();

/// Changes a task. `$5`: only the status is to change, so that an assignee may; `$6` event id, `$7` traceparent, `$8` the
/// versions that `If-Match` takes, or null; then what to set, null for what stays: `$9` title, `$10` description, `$11`
/// status, `$12` priority, `$13` assignees, if `$14`, due to `$15`, and `$16` labels.
///
/// `tasks_pkey` or `tasks_team_id_number_idx` for the lock, `team_log_pkey`, and `tasks_pkey` for the change.
pub(super) static UPDATE: ByTask = by_task!(write "update task":
    { ", known AS MATERIALIZED (SELECT ", unknown!("$16"), " AS unknown FROM access), \
       old AS ( \
           SELECT t.* FROM access CROSS JOIN known JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " WHERE t.deleted_at IS NULL FOR UPDATE OF t), \
       new AS MATERIALIZED ( \
           SELECT old.id, COALESCE($9::text, old.title) AS title, COALESCE($10::text, old.description) AS description, \
                  COALESCE($11::text, old.status) AS status, COALESCE($12::text, old.priority) AS priority, \
                  COALESCE($13::uuid[], old.assignees) AS assignees, \
                  CASE WHEN $14::boolean THEN $15::timestamptz ELSE old.due_at END AS due_at, \
                  COALESCE($16::uuid[], old.labels) AS labels \
           FROM old), \
       checked AS MATERIALIZED ( \
           SELECT access.team_id, \
                  access.allowed OR ($5::boolean AND $1 = ANY(old.assignees)) AS allowed, \
                  $8::bigint[] IS NULL OR old.version = ANY($8) AS current, ",
                  strangers!("$13", " AND u.user_id <> ALL(old.assignees)"), " AS strangers, known.unknown, \
                  (new.title, new.description, new.status, new.priority, new.assignees, new.due_at, new.labels) \
                  IS DISTINCT FROM \
                  (old.title, old.description, old.status, old.priority, old.assignees, old.due_at, old.labels) AS differs \
           FROM access CROSS JOIN known CROSS JOIN old CROSS JOIN new), \
       verdict AS MATERIALIZED ( \
           SELECT c.*, c.allowed AND c.current AND c.strangers IS NULL AND c.unknown IS NULL AND c.differs AS apply \
           FROM checked c), ",
       advance!("verdict" if "verdict.apply"), ", \
       task AS ( \
           UPDATE tasks.tasks t \
           SET title = new.title, description = new.description, status = new.status, priority = new.priority, \
               assignees = new.assignees, due_at = new.due_at, labels = new.labels, updated_at = log.at, version = t.version + 1, \
               completed_at = CASE WHEN new.status = 'completed' THEN COALESCE(t.completed_at, log.at) END \
           FROM new CROSS JOIN log WHERE t.id = new.id RETURNING t.*), \
", record!(
           "CASE WHEN t.status <> old.status THEN 'task.status_changed' \
                 WHEN t.assignees <> old.assignees THEN 'task.assigned' ELSE 'task.updated' END"
           of "t.id" by ("$6", "$7")
           with ["'task', ", json!(), ", 'previous', \
                      CASE WHEN t.title <> old.title \
                           THEN jsonb_build_object('title', old.title) ELSE '{}' END || \
                      CASE WHEN t.description <> old.description \
                           THEN jsonb_build_object('description', old.description) ELSE '{}' END || \
                      CASE WHEN t.status <> old.status \
                           THEN jsonb_build_object('status', old.status) ELSE '{}' END || \
                      CASE WHEN t.priority <> old.priority \
                           THEN jsonb_build_object('priority', old.priority) ELSE '{}' END || \
                      CASE WHEN t.assignees <> old.assignees \
                           THEN jsonb_build_object('assignees', old.assignees) ELSE '{}' END || \
                      CASE WHEN t.labels <> old.labels \
                           THEN jsonb_build_object('labels', old.labels) ELSE '{}' END || \
                      CASE WHEN t.due_at IS DISTINCT FROM old.due_at \
                           THEN jsonb_build_object('due_at', ", moment!("old.due_at"), ") ELSE '{}' END"]
           from "task t CROSS JOIN old CROSS JOIN access"), " \
       SELECT verdict.allowed, verdict.current, verdict.strangers, verdict.unknown, verdict.apply, \
              verdict.apply AND t.status = 'completed' AND old.status <> 'completed', ", columns!(),
     " FROM access CROSS JOIN verdict CROSS JOIN old \
       JOIN (SELECT * FROM task UNION ALL SELECT old.* FROM old) t ON t.version = old.version + verdict.apply::integer" }
);

/// Deletes a task: it is kept, but nobody sees it any more. `$5` event id, `$6` traceparent, `$7` the versions that
/// `If-Match` takes, or null. Plans as above.
pub(super) static DELETE: ByTask = by_task!(write "delete task":
    { ", old AS ( \
           SELECT t.* FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " WHERE t.deleted_at IS NULL FOR UPDATE OF t), \
       verdict AS MATERIALIZED ( \
           SELECT old.id, access.team_id, access.allowed, $7::bigint[] IS NULL OR old.version = ANY($7) AS current \
           FROM access CROSS JOIN old), ",
       advance!("verdict" if "verdict.allowed AND verdict.current"), ", \
       gone AS ( \
           UPDATE tasks.tasks t SET deleted_at = log.at FROM verdict CROSS JOIN log WHERE t.id = verdict.id), \
", record!("'task.deleted'" of "t.id" by ("$5", "$6")
                    with ["'task', ", json!(), ", 'previous', '{}'::jsonb"] from "old t CROSS JOIN access"), " \
       SELECT verdict.allowed, verdict.current, old.version, verdict.team_id FROM verdict CROSS JOIN old" }
);

/// Those that look up for many requests at once.
pub(crate) fn gathered() -> Vec<&'static Statement> {
    vec![&REVISIONS, &GET_MANY]
}

/// Every other statement on tasks.
pub(crate) fn all() -> Vec<&'static Statement> {
    let by_team = [&REVISION, &CREATE, &CREATE_ONCE].into_iter().flat_map(ByTeam::all);
    by_team.chain([&GET, &UPDATE, &DELETE].into_iter().flat_map(ByTask::all)).collect()
}

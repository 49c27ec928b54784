//! Every statement on comments. Those that write lock the task first, so that nothing is said of a task that is gone.

use platform::postgres::Statement;

use crate::idempotency::{answer, answered, claim, used_key};
use crate::log::queries::{advance, record};
use crate::statement::{ByTask, by_task, bytes_before, page_bytes};
use crate::tasks::queries::{json as task_json, moment};

/// The columns that [`view::comment`](super::view::comment) reads, of the comment `c`.
macro_rules! columns {
    () => {
        "c.id, c.task_id, c.author_id, c.body, c.created_at, c.updated_at"
    };
}

/// What an event about the comment `c` on the task `t` carries.
macro_rules! data {
    ($previous:literal) => {
        concat!(
            "'task', ",
            task_json!(),
            ", 'comment', jsonb_build_object('id', c.id, 'task_id', c.task_id, 'author_id', c.author_id, 'body', c.body, \
             'created_at', ",
            moment!("c.created_at"),
            ", 'updated_at', ",
            moment!("c.updated_at"),
            "), 'previous', ",
            $previous
        )
    };
}

/// A page of comments next to the one of the time `$5` with the id `$6`; `$7` how many. One row with nulls tells a task
/// without comments from no task; `found` is how many there would be but for their bytes. The task as in `tasks::queries::GET`, then `comments_task_id_idx` from either end.
macro_rules! list {
    ($side:literal, $direction:literal) => {
        by_task!(read "list comments":
            { " SELECT ", columns!(), ", c.found FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
            task { concat!(
                " LEFT JOIN LATERAL (SELECT c.*, ",
                bytes_before!("c.body" by "c.created_at " $direction ", c.id " $direction),
                " FROM (SELECT * FROM tasks.comments WHERE task_id = t.id AND (created_at, id) ", $side,
                " ($5::timestamptz, $6::uuid) ORDER BY created_at ", $direction, ", id ", $direction,
                " LIMIT $7::bigint) c) c ON c.bytes_before < ", page_bytes!(),
                " WHERE access.allowed AND t.deleted_at IS NULL"
            ) }
        )
    };
}

/// After `$5` and `$6`, oldest first.
pub(super) static OLDEST: ByTask = list!(">", "ASC");

/// Before `$5` and `$6`, newest first.
pub(super) static NEWEST: ByTask = list!("<", "DESC");

/// The comment `$5`. The task as in `tasks::queries::GET`, then `comments_pkey`.
pub(super) static GET: ByTask = by_task!(read "get comment":
    { " SELECT ", columns!(), " FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " JOIN tasks.comments c ON c.task_id = t.id AND c.id = $5::uuid \
             WHERE access.allowed AND t.deleted_at IS NULL" }
);

/// Makes a comment. `$5` its id, `$6` the event's, `$7` traceparent, `$8` body, and under the `Idempotency-Key` `$9`, if it
/// isn't null, of a request whose hash is `$10`.
pub(super) static CREATE: ByTask = by_task!(write "create comment":
    { ", ", used_key!("$9"), ", \
       old AS (SELECT t.* FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { " WHERE t.deleted_at IS NULL FOR UPDATE OF t), \
       checked AS MATERIALIZED ( \
           SELECT access.team_id, access.allowed OR $1 = ANY(old.assignees) AS allowed FROM access CROSS JOIN old), \
       verdict AS MATERIALIZED (SELECT c.*, c.allowed AND NOT EXISTS (SELECT FROM used) AS apply FROM checked c), ",
       advance!("verdict" if "verdict.apply"), ", \
       comment AS ( \
           INSERT INTO tasks.comments (id, task_id, author_id, body, created_at, updated_at) \
           SELECT $5::uuid, old.id, $1, $8::text, log.at, log.at FROM old CROSS JOIN log RETURNING *), ",
       record!("'comment.created'" of "t.id" by ("$6", "$7") with [data!("'{}'::jsonb")]
               from "comment c CROSS JOIN old t CROSS JOIN access"),
       ", ", claim!("$9", "$10"),
       " SELECT verdict.allowed, verdict.team_id, ", columns!(), ", ", answer!("$10", "comment"),
       " FROM verdict LEFT JOIN comment c ON true ", answered!() }
);

/// `old`, the task, and `was`, the comment `$5` on it, both locked.
macro_rules! locked {
    () => {
        " WHERE t.deleted_at IS NULL FOR UPDATE OF t), \
         was AS (SELECT c.* FROM old JOIN tasks.comments c ON c.task_id = old.id AND c.id = $5::uuid FOR UPDATE OF c), "
    };
}

/// Changes the comment `$5`, which its author may, whatever their role by now. `$6` event id, `$7` traceparent, `$8` body.
pub(super) static UPDATE: ByTask = by_task!(write "update comment":
    { ", old AS (SELECT t.* FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { locked!(), "verdict AS MATERIALIZED ( \
           SELECT was.id, access.team_id, was.author_id = $1 AS allowed, was.author_id = $1 AND was.body <> $8::text AS apply \
           FROM access CROSS JOIN was), ",
       advance!("verdict" if "verdict.apply"), ", \
       comment AS ( \
           UPDATE tasks.comments c SET body = $8, updated_at = log.at \
           FROM verdict CROSS JOIN log WHERE c.id = verdict.id RETURNING c.*), ",
       record!("'comment.updated'" of "t.id" by ("$6", "$7") with [data!("jsonb_build_object('body', was.body)")]
               from "comment c CROSS JOIN was CROSS JOIN old t CROSS JOIN access"),
       " SELECT verdict.allowed, verdict.apply, verdict.team_id, ", columns!(),
       " FROM verdict JOIN (SELECT comment.*, true AS changed FROM comment UNION ALL SELECT was.*, false FROM was) c \
         ON c.changed = verdict.apply" }
);

/// Deletes the comment `$5`, which its author may, and whose role is one of `$3`. `$6` event id, `$7` traceparent.
pub(super) static DELETE: ByTask = by_task!(write "delete comment":
    { ", old AS (SELECT t.* FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { locked!(), "verdict AS MATERIALIZED ( \
           SELECT was.id, access.team_id, access.allowed OR was.author_id = $1 AS allowed FROM access CROSS JOIN was), ",
       advance!("verdict" if "verdict.allowed"), ", \
       gone AS (DELETE FROM tasks.comments c USING verdict CROSS JOIN log WHERE c.id = verdict.id), ",
       record!("'comment.deleted'" of "t.id" by ("$6", "$7") with [data!("'{}'::jsonb")]
               from "was c CROSS JOIN old t CROSS JOIN access"),
       " SELECT verdict.allowed, verdict.team_id FROM verdict" }
);

/// Every statement on comments.
pub(crate) fn all() -> Vec<&'static Statement> {
    [&OLDEST, &NEWEST, &GET, &CREATE, &UPDATE, &DELETE].into_iter().flat_map(ByTask::all).collect()
}

//! How a statement writes to the log, and the statements that read it.

use platform::postgres::Statement;

use crate::statement::{ByTask, ByTeam, by_task, by_team, page_bytes};

/// `log AS (…)`: takes the team's next revision if `$if`, which is of `$from` as is the team. From here on the statement
/// has the team's row locked, so the time that it takes is after that of the revision before.
macro_rules! advance {
    ($from:literal if $if:literal) => {
        concat!(
            "log AS ( \
                 UPDATE tasks.team_log l SET revision = l.revision + 1, advanced_at = clock_timestamp() FROM ",
            $from,
            " WHERE ",
            $if,
            " AND l.team_id = ",
            $from,
            ".team_id RETURNING l.team_id, l.revision, l.advanced_at AS at)"
        )
    };
}

/// `event AS (…), ticket AS (…)`: writes down what happened under the revision of `log`. `$event` and `$trace` are the
/// parameters with the event's id and the traceparent; `$data` may speak of `$from`.
macro_rules! record {
    ($kind:literal of $task:literal by ($event:literal, $trace:literal) with [$($data:tt)*] from $from:literal) => {
        concat!(
            "event AS ( \
                 INSERT INTO tasks.events (team_id, revision, id, type, task_id, actor_id, occurred_at, traceparent, data) \
                 SELECT log.team_id, log.revision, ", $event, "::uuid, ", $kind, ", ", $task, ", $1, log.at, ",
            $trace, "::text, jsonb_build_object(", $($data)*, ") FROM log CROSS JOIN ", $from,
            "), ticket AS (INSERT INTO tasks.outbox (team_id, revision) SELECT log.team_id, log.revision FROM log)"
        )
    };
}

/// The columns that [`Head::of`](super::head::Head::of) reads, of the team's log `l`.
macro_rules! head {
    () => {
        "COALESCE(l.revision, 0), l.advanced_at"
    };
}

pub(crate) use {advance, head, record};

/// The columns that [`event::event`](super::event::event) reads.
macro_rules! columns {
    () => {
        "e.revision, e.id, e.type, e.task_id, e.actor_id, e.occurred_at, e.data"
    };
}

/// `SELECT …`: the events of `$which`, from those of `$begin` on in the order `$by`, where `$next` is what comes after `page`, as
/// far as their bytes allow, each with the number that there would be. It goes from one to the next and reads one too many:
/// how long an event is must be found out by reading it.
macro_rules! within_bytes {
    ($which:literal from $begin:literal by $by:literal then $next:literal limit $limit:literal) => {
        concat!(
            "WITH RECURSIVE page AS (( \
                 SELECT e.*, 1::bigint AS n, 0::bigint AS bytes_before, octet_length(e.data::text) AS bytes \
                 FROM tasks.events e WHERE ",
            $which,
            " AND ",
            $begin,
            " ORDER BY ",
            $by,
            " LIMIT 1) UNION ALL \
                 SELECT e.*, page.n + 1, page.bytes_before + page.bytes, octet_length(e.data::text) \
                 FROM page CROSS JOIN LATERAL (SELECT * FROM tasks.events WHERE ",
            $which,
            " AND ",
            $next,
            " ORDER BY ",
            $by,
            " LIMIT 1) e WHERE page.n < ",
            $limit,
            " AND page.bytes_before < ",
            page_bytes!(),
            ") SELECT * FROM (SELECT *, count(*) OVER () AS found FROM page) e WHERE e.bytes_before < ",
            page_bytes!()
        )
    };
}

/// A page of the log: `$4` is the revision that the page before ended with, `$5` how many. As with tasks, one row with
/// nulls tells an empty log from no team. `team_access` by key, `team_log_pkey`, then `events_pkey` backwards as far as
/// the page goes.
pub(super) static ACTIVITY: ByTeam = by_team!(read "list activity":
    " SELECT ", head!(), ", ", columns!(),
    ", e.found FROM access LEFT JOIN tasks.team_log l ON l.team_id = access.team_id LEFT JOIN LATERAL (",
    within_bytes!(
        "team_id = access.team_id" from "revision < $4::bigint" by "revision DESC" then "revision < page.revision"
        limit "$5::bigint"
    ),
    ") e ON true WHERE access.allowed"
);

/// The same of one task: `$5` is the revision that the page before ended with, `$6` how many. `events_task_id_idx`
/// backwards as far as the page goes.
pub(super) static HISTORY: ByTask = by_task!(read "list history":
    { " SELECT 0::bigint, NULL::timestamptz, ", columns!(),
      ", e.found FROM access JOIN tasks.tasks t ON t.team_id = access.team_id AND " }
    task { concat!(
        " LEFT JOIN LATERAL (",
        within_bytes!(
            "team_id = access.team_id AND task_id = t.id" from "revision < $5::bigint" by "revision DESC"
            then "revision < page.revision" limit "$6::bigint"
        ),
        ") e ON true WHERE access.allowed AND t.deleted_at IS NULL"
    ) }
);

/// What happened after the revision `$4`, oldest first, at most `$5`, and when `$4` itself, or the last revision if that is
/// earlier, happened. One row with nulls tells of nothing new. `team_access` by key, `team_log_pkey`, then `events_pkey` as far as the page goes.
pub(super) static CHANGES: ByTeam = by_team!(read "list changes":
    " SELECT access.team_id, COALESCE(l.revision, 0), since.occurred_at, ", columns!(),
    ", e.found FROM access LEFT JOIN tasks.team_log l ON l.team_id = access.team_id \
      LEFT JOIN LATERAL (SELECT occurred_at FROM tasks.events \
                         WHERE team_id = access.team_id AND revision = LEAST($4::bigint, l.revision)) since ON true \
      LEFT JOIN LATERAL (",
    within_bytes!(
        "team_id = access.team_id" from "revision > $4::bigint" by "revision" then "revision > page.revision"
        limit "$5::bigint"
    ),
    ") e ON true WHERE access.allowed"
);

/// Every statement that reads the log.
pub(crate) fn all() -> Vec<&'static Statement> {
    ACTIVITY.all().into_iter().chain(HISTORY.all()).chain(CHANGES.all()).collect()
}

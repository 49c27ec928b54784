//! The statement that counts.

use platform::postgres::Statement;

use crate::log::queries::head;
use crate::statement::{ByTeam, by_team};

/// Counts over days of the tasks that there are: made and completed by day, and what is open now by status and by assignee; as
/// JSON. `$4` is the first day, `$5` the moments at which the days begin, the oldest first.
///
/// Numbers rise with time, so the first number of the first day is found by halving, with a look at
/// `tasks_team_id_number_idx` each; along the same index come the tasks made since, along
/// `tasks_team_id_completed_at_idx` those completed since, along `tasks_team_id_status_number_idx` those that are open.
pub(super) static STATS: ByTeam = by_team!(read "stats":
    ", period AS MATERIALIZED ( \
         SELECT $4::date AS first, ($5::timestamptz[])[1] AS start), \
     since AS MATERIALIZED ( \
         WITH RECURSIVE halves (low, high) AS ( \
             SELECT 1::bigint, l.last_number + 1 \
             FROM access JOIN tasks.team_log l ON l.team_id = access.team_id WHERE access.allowed \
             UNION ALL \
             SELECT CASE WHEN p.earlier THEN p.number + 1 ELSE h.low END, \
                    CASE WHEN p.earlier THEN h.high ELSE (h.low + h.high) / 2 END \
             FROM halves h CROSS JOIN access CROSS JOIN period LEFT JOIN LATERAL ( \
                 SELECT t.number, t.created_at < period.start AS earlier FROM tasks.tasks t \
                 WHERE t.team_id = access.team_id AND t.deleted_at IS NULL AND t.number >= (h.low + h.high) / 2 \
                 ORDER BY t.number LIMIT 1) p ON true \
             WHERE h.low < h.high) \
         SELECT max(low) AS number FROM halves), \
     created AS ( \
         SELECT width_bucket(t.created_at, $5) AS day, count(*) AS tasks \
         FROM access CROSS JOIN since JOIN tasks.tasks t \
              ON t.team_id = access.team_id AND t.deleted_at IS NULL AND t.number >= since.number \
         GROUP BY 1), \
     completed AS ( \
         SELECT width_bucket(t.completed_at, $5) AS day, count(*) AS tasks \
         FROM access CROSS JOIN period JOIN tasks.tasks t \
              ON t.team_id = access.team_id AND t.deleted_at IS NULL AND t.completed_at >= period.start \
         GROUP BY 1), \
     open AS MATERIALIZED ( \
         SELECT t.status, t.assignees, count(*) AS tasks FROM access CROSS JOIN unnest('{pending,in_progress,blocked}'::text[]) s (status) \
         JOIN tasks.tasks t ON t.team_id = access.team_id AND t.status = s.status AND t.deleted_at IS NULL \
         WHERE access.allowed GROUP BY 1, 2), \
     by_assignee AS ( \
         SELECT a.user_id, sum(open.tasks)::bigint AS tasks FROM open LEFT JOIN LATERAL unnest(open.assignees) a (user_id) ON true \
         GROUP BY 1) \
     SELECT ", head!(), ", \
            (SELECT json_agg(json_build_object('date', (period.first + n)::text, 'created', COALESCE(c.tasks, 0), \
                                               'completed', COALESCE(d.tasks, 0)) ORDER BY n) \
             FROM period CROSS JOIN generate_series(0, cardinality($5) - 1) n \
             LEFT JOIN created c ON c.day = n + 1 LEFT JOIN completed d ON d.day = n + 1), \
            (SELECT json_build_object('pending', COALESCE(sum(tasks) FILTER (WHERE status = 'pending'), 0), \
                                      'in_progress', COALESCE(sum(tasks) FILTER (WHERE status = 'in_progress'), 0), \
                                      'blocked', COALESCE(sum(tasks) FILTER (WHERE status = 'blocked'), 0)) FROM open), \
            (SELECT COALESCE(json_agg(json_build_object('user_id', user_id, 'count', tasks) ORDER BY tasks DESC, user_id), \
                             '[]') FROM by_assignee), \
            access.team_id \
     FROM access LEFT JOIN tasks.team_log l ON l.team_id = access.team_id WHERE access.allowed"
);

/// Every statement that counts.
pub(crate) fn all() -> Vec<&'static Statement> {
    STATS.all().to_vec()
}

//! The statement that leases tickets.

use platform::postgres::Statement;

/// Leases tickets from `$1` on for `$4` seconds, at most `$2`, with events of about `$5` bytes in all, and gives them with
/// their events; and the first of the tickets that were free and are left, if any, as the last column of every row. A row
/// without a ticket has that alone.
///
/// The teams take turns among the next `$3` free tickets, so that who changes much delays nobody else. Relays don't wait for
/// each other (SKIP LOCKED). The tickets come along the primary key, whose scan ends at the limit; ARRAY and LATERAL keep it
/// so that each ticket and each event is then fetched by its key.
///
/// What is long in an event (the description, the text of a comment, and what they were before) becomes an empty text: no
/// effect needs it, and it would fill the memory of everything on the way. `strict` finds nothing in what has another shape,
/// where jsonb_set would fail; `|| '{}'` reads what is stored apart once instead of with each call.
pub(super) static LEASE: Statement = Statement::write(
    "lease",
    "WITH free AS MATERIALIZED (
         SELECT seq, team_id FROM tasks.outbox WHERE seq >= $1::bigint AND visible_at <= now() ORDER BY seq LIMIT $3::bigint
     ), taken AS (
         SELECT seq, attempts, team_id, revision FROM tasks.outbox
         WHERE visible_at <= now() AND seq = ANY (ARRAY(
             SELECT seq FROM (SELECT seq, row_number() OVER (PARTITION BY team_id ORDER BY seq) AS turn FROM free) f
             ORDER BY turn, seq LIMIT $2::bigint
         ))
         ORDER BY seq FOR UPDATE SKIP LOCKED
     ), sized AS (
         SELECT t.seq, t.attempts, t.team_id, t.revision, e.id, e.type, e.actor_id, e.occurred_at, e.traceparent, e.data,
                sum(octet_length(e.data)) OVER (ORDER BY t.seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
         FROM taken t
         LEFT JOIN LATERAL (
             SELECT w.id, w.type, w.actor_id, w.occurred_at, w.traceparent, four.data::text
             FROM (SELECT f.id, f.type, f.actor_id, f.occurred_at, f.traceparent, f.data || '{}' AS data
                   FROM tasks.event_feed f WHERE f.team_id = t.team_id AND f.revision = t.revision LIMIT 1) w
             CROSS JOIN LATERAL (SELECT CASE WHEN w.data @? 'strict $.task.description'
                 THEN jsonb_set(w.data, '{task,description}', '\"\"') ELSE w.data END AS data OFFSET 0) one
             CROSS JOIN LATERAL (SELECT CASE WHEN one.data @? 'strict $.comment.body'
                 THEN jsonb_set(one.data, '{comment,body}', '\"\"') ELSE one.data END AS data OFFSET 0) two
             CROSS JOIN LATERAL (SELECT CASE WHEN two.data @? 'strict $.previous.description'
                 THEN jsonb_set(two.data, '{previous,description}', '\"\"') ELSE two.data END AS data OFFSET 0) three
             CROSS JOIN LATERAL (SELECT CASE WHEN three.data @? 'strict $.previous.body'
                 THEN jsonb_set(three.data, '{previous,body}', '\"\"') ELSE three.data END AS data OFFSET 0) four
         ) e ON true
     ), leased AS (
         UPDATE tasks.outbox SET visible_at = now() + make_interval(secs => $4::float8)
         WHERE seq = ANY (ARRAY(SELECT seq FROM sized WHERE coalesce(before, 0) < $5::bigint))
         RETURNING seq
     )
     SELECT s.seq, s.attempts, s.team_id, s.revision, s.id, s.type, s.actor_id, s.occurred_at, s.traceparent, s.data, l.first
     FROM (SELECT min(f.seq) AS first FROM free f WHERE f.seq <> ALL (ARRAY(SELECT seq FROM leased))) l
     LEFT JOIN sized s ON s.seq = ANY (ARRAY(SELECT seq FROM leased))
     ORDER BY s.seq",
);

/// Lets tickets be leased again after `$2` seconds, without counting a failure.
pub(super) static DEFER: Statement = Statement::write(
    "defer",
    "UPDATE tasks.outbox SET visible_at = now() + make_interval(secs => $2::float8) WHERE seq = ANY ($1::bigint[])",
);

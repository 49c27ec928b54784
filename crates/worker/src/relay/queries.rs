//! The statement that leases tickets.

use platform::postgres::Statement;

/// Leases the next tickets from `$1` on, at most `$2`, for `$3` seconds, and gives them with their events.
///
/// Relays don't wait for each other (SKIP LOCKED). The tickets come along the primary key, whose scan ends at
/// the limit; ARRAY and LATERAL keep it so that each ticket and each event is then fetched by its key.
pub(super) static LEASE: Statement = Statement::write(
    "lease",
    "WITH leased AS (
         UPDATE tasks.outbox SET visible_at = now() + make_interval(secs => $3::float8)
         WHERE seq = ANY (ARRAY(
             SELECT seq FROM tasks.outbox WHERE seq >= $1::bigint AND visible_at <= now()
             ORDER BY seq LIMIT $2::bigint FOR UPDATE SKIP LOCKED
         ))
         RETURNING seq, attempts, team_id, revision
     )
     SELECT l.seq, l.attempts, l.team_id, l.revision, e.id, e.type, e.actor_id, e.occurred_at, e.traceparent, e.data
     FROM leased l
     LEFT JOIN LATERAL (
         SELECT f.id, f.type, f.actor_id, f.occurred_at, f.traceparent, f.data::text
         FROM tasks.event_feed f WHERE f.team_id = l.team_id AND f.revision = l.revision LIMIT 1
     ) e ON true",
);

/// Lets tickets be leased again after `$2` seconds, without counting a failure.
pub(super) static DEFER: Statement = Statement::write(
    "defer",
    "UPDATE tasks.outbox SET visible_at = now() + make_interval(secs => $2::float8) WHERE seq = ANY ($1::bigint[])",
);

//! Every statement on dead letters.

use platform::postgres::Statement;

/// Tickets for dead letters, in one go.
pub(super) static BURY: Statement = Statement::write(
    "bury",
    "WITH letter AS (
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::int[])
                       AS l (id, seq, team_id, revision, message, error, attempts)
     ), mine AS (
         DELETE FROM tasks.outbox o USING letter l
         WHERE o.seq = l.seq AND o.team_id = l.team_id AND o.revision = l.revision
         RETURNING o.seq, o.team_id, o.revision
     )
     INSERT INTO delivery.dead_letters (id, team_id, revision, message, error, attempts)
     SELECT l.id, l.team_id, l.revision, l.message, l.error, l.attempts FROM letter l JOIN mine USING (seq, team_id, revision)",
);

pub(super) static KEEP_POISON: Statement = Statement::write(
    "keep poison",
    "INSERT INTO delivery.dead_letters (id, message, error, attempts)
     SELECT p.id, p.message, p.error, 1 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS p (id, message, error)
     ON CONFLICT (id) DO NOTHING",
);

/// A letter for a fresh ticket, at most 1000 at a time; `$1` is null for all of them.
pub(super) const REPLAY: &str = "
    WITH mine AS (
        DELETE FROM delivery.dead_letters
        WHERE id IN (SELECT id FROM delivery.dead_letters
                     WHERE team_id IS NOT NULL AND ($1::uuid[] IS NULL OR id = ANY ($1))
                     ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED)
        RETURNING team_id, revision
    ), ticket AS (
        INSERT INTO tasks.outbox (team_id, revision) SELECT DISTINCT team_id, revision FROM mine
    )
    SELECT count(*), pg_notify('taskhub_events', '') FROM mine";

/// How many of those asked for are left: they never were events, so there is nothing to replay.
pub(super) const LEFT: &str =
    "SELECT count(*) FROM delivery.dead_letters WHERE team_id IS NULL AND ($1::uuid[] IS NULL OR id = ANY ($1))";

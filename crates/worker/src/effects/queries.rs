//! The statements that end an event's way.

use platform::postgres::Statement;

/// Takes tickets and writes notifications in one go.
///
/// A ticket counts only together with the event that it was made for: a message with another's ticket does
/// nothing. Who isn't in the team any more isn't told. Every table is entered by its key, with a nested loop
/// from the batch's rows (see `events_connector`). IS TRUE keeps IN from becoming a join: it is looked up in a
/// hash table, where a join of 500 by 500 rows took four fifths of the statement's time.
pub(super) static APPLY: Statement = Statement::write(
    "effects",
    "WITH mine AS (
         DELETE FROM tasks.outbox o
         USING unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS b (seq, team_id, revision)
         WHERE o.seq = b.seq AND o.team_id = b.team_id AND o.revision = b.revision
         RETURNING o.seq, o.team_id, o.revision
     ), told AS (
         INSERT INTO delivery.notifications
                (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
         SELECT n.id, n.user_id, n.team_id, n.revision, n.type, n.task_id, n.task_key, n.title, n.actor_id
         FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[], $8::text[], $9::uuid[], $10::text[],
                     $11::text[], $12::uuid[])
              AS n (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
         JOIN identity.team_access a ON a.user_id = n.user_id AND a.team_id = n.team_id
         WHERE ((n.team_id, n.revision) IN (SELECT team_id, revision FROM mine)) IS TRUE
     )
     SELECT seq FROM mine",
);

/// Counts a failure.
pub(super) static COUNT_FAILURE: Statement =
    Statement::write("count failure", "UPDATE tasks.outbox SET attempts = attempts + 1 WHERE seq = ANY ($1::bigint[])");

/// Counts a failure, and lets tickets be leased again after a pause, in seconds.
pub(super) static PUT_OFF: Statement = Statement::write(
    "put off",
    "UPDATE tasks.outbox o SET visible_at = now() + make_interval(secs => b.pause), attempts = o.attempts + 1
     FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::float8[]) AS b (seq, team_id, revision, pause)
     WHERE o.seq = b.seq AND o.team_id = b.team_id AND o.revision = b.revision",
);

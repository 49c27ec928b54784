//! The statements that end an event's way.

use platform::postgres::Statement;

use crate::notifications::subject;

/// Takes tickets, writes notifications and resolves earlier ones in one go.
///
/// A ticket counts only together with the event that it was made for: a message with another's ticket does
/// nothing. Who isn't in the team any more isn't told. Every table is entered by its key, with a nested loop
/// from the batch's rows (see `events_connector`). IS TRUE keeps IN from becoming a join: it is looked up in a
/// hash table, where a join of 500 by 500 rows took four fifths of the statement's time. And it keeps the notifications of a
/// task to the index over tasks.
///
/// What is gone already when it is told is written as read: the event that ends it may be in this batch, or may have been
/// applied before. Rows that somebody else has locked are being marked as read.
pub(super) static APPLY: Statement = Statement::write(
    "effects",
    concat!(
        "WITH mine AS (
             DELETE FROM tasks.outbox o
             USING unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS b (seq, team_id, revision)
             WHERE o.seq = b.seq AND o.team_id = b.team_id AND o.revision = b.revision
             RETURNING o.seq, o.team_id, o.revision
         ), told AS (
             INSERT INTO delivery.notifications
                    (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id, read_at)
             SELECT n.id, n.user_id, n.team_id, n.revision, n.type, n.task_id, n.task_key, n.title, n.actor_id,
                    CASE WHEN s.gone THEN now() END
             FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[], $8::text[], $9::uuid[], $10::text[],
                         $11::text[], $12::uuid[])
                  AS n (id, user_id, team_id, revision, type, task_id, task_key, title, actor_id)
             JOIN identity.team_access a ON a.user_id = n.user_id AND a.team_id = n.team_id ",
        subject!(),
        "    WHERE ((n.team_id, n.revision) IN (SELECT team_id, revision FROM mine)) IS TRUE
         ), resolved AS (
             UPDATE delivery.notifications SET read_at = now()
             WHERE ctid = ANY (ARRAY(
                 SELECT n.ctid
                 FROM unnest($13::uuid[], $14::bigint[], $15::uuid[], $16::uuid[], $17::text[])
                      AS r (team_id, revision, task_id, user_id, type)
                 JOIN delivery.notifications n ON n.task_id = r.task_id
                      AND (n.read_at IS NULL AND n.team_id = r.team_id AND n.revision < r.revision
                           AND n.type = coalesce(r.type, n.type) AND n.user_id = coalesce(r.user_id, n.user_id)) IS TRUE
                 WHERE ((r.team_id, r.revision) IN (SELECT team_id, revision FROM mine)) IS TRUE
                       AND (n.type <> 'commented' OR r.type IS NULL OR NOT EXISTS (
                           SELECT FROM tasks.comment_excerpts c WHERE c.team_id = n.team_id AND c.revision = n.revision))
                 LIMIT 5000 FOR UPDATE OF n SKIP LOCKED
             ))
         )
         SELECT seq FROM mine"
    ),
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

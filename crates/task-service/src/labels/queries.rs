//! Every statement on labels. Locks are taken in one order: the label, then tasks, then the team's log.

use platform::postgres::Statement;

use crate::idempotency::{answer, answered, claim, used_key};
use crate::log::queries::{advance, head, record};
use crate::statement::{ByTeam, by_team};
use crate::tasks::queries::moment;

/// The columns that [`view::label`](super::view::label) reads, of the label `b`.
macro_rules! columns {
    () => {
        "b.id, b.team_id, b.name, b.color, b.created_at, b.updated_at"
    };
}

/// The label `b` as `domain::LabelView` goes over the wire.
macro_rules! json {
    () => {
        concat!(
            "jsonb_build_object('id', b.id, 'team_id', b.team_id, 'name', b.name, 'color', b.color, 'created_at', ",
            moment!("b.created_at"),
            ", 'updated_at', ",
            moment!("b.updated_at"),
            ")"
        )
    };
}

/// All labels of a team, by name. One row with nulls tells a team without labels from no team. `labels_team_id_name_idx`.
pub(super) static LIST: ByTeam = by_team!(read "list labels":
    " SELECT ", head!(), ", ", columns!(),
    " FROM access LEFT JOIN tasks.team_log l ON l.team_id = access.team_id \
      LEFT JOIN tasks.labels b ON b.team_id = access.team_id \
      WHERE access.allowed ORDER BY b.name COLLATE \"und-x-icu\""
);

/// The label `$4`. `labels_pkey`.
pub(super) static GET: ByTeam = by_team!(read "get label":
    " SELECT ", columns!(),
    " FROM access JOIN tasks.labels b ON b.team_id = access.team_id AND b.id = $4::uuid WHERE access.allowed"
);

/// Makes a label, unless the team has 500. `$4` its id, `$5` the event's, `$6` traceparent, `$7` name, `$8` color, and
/// under the `Idempotency-Key` `$9`, if it isn't null, of a request whose hash is `$10`.
pub(super) static CREATE: ByTeam = by_team!(write "create label":
    ", ", used_key!("$9"), ", \
     log AS ( \
         INSERT INTO tasks.team_log AS l (team_id, revision, advanced_at, last_number, labels) \
         SELECT access.team_id, 1, clock_timestamp(), 0, 1 FROM access WHERE access.allowed AND NOT EXISTS (SELECT FROM used) \
         ON CONFLICT (team_id) DO UPDATE \
         SET revision = l.revision + 1, advanced_at = clock_timestamp(), labels = l.labels + 1 WHERE l.labels < 500 \
         RETURNING l.team_id, l.revision, l.advanced_at AS at), \
     label AS ( \
         INSERT INTO tasks.labels (id, team_id, name, color, created_at, updated_at) \
         SELECT $4::uuid, log.team_id, $7::text, $8::text, log.at, log.at FROM log RETURNING *), ",
    record!("'label.created'" of "NULL" by ("$5", "$6")
            with ["'label', ", json!(), ", 'previous', '{}'::jsonb"] from "label b"),
    ", ", claim!("$9", "$10"),
    " SELECT access.allowed, ", columns!(), ", ", answer!("$10", "label"),
    " FROM access LEFT JOIN label b ON true ", answered!()
);

/// Changes the label `$4`. `$5` event id, `$6` traceparent; `$7` name and `$8` color, null for what stays.
pub(super) static UPDATE: ByTeam = by_team!(write "update label":
    ", old AS ( \
         SELECT b.* FROM access JOIN tasks.labels b ON b.team_id = access.team_id AND b.id = $4::uuid \
         FOR NO KEY UPDATE OF b), \
     verdict AS MATERIALIZED ( \
         SELECT old.id, access.team_id, access.allowed, \
                access.allowed AND (COALESCE($7::text, old.name), COALESCE($8::text, old.color)) <> (old.name, old.color) \
                AS apply \
         FROM access CROSS JOIN old), ",
    advance!("verdict" if "verdict.apply"), ", \
     label AS ( \
         UPDATE tasks.labels b SET name = COALESCE($7, b.name), color = COALESCE($8, b.color), updated_at = log.at \
         FROM verdict CROSS JOIN log WHERE b.id = verdict.id RETURNING b.*), ",
    record!("'label.updated'" of "NULL" by ("$5", "$6")
            with ["'label', ", json!(), ", 'previous', \
                      CASE WHEN b.name <> old.name THEN jsonb_build_object('name', old.name) ELSE '{}' END || \
                      CASE WHEN b.color <> old.color THEN jsonb_build_object('color', old.color) ELSE '{}' END"]
            from "label b CROSS JOIN old"),
    " SELECT verdict.allowed, verdict.apply, ", columns!(),
    " FROM verdict JOIN (SELECT label.*, true AS changed FROM label UNION ALL SELECT old.*, false FROM old) b \
      ON b.changed = verdict.apply"
);

/// Locks the label `$4`: once that is had, every task that was to get the label has it, and no other gets it. It must be
/// a statement of its own, since a statement sees only what was there when it began.
pub(super) static LOCK: ByTeam = by_team!(write "lock label":
    " SELECT access.allowed, access.team_id FROM access JOIN tasks.labels b ON b.team_id = access.team_id AND b.id = $4::uuid \
      FOR UPDATE OF b"
);

/// Deletes the label `$4` and takes it off all tasks, also those that are deleted. `$5` event id, `$6` traceparent.
/// `tasks_labels_idx`, then `tasks_pkey` for each task. The count makes all tasks be locked before the log.
pub(super) static DELETE: ByTeam = by_team!(write "delete label":
    ", old AS ( \
         SELECT b.* FROM access JOIN tasks.labels b ON b.team_id = access.team_id AND b.id = $4::uuid \
         WHERE access.allowed), \
     holders AS MATERIALIZED ( \
         SELECT t.id FROM tasks.tasks t WHERE t.labels @> ARRAY[$4::uuid] AND t.labels <> '{}' ORDER BY t.id FOR UPDATE), \
     held AS MATERIALIZED (SELECT old.team_id, (SELECT count(*) FROM holders) AS tasks FROM old), \
     log AS ( \
         UPDATE tasks.team_log l SET revision = l.revision + 1, advanced_at = clock_timestamp(), labels = l.labels - 1 \
         FROM held WHERE held.tasks >= 0 AND l.team_id = held.team_id \
         RETURNING l.team_id, l.revision, l.advanced_at AS at), \
     taken_off AS ( \
         UPDATE tasks.tasks t SET labels = array_remove(t.labels, $4), version = t.version + 1 \
         FROM holders CROSS JOIN log WHERE t.id = holders.id AND t.team_id = log.team_id), \
     gone AS (DELETE FROM tasks.labels b USING log WHERE b.id = $4 AND b.team_id = log.team_id), ",
    record!("'label.deleted'" of "NULL" by ("$5", "$6")
            with ["'label', ", json!(), ", 'previous', '{}'::jsonb"] from "old b"),
    " SELECT count(*) FROM log"
);

/// Every statement on labels.
pub(crate) fn all() -> Vec<&'static Statement> {
    [&LIST, &GET, &CREATE, &UPDATE, &LOCK, &DELETE].into_iter().flat_map(ByTeam::all).collect()
}

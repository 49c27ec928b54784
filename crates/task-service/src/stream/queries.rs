//! The hub's statements. They are the only ones that don't begin with who may: what they read goes to those whose right was
//! checked when their stream began, and is checked again by [`NON_MEMBERS`].

use platform::postgres::Statement;

/// The next events, at most `$3` a team, of the teams `$1` after the revisions `$2`. `events_pkey`, once a team.
pub(super) static NEW: Statement = Statement::read(
    "new events",
    "SELECT e.team_id, e.revision, e.id, e.type, e.task_id, e.actor_id, e.occurred_at, e.data \
     FROM unnest($1::uuid[], $2::bigint[]) w (team_id, since) \
     CROSS JOIN LATERAL (SELECT * FROM tasks.events \
                         WHERE team_id = w.team_id AND revision > w.since ORDER BY revision LIMIT $3::bigint) e",
);

/// Which of the users `$2` may not see the teams `$1`, pair by pair, with a role of `$3`. Index lookups, one each.
pub(super) static NON_MEMBERS: Statement = Statement::read(
    "non-members",
    "SELECT w.team_id, w.user_id FROM unnest($1::uuid[], $2::uuid[]) w (team_id, user_id) \
     WHERE (SELECT true FROM identity.team_access a \
            WHERE a.user_id = w.user_id AND a.team_id = w.team_id AND a.role = ANY($3)) IS NULL",
);

/// The revisions that the logs of the teams `$1` are at; 0 for a team that nothing has happened in. `team_log_pkey`.
pub(super) static LOGS: Statement = Statement::read(
    "logs",
    "SELECT w.team_id, COALESCE((SELECT l.revision FROM tasks.team_log l WHERE l.team_id = w.team_id), 0) \
     FROM unnest($1::uuid[]) w (team_id)",
);

/// Every statement of the hub.
pub(crate) fn all() -> Vec<&'static Statement> {
    vec![&NEW, &NON_MEMBERS, &LOGS]
}

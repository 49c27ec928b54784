//! The hub's statements. They are the only ones that don't begin with who may: what they read goes to those whose right was
//! checked when their stream began, and is checked again by [`NON_MEMBERS`].

use platform::postgres::Statement;

/// The next events, at most `$3` a team, of the teams `$1` after the revisions `$2`, and when each of those revisions
/// happened. `events_pkey`, twice a team.
pub(super) static NEW: Statement = Statement::read(
    "new events",
    "SELECT e.team_id, e.revision, e.id, e.type, e.task_id, e.actor_id, e.occurred_at, e.data, \
            (SELECT occurred_at FROM tasks.events WHERE team_id = w.team_id AND revision = w.since) \
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

/// Which of the sessions `$1` don't go on. `sessions_pkey`, once a session.
pub(super) static ENDED: Statement = Statement::read(
    "ended sessions",
    "SELECT w.session_id FROM unnest($1::uuid[]) w (session_id) \
     WHERE (SELECT true FROM identity.live_sessions s WHERE s.id = w.session_id) IS NULL",
);

/// Which of the logs of the teams `$1` don't have the revisions `$2`, or not from the moments `$3`, in µs since 1970; 0 for a
/// moment that isn't known. `events_pkey`, once a team.
pub(super) static RESET: Statement = Statement::read(
    "logs that were set back",
    "SELECT w.team_id FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) w (team_id, revision, moment) \
     WHERE w.revision > 0 AND NOT COALESCE( \
         (SELECT w.moment IN (0, (extract(epoch FROM e.occurred_at) * 1000000)::bigint) FROM tasks.events e \
          WHERE e.team_id = w.team_id AND e.revision = w.revision), false)",
);

/// Every statement of the hub.
pub(crate) fn all() -> Vec<&'static Statement> {
    vec![&NEW, &NON_MEMBERS, &ENDED, &RESET]
}

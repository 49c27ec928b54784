//! The statement on the log.

use platform::postgres::Statement;

use crate::statement::{ByTeam, by_team};

/// A page of the log: `$4` is the revision that the page before ended with, `$5` how many. As with tasks, one row with
/// nulls tells an empty log from no team. `team_access` by key, `team_log_pkey`, then `events_pkey` backwards as far as
/// the page goes.
pub(super) static LIST: ByTeam = by_team!(read "list activity":
    " SELECT COALESCE(l.revision, 0), e.revision, e.id, e.type, e.task_id, e.actor_id, e.occurred_at, e.data \
      FROM access LEFT JOIN tasks.team_log l ON l.team_id = access.team_id \
      LEFT JOIN LATERAL (SELECT * FROM tasks.events \
                         WHERE team_id = access.team_id AND revision < $4::bigint \
                         ORDER BY revision DESC LIMIT $5::bigint) e ON true \
      WHERE access.allowed"
);

/// Every statement on the log.
pub(crate) fn all() -> Vec<&'static Statement> {
    LIST.all().to_vec()
}

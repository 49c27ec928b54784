-- What was completed on which day. A task that isn't completed isn't in it, and making one costs nothing.
CREATE INDEX tasks_team_id_completed_at_idx ON tasks.tasks (team_id, completed_at)
    WHERE completed_at IS NOT NULL AND deleted_at IS NULL;

DROP INDEX tasks.tasks_team_id_status_position_idx;
ALTER TABLE tasks.tasks DROP COLUMN position, DROP COLUMN moved_to;

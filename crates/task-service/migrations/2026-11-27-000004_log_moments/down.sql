ALTER TABLE tasks.team_log DROP COLUMN advanced_at;

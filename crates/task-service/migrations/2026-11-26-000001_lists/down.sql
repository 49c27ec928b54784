-- The extensions stay: something else in the database may use them by now.
DROP INDEX tasks.tasks_team_id_status_priority_idx;
DROP INDEX tasks.tasks_team_id_status_due_at_idx;
DROP INDEX tasks.tasks_team_id_status_updated_at_idx;
DROP INDEX tasks.tasks_team_id_search_text_idx;
ALTER TABLE tasks.tasks DROP COLUMN search_text;

DROP INDEX tasks.events_task_id_idx;
-- The log stays without gaps: what was about no task is then about one that never was.
UPDATE tasks.events SET task_id = '00000000-0000-0000-0000-000000000000' WHERE task_id IS NULL;
ALTER TABLE tasks.events ALTER COLUMN task_id SET NOT NULL;
DROP TABLE tasks.comments, tasks.labels;
DROP INDEX tasks.tasks_assignees_idx, tasks.tasks_labels_idx;
ALTER TABLE tasks.tasks DROP COLUMN labels;
ALTER TABLE tasks.team_log DROP COLUMN labels;

DROP INDEX delivery.notifications_task_id_idx;
ALTER TABLE delivery.notifications DROP COLUMN task_deleted, DROP COLUMN excerpt;

ALTER TABLE delivery.notifications
    -- The first characters of the comment that it tells of.
    ADD COLUMN excerpt text CHECK (char_length(excerpt) <= 200),
    -- Whether the task has been deleted since.
    ADD COLUMN task_deleted boolean NOT NULL DEFAULT false;
-- What was told of a task: to mark it as read, and when the task is deleted.
CREATE INDEX notifications_task_id_idx ON delivery.notifications (task_id, user_id);

-- Where a task stands among all tasks of its team: byte by byte ascending. A task that was never moved has a key that
-- follows from its number (`domain::position::of_number`), so that making one needs no look at the others, the tasks that
-- are there get theirs here, and those that yesterday's release makes have one too.
ALTER TABLE tasks.tasks
    -- The key of a task that was moved; longer than that of any that wasn't.
    ADD COLUMN moved_to text COLLATE "C" CHECK (octet_length(moved_to) BETWEEN 11 AND 24),
    ADD COLUMN position text COLLATE "C" NOT NULL
        GENERATED ALWAYS AS (COALESCE(moved_to, lpad(to_hex(1099511627775 - number), 10, '0'))) STORED;
-- The board: each of its columns is the tasks in one status.
CREATE INDEX tasks_team_id_status_position_idx ON tasks.tasks (team_id, status, position) WHERE deleted_at IS NULL;

-- Labels, comments, and what the filters of the task list and the history of a task are found by.

CREATE TABLE tasks.labels (
    id         uuid PRIMARY KEY,
    team_id    uuid NOT NULL,
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 50),
    color      text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
-- A team's labels by name; no two differ by case alone.
CREATE UNIQUE INDEX labels_team_id_name_idx ON tasks.labels (team_id, lower(name));

-- How many labels a team has: it has at most 500, which the lock of its row makes exact.
ALTER TABLE tasks.team_log ADD COLUMN labels integer NOT NULL DEFAULT 0;

-- Sorted, without doubles; all of them in tasks.labels.
ALTER TABLE tasks.tasks ADD COLUMN labels uuid[] NOT NULL DEFAULT '{}';
-- The tasks with a label, and those of an assignee. A task that has none isn't in them, and making it costs nothing.
CREATE INDEX tasks_labels_idx ON tasks.tasks USING gin (labels) WHERE labels <> '{}';
CREATE INDEX tasks_assignees_idx ON tasks.tasks USING gin (assignees) WHERE assignees <> '{}' AND deleted_at IS NULL;

CREATE TABLE tasks.comments (
    id         uuid PRIMARY KEY,
    task_id    uuid NOT NULL,
    author_id  uuid NOT NULL,
    body       text NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 32768),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
-- The comments on a task, oldest first.
CREATE INDEX comments_task_id_idx ON tasks.comments (task_id, created_at, id);

-- Null for what is about the team and not about a task.
ALTER TABLE tasks.events ALTER COLUMN task_id DROP NOT NULL;
-- The history of a task.
CREATE INDEX events_task_id_idx ON tasks.events (team_id, task_id, revision) WHERE task_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.labels, tasks.comments TO taskhub_tasks;

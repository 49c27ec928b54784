-- What is to be done, and the log of every change to it. Only task-service writes here, but for
-- `outbox`, which is where it hands over to worker: task-service adds tickets, worker takes them.

-- One row a team: locking it orders the team's changes. `revision` counts them without a gap.
CREATE TABLE tasks.team_log (
    team_id     uuid PRIMARY KEY,
    revision    bigint NOT NULL,
    last_number bigint NOT NULL
) WITH (fillfactor = 50); -- room for updates in place: no column but the key is indexed

CREATE TABLE tasks.tasks (
    id           uuid PRIMARY KEY,
    team_id      uuid NOT NULL,
    number       bigint NOT NULL,
    title        text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 255),
    description  text NOT NULL DEFAULT '' CHECK (octet_length(description) <= 65536),
    status       text NOT NULL DEFAULT 'pending'
                 CHECK (status IN ('pending', 'in_progress', 'blocked', 'completed', 'cancelled')),
    priority     text NOT NULL DEFAULT 'none' CHECK (priority IN ('none', 'low', 'medium', 'high', 'urgent')),
    assignees    uuid[] NOT NULL DEFAULT '{}',
    due_at       timestamptz,
    created_by   uuid NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    version      bigint NOT NULL DEFAULT 1,
    -- A deleted task is kept, so that it can be restored.
    deleted_at   timestamptz
) WITH (fillfactor = 90); -- room for updates in place; none is since updated_at is indexed
-- `{task}` by number, and the list of a team, newest first. Without deleted tasks, so that a list costs what it shows; no
-- number comes twice even so, as `team_log.last_number` only rises.
CREATE UNIQUE INDEX tasks_team_id_number_idx ON tasks.tasks (team_id, number) WHERE deleted_at IS NULL;
-- The list of a team filtered by status.
CREATE INDEX tasks_team_id_status_number_idx ON tasks.tasks (team_id, status, number) WHERE deleted_at IS NULL;

-- What happened, in order. The service's role may neither change nor remove an entry.
CREATE TABLE tasks.events (
    team_id     uuid NOT NULL,
    revision    bigint NOT NULL,
    id          uuid NOT NULL,
    type        text NOT NULL,
    task_id     uuid NOT NULL,
    actor_id    uuid NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    traceparent text,
    -- {"task": the task after the change, "previous": what the change replaced}
    data        jsonb NOT NULL,
    PRIMARY KEY (team_id, revision)
);

-- A ticket for each event whose effects are not done. worker leases tickets by moving `visible_at`
-- ahead, and deletes a ticket in the transaction that applies the event's effects.
CREATE TABLE tasks.outbox (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id    uuid NOT NULL,
    revision   bigint NOT NULL,
    visible_at timestamptz NOT NULL DEFAULT '-infinity',
    attempts   integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0);

-- What an Idempotency-Key was used for; the first answer is in the event. Kept for 24 hours.
CREATE TABLE tasks.idempotency_keys (
    user_id      uuid NOT NULL,
    key          text NOT NULL,
    request_hash bytea NOT NULL,
    team_id      uuid NOT NULL,
    revision     bigint NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON tasks.idempotency_keys (created_at);

GRANT SELECT, INSERT, UPDATE ON tasks.team_log, tasks.tasks TO taskhub_tasks;
GRANT SELECT, INSERT ON tasks.events TO taskhub_tasks;
GRANT INSERT ON tasks.outbox TO taskhub_tasks;
GRANT SELECT, INSERT, DELETE ON tasks.idempotency_keys TO taskhub_tasks;

-- What worker may see and do: the events, and the tickets.
CREATE VIEW tasks.event_feed AS
SELECT team_id, revision, id, type, task_id, actor_id, occurred_at, traceparent, data FROM tasks.events;
GRANT SELECT ON tasks.event_feed TO taskhub_worker;
-- INSERT is for the replay of a dead letter: the event gets a fresh ticket.
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks.outbox TO taskhub_worker;

-- What happens afterwards. Only worker writes here.

CREATE TABLE delivery.notifications (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    team_id    uuid NOT NULL,
    revision   bigint NOT NULL,
    type       text NOT NULL,
    task_id    uuid NOT NULL,
    task_key   text NOT NULL,
    title      text NOT NULL,
    actor_id   uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at    timestamptz,
    -- One event tells one user once: a defect that applied an event twice would fail here, not tell twice.
    UNIQUE (user_id, team_id, revision)
);
-- A user's notifications, newest first; ids are UUIDv7, so their order is that of time.
CREATE INDEX notifications_user_id_id_idx ON delivery.notifications (user_id, id);

-- Events whose effects failed again and again, with the last error; they can be replayed.
CREATE TABLE delivery.dead_letters (
    id        uuid PRIMARY KEY,
    team_id   uuid,
    revision  bigint,
    -- The CloudEvents envelope, or what came instead of one.
    message   text NOT NULL,
    error     text NOT NULL,
    attempts  integer NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX dead_letters_failed_at_idx ON delivery.dead_letters (failed_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON delivery.notifications TO taskhub_worker;
GRANT SELECT, INSERT, DELETE ON delivery.dead_letters TO taskhub_worker;

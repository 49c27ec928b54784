-- What happens afterwards. Only worker writes here.

CREATE TABLE delivery.notifications (
    id         uuid NOT NULL,
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
    -- A user's notifications, newest first; ids are UUIDv7, so their order is that of time.
    PRIMARY KEY (user_id, id),
    -- One event tells one user once: a defect that applied an event twice would fail here, not tell twice.
    CONSTRAINT notifications_once UNIQUE (user_id, team_id, revision)
);
-- The unread ones, however many were read before them.
CREATE INDEX notifications_unread_idx ON delivery.notifications (user_id, id) WHERE read_at IS NULL;

-- Events whose effects failed again and again, with the last error; they can be replayed.
CREATE TABLE delivery.dead_letters (
    id        uuid PRIMARY KEY,
    -- Where the event stands in its team's log; null when what came wasn't an event.
    team_id   uuid,
    revision  bigint,
    -- The CloudEvents envelope, or what came instead of one.
    message   text NOT NULL,
    error     text NOT NULL,
    attempts  integer NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((team_id IS NULL) = (revision IS NULL))
);
CREATE INDEX dead_letters_failed_at_idx ON delivery.dead_letters (failed_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON delivery.notifications TO taskhub_worker;
-- UPDATE is for row locks: two replays at once take turns.
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery.dead_letters TO taskhub_worker;

-- Who you are. Only auth-service writes here; others read the view `team_access`, nothing else.

CREATE TABLE identity.users (
    id            uuid PRIMARY KEY,
    -- Kept in lower case: two spellings of one address are one account.
    email         text NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),
    name          text NOT NULL,
    -- argon2id in PHC string format.
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE identity.teams (
    id             uuid PRIMARY KEY,
    key            text NOT NULL CONSTRAINT teams_key_key UNIQUE CHECK (key ~ '^[a-z][a-z0-9]{1,15}$'),
    name           text NOT NULL,
    -- Set on the team that everyone gets with their account.
    personal_owner uuid UNIQUE REFERENCES identity.users (id) ON DELETE CASCADE,
    created_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE identity.members (
    team_id   uuid NOT NULL REFERENCES identity.teams (id) ON DELETE CASCADE,
    user_id   uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    role      text NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    joined_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, user_id)
);
-- "My teams", and the foreign key.
CREATE INDEX members_user_id_idx ON identity.members (user_id, team_id);

-- Who is in which team as what: the one thing that other services may know of us.
CREATE VIEW identity.team_access AS
SELECT m.user_id, m.team_id, m.role, t.key AS team_key, t.name AS team_name,
       t.personal_owner IS NOT DISTINCT FROM m.user_id AS personal
FROM identity.members m
JOIN identity.teams t ON t.id = m.team_id;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.users, identity.teams, identity.members TO taskhub_auth;
GRANT SELECT ON identity.team_access TO taskhub_auth, taskhub_tasks, taskhub_worker;

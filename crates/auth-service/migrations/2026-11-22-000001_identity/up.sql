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
-- The list of a team's members, in its order.
CREATE INDEX members_team_id_joined_at_idx ON identity.members (team_id, joined_at, user_id);

-- Who is in which team as what: the one thing that other services may know of us.
CREATE VIEW identity.team_access AS
SELECT m.user_id, m.team_id, m.role, t.key AS team_key, t.name AS team_name,
       t.personal_owner IS NOT DISTINCT FROM m.user_id AS personal
FROM identity.members m
JOIN identity.teams t ON t.id = m.team_id;

-- A sign-in. Ending one deletes it, and its refresh tokens with it.
CREATE TABLE identity.sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    user_agent   text NOT NULL CHECK (char_length(user_agent) <= 200),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    -- Moves on with every refresh.
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_user_id_idx ON identity.sessions (user_id, id);
CREATE INDEX sessions_expires_at_idx ON identity.sessions (expires_at);

-- The refresh tokens of a session, the newest and those before it: one that comes again was stolen.
CREATE TABLE identity.refresh_tokens (
    -- SHA-256 of the token; the token itself is nowhere.
    hash       bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    session_id uuid NOT NULL REFERENCES identity.sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When it was exchanged; null on the newest.
    rotated_at timestamptz,
    -- The token it was exchanged for, sealed under this token: who shows this one again in time gets that one again.
    successor  bytea,
    CHECK ((rotated_at IS NULL) = (successor IS NULL))
);
-- A session has one token that is good; and the foreign key.
CREATE UNIQUE INDEX refresh_tokens_newest_idx ON identity.refresh_tokens (session_id) WHERE rotated_at IS NULL;
CREATE INDEX refresh_tokens_session_id_idx ON identity.refresh_tokens (session_id);
CREATE INDEX refresh_tokens_rotated_at_idx ON identity.refresh_tokens (rotated_at) WHERE rotated_at IS NOT NULL;

CREATE TABLE identity.invitations (
    id          uuid PRIMARY KEY,
    team_id     uuid NOT NULL REFERENCES identity.teams (id) ON DELETE CASCADE,
    email       text NOT NULL CHECK (email = lower(email)),
    role        text NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    -- SHA-256 of the token.
    token_hash  bytea NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE CHECK (octet_length(token_hash) = 32),
    invited_by  uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    -- Set once it was used ...
    accepted_at timestamptz,
    -- ... or taken back, also by a newer invitation of the same address.
    revoked_at  timestamptz
);
-- A team has one open invitation for an address.
CREATE UNIQUE INDEX invitations_open_idx ON identity.invitations (team_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
-- The list of a team's invitations, in its order, and the foreign key.
CREATE INDEX invitations_team_id_idx ON identity.invitations (team_id, created_at, id);
CREATE INDEX invitations_invited_by_idx ON identity.invitations (invited_by);
CREATE INDEX invitations_expires_at_idx ON identity.invitations (expires_at);

-- The keys that access tokens are signed with.
CREATE TABLE identity.signing_keys (
    -- `kid` in the tokens and in the JWKS.
    id          uuid PRIMARY KEY,
    -- Ed25519, 32 bytes.
    public_key  bytea NOT NULL CHECK (octet_length(public_key) = 32),
    -- PKCS#8, sealed with AES-256-GCM under the master key; `id` is the associated data.
    private_key bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- Published from the start, so that every service knows it by then.
    signs_from  timestamptz NOT NULL,
    -- Set when there is a newer one: published until the last token that it signed has expired.
    expires_at  timestamptz
);

-- What an Idempotency-Key was used for, and the first answer. Kept for 24 hours.
CREATE TABLE identity.idempotency_keys (
    user_id      uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    key          text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    -- SHA-256 of method, path and body.
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    -- Null only inside the transaction that makes the answer.
    status       smallint,
    -- Sealed under the master key, since an answer may hold a token.
    answer       bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON identity.idempotency_keys (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON
    identity.users, identity.teams, identity.members, identity.sessions, identity.refresh_tokens,
    identity.invitations, identity.signing_keys, identity.idempotency_keys TO taskhub_auth;
GRANT SELECT ON identity.team_access TO taskhub_auth, taskhub_tasks, taskhub_worker;

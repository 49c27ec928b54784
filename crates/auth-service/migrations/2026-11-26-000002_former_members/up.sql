-- Who has left which team: their names are shown on what they wrote.
CREATE TABLE identity.former_members (
    team_id   uuid NOT NULL REFERENCES identity.teams (id) ON DELETE CASCADE,
    user_id   uuid NOT NULL REFERENCES identity.users (id) ON DELETE CASCADE,
    -- What they were last.
    role      text NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    joined_at timestamptz NOT NULL,
    left_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, user_id)
);
-- The list in its order, and the foreign key.
CREATE INDEX former_members_team_id_joined_at_idx ON identity.former_members (team_id, joined_at, user_id);
CREATE INDEX former_members_user_id_idx ON identity.former_members (user_id);

-- Who is or was in which team; who came back is in it once.
CREATE VIEW identity.all_members AS
SELECT m.team_id, m.user_id, m.role, m.joined_at, NULL::timestamptz AS left_at FROM identity.members m
UNION ALL
SELECT f.team_id, f.user_id, f.role, f.joined_at, f.left_at FROM identity.former_members f
WHERE NOT EXISTS (SELECT FROM identity.members m WHERE m.team_id = f.team_id AND m.user_id = f.user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.former_members TO taskhub_auth;
GRANT SELECT ON identity.all_members TO taskhub_auth;

-- Tells the other services that the members of a team, their roles or their names have changed: the team's id on the
-- channel `taskhub_members`. PostgreSQL sends it when the transaction has committed. By triggers, so that no statement and
-- no earlier release forgets it; see docs/decisions/0014-members-are-announced-by-triggers.md.
CREATE FUNCTION identity.announce_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('taskhub_members', COALESCE(NEW.team_id, OLD.team_id)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER members_announce AFTER INSERT OR UPDATE OR DELETE ON identity.members
    FOR EACH ROW EXECUTE FUNCTION identity.announce_member();

CREATE FUNCTION identity.announce_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('taskhub_members', m.team_id::text) FROM identity.members m WHERE m.user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER users_announce AFTER UPDATE OF name ON identity.users
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION identity.announce_user();

CREATE FUNCTION identity.announce_team() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('taskhub_members', NEW.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER teams_announce AFTER UPDATE OF name ON identity.teams
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION identity.announce_team();

-- How somebody was called when they left: what they are called since is none of the team's business.
ALTER TABLE identity.former_members ADD COLUMN name text;
UPDATE identity.former_members f SET name = u.name FROM identity.users u WHERE u.id = f.user_id;

CREATE OR REPLACE VIEW identity.all_members AS
SELECT m.team_id, m.user_id, m.role, m.joined_at, NULL::timestamptz AS left_at, NULL::text AS former_name
FROM identity.members m
UNION ALL
SELECT f.team_id, f.user_id, f.role, f.joined_at, f.left_at, f.name FROM identity.former_members f
WHERE NOT EXISTS (SELECT FROM identity.members m WHERE m.team_id = f.team_id AND m.user_id = f.user_id);

-- Whoever leaves is recorded here, so that no statement and no earlier release forgets it; but not where the team or the
-- account goes as a whole.
CREATE FUNCTION identity.record_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO identity.former_members AS f (team_id, user_id, role, joined_at, left_at, name)
    SELECT OLD.team_id, OLD.user_id, OLD.role, OLD.joined_at, now(), u.name
    FROM identity.users u JOIN identity.teams t ON t.id = OLD.team_id WHERE u.id = OLD.user_id
    ON CONFLICT (team_id, user_id) DO UPDATE
        SET role = EXCLUDED.role, joined_at = EXCLUDED.joined_at, left_at = EXCLUDED.left_at, name = EXCLUDED.name;
    RETURN NULL;
END $$;
CREATE TRIGGER members_record_leaving AFTER DELETE ON identity.members
    FOR EACH ROW EXECUTE FUNCTION identity.record_leaving();

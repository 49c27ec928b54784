DROP TRIGGER members_record_leaving ON identity.members;
DROP FUNCTION identity.record_leaving();
DROP VIEW identity.all_members;
CREATE VIEW identity.all_members AS
SELECT m.team_id, m.user_id, m.role, m.joined_at, NULL::timestamptz AS left_at FROM identity.members m
UNION ALL
SELECT f.team_id, f.user_id, f.role, f.joined_at, f.left_at FROM identity.former_members f
WHERE NOT EXISTS (SELECT FROM identity.members m WHERE m.team_id = f.team_id AND m.user_id = f.user_id);
GRANT SELECT ON identity.all_members TO taskhub_auth;
ALTER TABLE identity.former_members DROP COLUMN name;

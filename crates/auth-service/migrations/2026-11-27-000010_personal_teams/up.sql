-- A personal team has one owner: a second one could remove the person whose team it is.
UPDATE identity.members m SET role = 'admin'
FROM identity.teams t
JOIN identity.members p ON p.team_id = t.id AND p.user_id = t.personal_owner AND p.role = 'owner'
WHERE t.id = m.team_id AND m.role = 'owner' AND m.user_id <> t.personal_owner;

UPDATE identity.invitations i SET revoked_at = now()
FROM identity.teams t
WHERE t.id = i.team_id AND t.personal_owner IS NOT NULL AND i.role = 'owner'
  AND i.accepted_at IS NULL AND i.revoked_at IS NULL;

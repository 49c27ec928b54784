DROP VIEW identity.team_access;
DROP TABLE identity.members, identity.teams, identity.users;

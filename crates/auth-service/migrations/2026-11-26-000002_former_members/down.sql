DROP TRIGGER teams_announce ON identity.teams;
DROP TRIGGER users_announce ON identity.users;
DROP TRIGGER members_announce ON identity.members;
DROP FUNCTION identity.announce_team(), identity.announce_user(), identity.announce_member();
DROP VIEW identity.all_members;
DROP TABLE identity.former_members;

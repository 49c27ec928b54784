DROP TRIGGER sessions_announce ON identity.sessions;
DROP FUNCTION identity.announce_session();
DROP VIEW identity.live_sessions;

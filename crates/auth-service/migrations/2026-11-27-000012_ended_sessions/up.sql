-- Which sessions go on, for services that answer for longer than a moment.
CREATE VIEW identity.live_sessions AS SELECT id FROM identity.sessions WHERE expires_at > now();
GRANT SELECT ON identity.live_sessions TO taskhub_tasks;

-- Tells the other services that a session was ended: its id on the channel `taskhub_sessions`. One that has expired by
-- itself is no news.
CREATE FUNCTION identity.announce_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('taskhub_sessions', OLD.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_announce AFTER DELETE ON identity.sessions
    FOR EACH ROW WHEN (OLD.expires_at > now()) EXECUTE FUNCTION identity.announce_session();

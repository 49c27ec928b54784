DROP VIEW tasks.event_feed;
DROP TABLE tasks.idempotency_keys, tasks.outbox, tasks.events, tasks.tasks, tasks.team_log;

-- When the log came to its revision. A log that a restore has set back comes to the same revisions again, but not at the
-- same moments. A constant default: no row is written. What a release before this one appends leaves the moment as it was.
ALTER TABLE tasks.team_log ADD COLUMN advanced_at timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00Z';

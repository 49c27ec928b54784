DROP INDEX tasks.labels_team_id_name_idx;
CREATE UNIQUE INDEX labels_team_id_name_idx ON tasks.labels (team_id, lower(name));

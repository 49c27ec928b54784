-- Each change of a task writes every index, as `updated_at` is in one of them. With GIN's list of pending entries, now and
-- then one change would move up to 4 MB of them (gin_pending_list_limit) while it holds its team's log; without it each pays
-- for its own. VACUUM moves what is pending now.
ALTER INDEX tasks.tasks_labels_idx SET (fastupdate = off);
ALTER INDEX tasks.tasks_assignees_idx SET (fastupdate = off);
ALTER INDEX tasks.tasks_team_id_search_text_idx SET (fastupdate = off);

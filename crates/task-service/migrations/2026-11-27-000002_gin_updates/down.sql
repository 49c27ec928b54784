ALTER INDEX tasks.tasks_team_id_search_text_idx RESET (fastupdate);
ALTER INDEX tasks.tasks_assignees_idx RESET (fastupdate);
ALTER INDEX tasks.tasks_labels_idx RESET (fastupdate);

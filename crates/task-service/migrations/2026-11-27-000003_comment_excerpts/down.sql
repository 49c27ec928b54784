DROP VIEW tasks.comment_excerpts;

-- How the comment begins that an event of the log has made, as it is now; no row once it is deleted.
CREATE VIEW tasks.comment_excerpts AS
SELECT e.team_id, e.revision, left(c.body, 200) AS excerpt
FROM tasks.events e
JOIN tasks.comments c ON c.id = (e.data #>> '{comment,id}')::uuid
WHERE e.type = 'comment.created';
GRANT SELECT ON tasks.comment_excerpts TO taskhub_worker;

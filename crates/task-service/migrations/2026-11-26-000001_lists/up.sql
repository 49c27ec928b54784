-- What the list's orders and its search are found by. Each order ends in the number, which is unique in a team.

-- Both are trusted extensions: the owner of the database may create them. They may be there already, in any schema.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA tasks;
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA tasks;

-- The title as it is compared in a search, in the form of `domain::fold`: decomposed, without accents, in lower case.
ALTER TABLE tasks.tasks
    ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (
        translate(lower(regexp_replace(normalize(title, NFKD),
            '[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]',
            '', 'g') COLLATE "und-x-icu"), U&'\03C2', U&'\03C3')) STORED;
-- The tasks of a team with a word in their title.
DO $$ BEGIN
    EXECUTE format('CREATE INDEX tasks_team_id_search_text_idx ON tasks.tasks
                    USING gin (team_id, search_text %I.gin_trgm_ops) WHERE deleted_at IS NULL',
                   (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                    WHERE e.extname = 'pg_trgm'));
END $$;

-- The last changed first.
CREATE INDEX tasks_team_id_status_updated_at_idx ON tasks.tasks (team_id, status, updated_at, number)
    WHERE deleted_at IS NULL;
-- The first due first. A task without a due date isn't in it, and making one costs nothing.
CREATE INDEX tasks_team_id_status_due_at_idx ON tasks.tasks (team_id, status, due_at, number)
    WHERE due_at IS NOT NULL AND deleted_at IS NULL;
-- The most urgent first. The same for a task without a priority.
CREATE INDEX tasks_team_id_status_priority_idx
    ON tasks.tasks (team_id, status, (array_position('{none,low,medium,high,urgent}'::text[], priority)), number)
    WHERE priority <> 'none' AND deleted_at IS NULL;

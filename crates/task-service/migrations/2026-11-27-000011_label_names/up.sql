-- No two labels of a team differ by case alone, by full case folding: σ, ς and Σ are one letter, and so are ß and ss. Upper
-- case of lower case is that folding, as far as one of the two is needed; the root collation has it in full. The index has
-- the name of the one before, by which the release before tells what was violated.
LOCK TABLE tasks.labels IN SHARE ROW EXCLUSIVE MODE;
DROP INDEX tasks.labels_team_id_name_idx;

-- Of names that are one now, those that are younger get a number: "straße (2)".
DO $$
DECLARE
    double record;
    renamed text;
    n integer;
BEGIN
    FOR double IN
        SELECT b.id, b.team_id, b.name FROM tasks.labels b
        WHERE EXISTS (
            SELECT FROM tasks.labels older
            WHERE older.team_id = b.team_id AND (older.created_at, older.id) < (b.created_at, b.id)
              AND upper(lower(normalize(older.name) COLLATE "und-x-icu") COLLATE "und-x-icu")
                = upper(lower(normalize(b.name) COLLATE "und-x-icu") COLLATE "und-x-icu"))
        ORDER BY b.created_at, b.id
    LOOP
        n := 2;
        LOOP
            renamed := left(double.name, 44) || ' (' || n || ')';
            EXIT WHEN NOT EXISTS (
                SELECT FROM tasks.labels other
                WHERE other.team_id = double.team_id
                  AND upper(lower(normalize(other.name) COLLATE "und-x-icu") COLLATE "und-x-icu")
                    = upper(lower(normalize(renamed) COLLATE "und-x-icu") COLLATE "und-x-icu"));
            n := n + 1;
        END LOOP;
        UPDATE tasks.labels SET name = renamed WHERE id = double.id;
        -- Who has the list of labels gets it anew.
        UPDATE tasks.team_log SET advanced_at = clock_timestamp() WHERE team_id = double.team_id;
    END LOOP;
END $$;

CREATE UNIQUE INDEX labels_team_id_name_idx ON tasks.labels
    (team_id, (upper(lower(normalize(name) COLLATE "und-x-icu") COLLATE "und-x-icu")));

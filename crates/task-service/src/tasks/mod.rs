//! Tasks: one verb a file, and every statement on them in [`queries`].

pub(crate) mod counts;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod move_to;
pub(crate) mod place;
pub(crate) mod queries;
pub(crate) mod selection;
pub(crate) mod update;
pub(crate) mod view;

#[cfg(test)]
mod tests {
    use super::*;

    /// Every statement here, for tests that look at all of them.
    #[test]
    fn every_statement_starts_with_who_may() {
        for statement in queries::all().into_iter().chain(selection::all()) {
            assert!(statement.sql.starts_with("WITH access AS (SELECT"), "{}", statement.name);
            assert!(statement.sql.contains("a.user_id = $1"), "{}", statement.name);
            // As a fence it skips nothing.
            assert!(!statement.sql.replace("OFFSET 0", "").contains("OFFSET"), "{}", statement.name);
        }
        for statement in queries::gathered() {
            assert!(statement.sql.contains("a.user_id = q.user_id AND a.team_id = q.team_id"), "{}", statement.name);
            assert!(statement.sql.contains("a.role = ANY($3)"), "{}", statement.name);
        }
    }
}

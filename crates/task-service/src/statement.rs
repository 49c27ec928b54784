//! How every statement on a team begins: with who may.
//!
//! `$1` is the user, `$2` the team, `$3` the roles that may, and for one task `$4` is the task. `access` has no row for
//! anyone who isn't in the team, and `allowed` tells a role that suffices from one that doesn't. A team is named by id or
//! key, a task by id or number; each way is a text of its own, so that PostgreSQL plans each as an index lookup.

use platform::postgres::Statement;

/// `WITH access AS (…)` for a condition on `identity.team_access a`.
macro_rules! access {
    ($team:literal) => {
        concat!(
            "WITH access AS (SELECT a.team_id, a.team_key, a.role = ANY($3) AS allowed \
             FROM identity.team_access a WHERE a.user_id = $1 AND ",
            $team,
            ")"
        )
    };
}

/// A statement on a team, in a text for each way to name the team.
#[derive(Debug)]
pub(crate) struct ByTeam {
    /// `$2` is the team's id (uuid).
    pub(crate) id: Statement,
    /// `$2` is the team's key (text).
    pub(crate) key: Statement,
    /// `$2` is true: the caller's personal team. Walks the caller's teams, which are few.
    pub(crate) personal: Statement,
}

/// A statement on a task, in a text for each way to name team and task.
#[derive(Debug)]
pub(crate) struct ByTask {
    /// `$2` is the team's id, `$4` the task's id.
    pub(crate) id_id: Statement,
    /// `$2` is the team's id, `$4` the task's number.
    pub(crate) id_number: Statement,
    /// `$2` is the team's id, `$4` the task's key, in lower case.
    pub(crate) id_key: Statement,
    /// `$2` is the team's key, `$4` the task's id.
    pub(crate) key_id: Statement,
    /// `$2` is the team's key, `$4` the task's number.
    pub(crate) key_number: Statement,
    /// `$2` and `$4` are the task's id: the team is whichever it is in.
    pub(crate) anywhere: Statement,
}

impl ByTeam {
    /// A statement that reads, from what follows `WITH access AS (…)`. Its texts live as long as the process.
    pub(crate) fn read(name: &'static str, tail: &str) -> Self {
        let text = |access: &'static str| Statement::read(name, [access, tail].concat().leak());
        Self {
            id: text(access!("a.team_id = $2")),
            key: text(access!("a.team_key = $2")),
            personal: text(access!("a.personal = $2")),
        }
    }

    /// The same statement, said to be safe to send again when its answer got lost.
    pub(crate) const fn repeatable(mut self) -> Self {
        self.id.repeatable = true;
        self.key.repeatable = true;
        self.personal.repeatable = true;
        self
    }

    /// All texts.
    pub(crate) fn all(&self) -> [&Statement; 3] {
        [&self.id, &self.key, &self.personal]
    }
}

impl ByTask {
    /// All texts.
    pub(crate) fn all(&self) -> [&Statement; 6] {
        [&self.id_id, &self.id_number, &self.id_key, &self.key_id, &self.key_number, &self.anywhere]
    }
}

/// `access` for many lookups at once: `q` has a row for each, with the ids that it names and its place `n`, from 1. There
/// is one row for a user and a team anyway; `LIMIT 1` keeps PostgreSQL from looking the team's members up first.
macro_rules! many {
    ($name:literal: $arrays:literal => $ids:literal { $($columns:tt)* } { $($from:tt)* }) => {
        Statement::read(
            $name,
            concat!(
                "SELECT ", $($columns)*, ", q.n FROM unnest(", $arrays, ") WITH ORDINALITY q (", $ids, ", n) \
                 CROSS JOIN LATERAL (SELECT a.team_id, a.team_key FROM identity.team_access a \
                     WHERE a.user_id = q.user_id AND a.team_id = q.team_id AND a.role = ANY($3) \
                     LIMIT 1) access ",
                $($from)*
            ),
        )
    };
}

/// The descriptions of a page of tasks end with the one that makes them reach so many bytes, 2 MiB. As JSON they may be six
/// times that.
macro_rules! page_bytes {
    () => {
        "2097152"
    };
}

/// Columns of a page of rows in the order `$by`: `found`, how many there are, and `bytes_before`, how long the texts in front
/// of a row are together. (The length of a long text is known without reading it.)
macro_rules! bytes_before {
    ($text:literal by $($by:literal)+) => {
        concat!(
            "count(*) OVER () AS found, sum(octet_length(", $text, ")) OVER (ORDER BY ", $($by,)+
            " ROWS UNBOUNDED PRECEDING) - octet_length(", $text, ") AS bytes_before"
        )
    };
}

/// A [`ByTeam`] from what follows `WITH access AS (…)`.
macro_rules! by_team {
    ($kind:ident $name:literal: $($tail:tt)*) => {
        $crate::statement::ByTeam {
            id: Statement::$kind($name, concat!($crate::statement::access!("a.team_id = $2"), $($tail)*)),
            key: Statement::$kind($name, concat!($crate::statement::access!("a.team_key = $2"), $($tail)*)),
            personal: Statement::$kind($name, concat!($crate::statement::access!("a.personal = $2"), $($tail)*)),
        }
    };
}

/// A [`ByTask`] from what follows `WITH access AS (…)`, before and after the condition that names the task `t`.
macro_rules! by_task {
    ($kind:ident $name:literal: { $($before:tt)* } task { $($after:tt)* }) => {
        $crate::statement::ByTask {
            id_id: $crate::statement::by_task!(@ $kind $name "a.team_id = $2" "t.id = $4" [$($before)*] [$($after)*]),
            id_number: $crate::statement::by_task!(@ $kind $name "a.team_id = $2" "t.number = $4" [$($before)*] [$($after)*]),
            id_key: $crate::statement::by_task!(
                @ $kind $name "a.team_id = $2 AND a.team_key = split_part($4::text, '-', 1)"
                "t.number = split_part($4::text, '-', 2)::bigint" [$($before)*] [$($after)*]
            ),
            key_id: $crate::statement::by_task!(@ $kind $name "a.team_key = $2" "t.id = $4" [$($before)*] [$($after)*]),
            key_number: $crate::statement::by_task!(@ $kind $name "a.team_key = $2" "t.number = $4" [$($before)*] [$($after)*]),
            anywhere: $crate::statement::by_task!(
                @ $kind $name "a.team_id = (SELECT o.team_id FROM tasks.tasks o WHERE o.id = $2)" "t.id = $4"
                [$($before)*] [$($after)*]
            ),
        }
    };
    (@ $kind:ident $name:literal $team:literal $task:literal [$($before:tt)*] [$($after:tt)*]) => {
        Statement::$kind($name, concat!($crate::statement::access!($team), $($before)*, $task, $($after)*))
    };
}

pub(crate) use {access, by_task, by_team, bytes_before, many, page_bytes};

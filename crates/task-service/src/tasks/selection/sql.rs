//! The texts of the statements. `{name}` is a value of [`Values`](super::Values); `access` and `l` are the team and its log.

use domain::Sort;

use super::{Index, Indexes, Shape, Source};
use crate::log::queries::head;
use crate::statement::{bytes_before, page_bytes};
use crate::tasks::queries::columns;

/// At most so many tasks that an [`Index`] gives are looked up one by one; where there are more, a page fills faster in order.
const FEW: usize = 2000;

/// The whole statement behind `WITH access AS (…)`, and its name.
pub(super) fn statement(shape: Shape) -> (&'static str, String) {
    let first = match shape.source {
        Source::Everything => None,
        Source::Indexes(indexes) => indexes.in_order().next(),
    };
    let name = match (shape.sort, shape.source, first) {
        (None, Source::Everything, _) => "count all tasks",
        (None, _, _) => "count tasks",
        (Some(_), Source::Everything, _) => "list tasks",
        (Some(_), _, Some(Index::Labels)) => "list tasks of labels",
        (Some(_), _, Some(Index::Assignees)) => "list tasks of assignees",
        (Some(_), _, Some(Index::Word)) => "list tasks with a word",
        (Some(Sort::Number), ..) => "list tasks by number",
        (Some(Sort::Position), ..) => "list tasks by position",
        (Some(Sort::Updated), ..) => "list tasks by change",
        (Some(Sort::Completed), ..) => "list tasks by completion",
        (Some(Sort::Due), ..) => "list tasks by due date",
        (Some(Sort::Priority), ..) => "list tasks by priority",
    };
    let hits = hits(shape.source);
    let (columns, found) = match shape.sort {
        Some(sort) => (concat!(columns!(), ", t.found"), within_bytes(&Order::of(sort), shape.source)),
        None => ("t.status, t.tasks", count(shape.source)),
    };
    let text = format!(
        "{hits} SELECT {head}, access.team_id, {columns} \
         FROM access LEFT JOIN tasks.team_log l ON l.team_id = access.team_id \
         LEFT JOIN LATERAL ({found}) t ON true WHERE access.allowed",
        head = head!(),
    );
    (name, text)
}

/// `hits` with the ids of the first index's tasks that are few, and `few` that says whether there is one. An index is
/// only asked where those before it gave more than [`FEW`].
fn hits(source: Source) -> String {
    let Source::Indexes(indexes) = source else { return String::new() };
    let most = FEW + 1;
    let ask = |(n, index): (usize, Index)| {
        let found = found_by(index);
        let gate = if n == 0 { String::new() } else { format!("AND NOT (SELECT few FROM few_{})", n - 1) };
        format!(
            ", hits_{n} AS MATERIALIZED ( \
                 SELECT h.id FROM access CROSS JOIN LATERAL ({found} LIMIT {most}) h WHERE access.allowed {gate}), \
             few_{n} AS MATERIALIZED (SELECT count(*) <= {FEW} AS few FROM hits_{n})"
        )
    };
    let asked: Vec<_> = indexes.in_order().enumerate().map(ask).collect();
    let Some(last) = asked.len().checked_sub(1) else { return String::new() };
    let given = |n| format!("SELECT id FROM hits_{n} WHERE (SELECT few FROM few_{n})");
    let given: Vec<_> = (0..=last).map(given).collect();
    // An index that isn't asked gives none, which is few too.
    format!("{}, hits AS ({}), few AS (SELECT few FROM few_{last})", asked.concat(), given.join(" UNION ALL "))
}

/// The ids of the team's tasks that an index finds.
///
/// The fence of OFFSET 0 makes PostgreSQL begin with the index of assignees or labels, which are of few teams.
const fn found_by(index: Index) -> &'static str {
    match index {
        Index::Assignees => {
            "SELECT h.id FROM (SELECT id, team_id FROM tasks.tasks \
                 WHERE assignees && {assignees} AND assignees <> '{}' AND deleted_at IS NULL OFFSET 0) h \
             WHERE h.team_id = access.team_id"
        }
        Index::Labels => {
            "SELECT h.id FROM (SELECT id, team_id FROM tasks.tasks \
                 WHERE labels && {labels} AND labels <> '{}' OFFSET 0) h \
             WHERE h.team_id = access.team_id"
        }
        // A word may be a part of the team's key, or the end of a task's key.
        Index::Word => {
            "SELECT id FROM tasks.tasks \
                 WHERE team_id = access.team_id AND deleted_at IS NULL AND search_text LIKE {longest} \
             UNION ALL \
             SELECT id FROM tasks.tasks \
                 WHERE team_id = access.team_id AND deleted_at IS NULL \
                       AND ({numeric} OR access.team_key || '-' LIKE {longest}) \
                       AND access.team_key || '-' || number LIKE {longest}"
        }
    }
}

/// The tasks of `hits`, each once.
const OF_HITS: &str = "(SELECT DISTINCT id FROM hits) h CROSS JOIN LATERAL ( \
    SELECT * FROM tasks.tasks WHERE id = h.id AND team_id = access.team_id AND deleted_at IS NULL OFFSET 0) f";

/// A page from the source as far as its bytes allow, each task with the number that the page would have.
fn within_bytes(order: &Order, source: Source) -> String {
    let (by, found, most) = (order.by, page(order, source), page_bytes!());
    let columns = format!(bytes_before!("f.description" by "{by}"), by = by);
    format!("SELECT f.* FROM (SELECT f.*, {columns} FROM ({found}) f) f WHERE f.bytes_before < {most}")
}

/// A page from the source.
fn page(order: &Order, source: Source) -> String {
    let walk = |gate: &str| order.arms.iter().map(|arm| arm.walk(gate)).collect::<Vec<_>>().join(" UNION ALL ");
    let Order { by, after, .. } = order;
    let found = match source {
        Source::Everything => {
            return format!(
                "SELECT * FROM tasks.tasks f \
                 WHERE f.team_id = access.team_id AND f.deleted_at IS NULL AND {after} ORDER BY {by} LIMIT {{limit}}"
            );
        }
        Source::Indexes(Indexes::NONE) => walk(""),
        Source::Indexes(_) => format!(
            "(SELECT f.* FROM {OF_HITS} \
              WHERE (SELECT few FROM few) AND f.status = ANY({{statuses}}) AND {FITS} AND {after} \
              ORDER BY {by} LIMIT {{limit}}) UNION ALL {}",
            walk("AND NOT (SELECT few FROM few)")
        ),
    };
    format!("SELECT f.* FROM ({found}) f ORDER BY {by} LIMIT {{limit}}")
}

/// The number of tasks in each status that has one.
fn count(source: Source) -> String {
    let whole = "tasks.tasks f WHERE f.team_id = access.team_id AND f.deleted_at IS NULL";
    let found = match source {
        Source::Everything => format!("SELECT f.status FROM {whole}"),
        Source::Indexes(Indexes::NONE) => {
            format!("SELECT f.status FROM {whole} AND f.status = ANY({{statuses}}) AND {FITS}")
        }
        Source::Indexes(_) => format!(
            "SELECT f.status FROM {OF_HITS} \
             WHERE (SELECT few FROM few) AND f.status = ANY({{statuses}}) AND {FITS} \
             UNION ALL \
             SELECT f.status FROM {whole} AND NOT (SELECT few FROM few) AND f.status = ANY({{statuses}}) AND {FITS}"
        ),
    };
    format!("SELECT f.status, count(*) AS tasks FROM ({found}) f GROUP BY f.status")
}

/// What the filter asks of the task `f`, but for its status. No word has a space, so none fits across title and key; text
/// without a word is in no task.
const FITS: &str = "({priorities} IS NULL OR f.priority = ANY({priorities})) \
     AND ({assignees} IS NULL OR f.assignees && {assignees} OR ({unassigned} AND f.assignees = '{}')) \
     AND ({labels} IS NULL OR f.labels && {labels} OR ({unlabelled} AND f.labels = '{}')) \
     AND ({not_assignees} IS NULL OR NOT f.assignees && {not_assignees}) \
     AND (NOT {not_unassigned} OR f.assignees <> '{}') \
     AND ({not_labels} IS NULL OR NOT f.labels && {not_labels}) \
     AND (NOT {not_unlabelled} OR f.labels <> '{}') \
     AND (NOT ({due_range} OR {due_none}) \
          OR ({due_none} AND f.due_at IS NULL) \
          OR ({due_range} AND f.due_at IS NOT NULL AND ({due_from} IS NULL OR f.due_at >= {due_from}) \
              AND ({due_before} IS NULL OR f.due_at < {due_before}))) \
     AND ({words} IS NULL OR ({words} <> '{}' \
          AND f.search_text || ' ' || access.team_key || '-' || f.number LIKE ALL ({words})))";

/// The rank of a priority, as `domain::Priority::rank` and the index have it.
macro_rules! rank {
    () => {
        "array_position('{none,low,medium,high,urgent}'::text[], f.priority)"
    };
}

/// An order: by what, where a page begins, and the walks along indexes that it is merged from.
struct Order {
    by: &'static str,
    after: &'static str,
    arms: &'static [Arm],
}

/// Tasks that one index has in order, in each status.
struct Arm {
    /// Which statuses and which tasks.
    of: &'static str,
    after: &'static str,
    by: &'static str,
}

impl Arm {
    fn walk(&self, gate: &str) -> String {
        let Self { of, after, by } = self;
        format!(
            "(SELECT f.* FROM unnest({{statuses}}) s (status) CROSS JOIN LATERAL ( \
                  SELECT * FROM tasks.tasks f \
                  WHERE f.team_id = access.team_id AND f.status = s.status AND f.deleted_at IS NULL \
                        AND {of} AND {after} AND {FITS} \
                  ORDER BY {by} LIMIT {{limit}}) f \
              WHERE true {gate} ORDER BY {by} LIMIT {{limit}})"
        )
    }
}

impl Order {
    const fn of(sort: Sort) -> Self {
        match sort {
            Sort::Number => Self {
                by: "f.number DESC",
                after: "f.number < {number}",
                arms: &[Arm { of: "true", after: "f.number < {number}", by: "f.number DESC" }],
            },
            // No two tasks of a team have the same position.
            Sort::Position => Self {
                by: "f.position",
                after: "f.position > {position}",
                arms: &[Arm { of: "true", after: "f.position > {position}", by: "f.position" }],
            },
            Sort::Updated => Self {
                by: "f.updated_at DESC, f.number DESC",
                after: "(f.updated_at, f.number) < ({at}, {number})",
                arms: &[Arm {
                    of: "true",
                    after: "(f.updated_at, f.number) < ({at}, {number})",
                    by: "f.updated_at DESC, f.number DESC",
                }],
            },
            Sort::Completed => Self {
                by: "COALESCE(f.completed_at, '-infinity') DESC, f.number DESC",
                after: "(COALESCE(f.completed_at, '-infinity'), f.number) < ({at}, {number})",
                arms: &[
                    Arm {
                        of: "s.status = 'completed' AND f.completed_at IS NOT NULL",
                        after: "(f.completed_at, f.number) < ({at}, {number})",
                        by: "f.completed_at DESC, f.number DESC",
                    },
                    Arm { of: "s.status <> 'completed'", after: "f.number < {rest}", by: "f.number DESC" },
                ],
            },
            Sort::Due => Self {
                by: "COALESCE(f.due_at, 'infinity'), f.number",
                after: "(COALESCE(f.due_at, 'infinity'), f.number) > ({at}, {number})",
                arms: &[
                    Arm {
                        of: "f.due_at IS NOT NULL",
                        after: "(f.due_at, f.number) > ({at}, {number})",
                        by: "f.due_at, f.number",
                    },
                    Arm { of: "f.due_at IS NULL", after: "f.number > {rest}", by: "f.number" },
                ],
            },
            Sort::Priority => Self {
                by: concat!(rank!(), " DESC, f.number DESC"),
                after: concat!("(", rank!(), ", f.number) < ({rank}, {number})"),
                arms: &[
                    Arm {
                        of: "f.priority <> 'none'",
                        after: concat!("(", rank!(), ", f.number) < ({rank}, {number})"),
                        by: concat!(rank!(), " DESC, f.number DESC"),
                    },
                    Arm { of: "f.priority = 'none'", after: "f.number < {rest}", by: "f.number DESC" },
                ],
            },
        }
    }
}

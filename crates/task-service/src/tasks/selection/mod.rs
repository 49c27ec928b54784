//! Which statement finds the tasks of a list, or counts them, and what its parameters are.
//!
//! A statement is composed of an order or a count, a [`Source`] and the conditions of the filter. There are as many as there
//! are such combinations, whatever a filter holds: what it leaves out is a null parameter. Each is made and prepared once.

mod sql;
mod start;

use std::collections::HashMap;
use std::iter;
use std::sync::LazyLock;

use domain::{Sort, Status, TaskFilter};
use platform::ApiResult;
use platform::postgres::Statement;
use tokio_postgres::Row;
use tokio_postgres::types::Timestamp;
use uuid::Uuid;

use crate::access::{CanViewTeam, Param, TeamScope};
use crate::app::App;
use crate::statement::ByTeam;

pub(super) use start::Start;

/// Where a statement looks for tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Source {
    /// All of the team, by number or to be counted.
    Everything,
    /// What the first of these indexes gives that gives few; where none does, all of the team, in the order of the list
    /// until the page is full.
    Indexes(Indexes),
}

/// Which indexes can find the tasks of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Indexes {
    labels: bool,
    assignees: bool,
    word: bool,
}

/// An index that finds tasks by a part of the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Index {
    Labels,
    Assignees,
    /// By the longest word.
    Word,
}

impl Indexes {
    const NONE: Self = Self { labels: false, assignees: false, word: false };

    fn of(filter: &TaskFilter, longest: Option<&String>) -> Self {
        Self {
            labels: !filter.label.ids.is_empty() && !filter.label.none,
            assignees: !filter.assignee.ids.is_empty() && !filter.assignee.none,
            word: longest.is_some_and(|word| word.chars().count() >= LEAST_OF_INDEX),
        }
    }

    fn all() -> impl Iterator<Item = Self> {
        (0..8).map(|n| Self { labels: n & 1 != 0, assignees: n & 2 != 0, word: n & 4 != 0 })
    }

    /// The indexes to try, in this order: a label or a person selects fewer tasks than a word, which may be in every title.
    fn in_order(self) -> impl Iterator<Item = Index> {
        let all = [(self.labels, Index::Labels), (self.assignees, Index::Assignees), (self.word, Index::Word)];
        all.into_iter().filter_map(|(can, index)| can.then_some(index))
    }
}

impl Source {
    fn all() -> impl Iterator<Item = Self> {
        iter::once(Self::Everything).chain(Indexes::all().map(Self::Indexes))
    }

    fn of(filter: &TaskFilter, sort: Option<Sort>, longest: Option<&String>) -> Self {
        if filter.is_everything() && Self::Everything.is_for(sort) {
            Self::Everything
        } else {
            Self::Indexes(Indexes::of(filter, longest))
        }
    }

    /// Whether there are statements that have this order, or count, and look here.
    fn is_for(self, sort: Option<Sort>) -> bool {
        self != Self::Everything || matches!(sort, None | Some(Sort::Number))
    }
}

/// A shorter word has no trigram that an index could find it by.
const LEAST_OF_INDEX: usize = 3;

/// What a statement is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Shape {
    /// The order of a list; `None` counts.
    sort: Option<Sort>,
    source: Source,
}

/// A composed statement and the values that its parameters from `$4` on are, by their places in [`Values`].
struct Composed {
    statement: ByTeam,
    values: Vec<usize>,
}

static STATEMENTS: LazyLock<HashMap<Shape, Composed>> = LazyLock::new(|| {
    let sorts = Sort::ALL.iter().copied().map(Some).chain([None]);
    let shapes = sorts.flat_map(|sort| Source::all().map(move |source| Shape { sort, source }));
    shapes.filter(|shape| shape.source.is_for(shape.sort)).map(|shape| (shape, compose(shape))).collect()
});

fn compose(shape: Shape) -> Composed {
    let (name, text) = sql::statement(shape);
    let mut text = text;
    let mut values = Vec::new();
    for (place, (field, kind)) in Values::FIELDS.iter().enumerate() {
        let mark = format!("{{{field}}}");
        if text.contains(&mark) {
            values.push(place);
            text = text.replace(&mark, &format!("${}::{kind}", values.len() + 3));
        }
    }
    Composed { statement: ByTeam::read(name, &text), values }
}

/// The values of parameters by name, each with its type in SQL.
macro_rules! values {
    ($($field:ident: $type:ty = $kind:literal,)*) => {
        /// Every value that a statement may want; the text of one names them in braces.
        #[derive(Debug)]
        struct Values { $($field: $type,)* }

        impl Values {
            const FIELDS: &[(&'static str, &'static str)] = &[$((stringify!($field), $kind),)*];

            fn params(&self) -> Vec<Param<'_>> {
                vec![$(&self.$field,)*]
            }
        }
    };
}

type Moment = Timestamp<chrono::DateTime<chrono::Utc>>;

values! {
    statuses: Vec<&'static str> = "text[]",
    priorities: Option<Vec<&'static str>> = "text[]",
    assignees: Option<Vec<Uuid>> = "uuid[]",
    unassigned: bool = "boolean",
    labels: Option<Vec<Uuid>> = "uuid[]",
    unlabelled: bool = "boolean",
    not_assignees: Option<Vec<Uuid>> = "uuid[]",
    not_unassigned: bool = "boolean",
    not_labels: Option<Vec<Uuid>> = "uuid[]",
    not_unlabelled: bool = "boolean",
    due_from: Option<chrono::DateTime<chrono::Utc>> = "timestamptz",
    due_before: Option<chrono::DateTime<chrono::Utc>> = "timestamptz",
    due_range: bool = "boolean",
    due_none: bool = "boolean",
    words: Option<Vec<String>> = "text[]",
    longest: String = "text",
    numeric: bool = "boolean",
    limit: i64 = "bigint",
    number: i64 = "bigint",
    rest: i64 = "bigint",
    at: Moment = "timestamptz",
    rank: i32 = "integer",
    position: String = "text",
}

impl Values {
    fn of(filter: &TaskFilter, longest: Option<&String>, words: &[String], start: &Start, limit: i64) -> Self {
        let statuses = if filter.status.is_empty() { Status::ALL } else { &filter.status };
        let some = |ids: Vec<Uuid>| Some(ids).filter(|ids| !ids.is_empty());
        // A choice that isn't empty must not be taken for one that is, so `none` alone gives an empty array.
        let chosen = |ids: Vec<Uuid>, none: bool| Some(ids).filter(|ids| none || !ids.is_empty());
        let users = |choice: &domain::Choice<domain::UserId>| choice.ids.iter().map(|id| id.uuid()).collect();
        let labels = |choice: &domain::Choice<domain::LabelId>| choice.ids.iter().map(|id| id.uuid()).collect();
        let priorities: Vec<_> = filter.priority.iter().map(|priority| priority.as_str()).collect();
        let patterns: Vec<_> = words.iter().map(|word| pattern(word)).collect();
        Self {
            statuses: statuses.iter().map(|status| status.as_str()).collect(),
            priorities: Some(priorities).filter(|all| !all.is_empty()),
            assignees: chosen(users(&filter.assignee), filter.assignee.none),
            unassigned: filter.assignee.none,
            labels: chosen(labels(&filter.label), filter.label.none),
            unlabelled: filter.label.none,
            not_assignees: some(users(&filter.not_assignee)),
            not_unassigned: filter.not_assignee.none,
            not_labels: some(labels(&filter.not_label)),
            not_unlabelled: filter.not_label.none,
            due_from: filter.due.from,
            due_before: filter.due.before,
            due_range: filter.due.is_range(),
            due_none: filter.due.none,
            words: filter.q.is_some().then_some(patterns),
            longest: longest.map(|word| pattern(word)).unwrap_or_default(),
            numeric: longest.is_some_and(|word| word.ends_with(|c: char| c.is_ascii_digit())),
            limit,
            number: start.number,
            rest: start.rest(),
            at: start.at(),
            rank: i32::try_from(start.rank).unwrap_or(if start.rank < 0 { i32::MIN } else { i32::MAX }),
            position: start.position.clone(),
        }
    }
}

/// The pattern of SQL's `LIKE` for text that contains this; what has a meaning in patterns is escaped.
fn pattern(word: &str) -> String {
    let escaped = word.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c]));
    ['%'].into_iter().chain(escaped).chain(['%']).collect()
}

/// The rows of a page of a list: the team's revision and id, then the columns of a task.
pub(super) async fn page(
    app: &App,
    scope: &TeamScope<CanViewTeam>,
    filter: &TaskFilter,
    start: &Start,
    limit: i64,
) -> ApiResult<Vec<Row>> {
    run(app, scope, filter, Some(start), limit).await
}

/// The rows of the counts: the team's revision and id, a status and its number.
pub(super) async fn counts(app: &App, scope: &TeamScope<CanViewTeam>, filter: &TaskFilter) -> ApiResult<Vec<Row>> {
    run(app, scope, filter, None, 0).await
}

async fn run(
    app: &App,
    scope: &TeamScope<CanViewTeam>,
    filter: &TaskFilter,
    start: Option<&Start>,
    limit: i64,
) -> ApiResult<Vec<Row>> {
    let words = filter.q.as_ref().map(domain::SearchText::words).unwrap_or_default();
    let longest = words.iter().max_by_key(|word| word.chars().count());
    let sort = start.map(|start| start.sort);
    let shape = Shape { sort, source: Source::of(filter, sort, longest) };
    let composed = STATEMENTS.get(&shape).ok_or_else(|| platform::ApiError::internal(NoStatement(shape)))?;
    let first = Start::first(Sort::Number);
    let values = Values::of(filter, longest, &words, start.unwrap_or(&first), limit);
    let all = values.params();
    let roles = scope.roles();
    let mut params: Vec<Param<'_>> = vec![scope.user(), scope.team(), &roles];
    params.extend(composed.values.iter().filter_map(|place| all.get(*place).copied()));
    let statement = scope.choose(&composed.statement);
    // A page by status alone is along an index; anything else may look through all of a team's tasks.
    let by_status = TaskFilter { status: filter.status.clone(), ..TaskFilter::default() };
    Ok(if sort.is_some() && *filter == by_status {
        app.read.query(statement, &params).await?
    } else {
        app.slow.query(statement, &params).await?
    })
}

/// A shape that the table of statements doesn't have.
#[derive(Debug, thiserror::Error)]
#[error("no statement for {0:?}")]
struct NoStatement(Shape);

/// Every statement, for tests that look at all of them.
pub(crate) fn all() -> Vec<&'static Statement> {
    STATEMENTS.values().flat_map(|composed| composed.statement.all()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_or_an_assignee_is_tried_before_a_word() {
        let id = "0198c0de-0000-7000-8000-000000000000";
        for (query, expected) in [
            (format!("q=room&assignee={id}&label={id}"), vec![Index::Labels, Index::Assignees, Index::Word]),
            (format!("q=room&assignee={id}"), vec![Index::Assignees, Index::Word]),
            (format!("q=room&label={id},none"), vec![Index::Word]),
            (format!("q=ro&assignee={id},none"), vec![]),
        ] {
            let list: domain::ListTasks = serde_urlencoded::from_str(&query).unwrap();
            let words = list.filter.q.as_ref().unwrap().words();
            let found: Vec<_> = Indexes::of(&list.filter, words.first()).in_order().collect();
            assert_eq!(found, expected, "{query}");
        }
    }
}

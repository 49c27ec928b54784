//! Which statement finds the tasks that a list asks for by more than their status, and from where on.

use std::cmp::Reverse;
use std::fmt;

use domain::{AssigneeFilter, BadCursor, Cursor, ListTasks, PositionKey, Sort, Status, TaskView};
use platform::ApiResult;
use tokio_postgres::Row;
use uuid::Uuid;

use super::queries;
use crate::access::{CanViewTeam, Param, TeamScope};
use crate::app::App;
use crate::statement::ByTeam;

/// Whether the list asks for more than statuses.
pub(super) fn is_filtered(query: &ListTasks) -> bool {
    query.assignee.is_some() || query.label.is_some() || query.q.is_some() || query.sort == Sort::Position
}

/// Where a page begins, in the order of its list.
#[derive(Debug)]
pub(super) enum Start {
    /// Below this number.
    Below(i64),
    /// Behind this position.
    Behind(PositionKey),
}

impl Start {
    /// Of the page that the query asks for.
    pub(super) fn of(query: &ListTasks, cursor: Cursor) -> Result<Self, BadCursor> {
        let text = query.cursor.as_deref();
        Ok(match query.sort {
            Sort::Number => Self::Below(text.map_or(Ok(i64::MAX), |text| cursor.decode(text))?),
            Sort::Position => {
                Self::Behind(text.map_or_else(|| Ok(PositionKey(String::new())), |text| cursor.decode(text))?)
            }
        })
    }

    /// As a parameter of the statement.
    pub(super) fn param(&self) -> Param<'_> {
        match self {
            Self::Below(number) => number,
            Self::Behind(PositionKey(position)) => position,
        }
    }

    /// Puts tasks into the order of the list. They come in this order; SQL only doesn't promise it for a join.
    pub(super) fn sort(&self, tasks: &mut [TaskView]) {
        match self {
            Self::Below(_) => tasks.sort_by_key(|task| Reverse(task.number)),
            Self::Behind(_) => tasks.sort_by(|a, b| a.position.cmp(&b.position)),
        }
    }

    /// The cursor of what comes behind a task.
    pub(super) fn behind(&self, last: &TaskView, cursor: Cursor) -> String {
        match self {
            Self::Below(_) => cursor.encode(&last.number),
            Self::Behind(_) => cursor.encode(&PositionKey(last.position.clone())),
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below(number) => number.fmt(f),
            Self::Behind(PositionKey(position)) => position.fmt(f),
        }
    }
}

/// The rows of the page of `limit` tasks from `start` on.
pub(super) async fn rows(
    app: &App,
    scope: &TeamScope<CanViewTeam>,
    query: &ListTasks,
    start: &Start,
    limit: Param<'_>,
) -> ApiResult<Vec<Row>> {
    let all = || Status::ALL.iter().map(|status| status.as_str()).collect();
    let statuses = query.status.as_ref().map_or_else(all, |status| status.words());
    let pattern = query.q.as_ref().map(|text| text.pattern());
    let nobody = query.assignee == Some(AssigneeFilter::Nobody);
    let assignee = match query.assignee {
        Some(AssigneeFilter::User(user)) => Some(user.uuid()),
        _ => None,
    };
    let label: Option<Uuid> = query.label.map(|label| label.uuid());
    let roles = scope.roles();
    let mut params: Vec<Param<'_>> =
        vec![scope.user(), scope.team(), &roles, start.param(), limit, &statuses, &pattern, &nobody];
    let board = query.sort == Sort::Position;
    let statement = match (&label, &assignee) {
        (None, None) => choose(board, &queries::SEARCH, &queries::BOARD),
        (None, Some(assignee)) => {
            params.push(assignee);
            choose(board, &queries::LIST_OF_ASSIGNEE, &queries::BOARD_OF_ASSIGNEE)
        }
        (Some(label), _) => {
            params.push(label);
            params.push(&assignee);
            choose(board, &queries::LIST_OF_LABEL, &queries::BOARD_OF_LABEL)
        }
    };
    Ok(app.read.query(scope.choose(statement), &params).await?)
}

fn choose(board: bool, by_number: &'static ByTeam, by_position: &'static ByTeam) -> &'static ByTeam {
    if board { by_position } else { by_number }
}

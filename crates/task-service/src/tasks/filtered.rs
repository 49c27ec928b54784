//! Which statement finds the tasks that a filtered list asks for.

use domain::{AssigneeFilter, ListTasks, Status};
use platform::ApiResult;
use tokio_postgres::Row;
use uuid::Uuid;

use super::queries;
use crate::access::{CanViewTeam, Param, TeamScope};
use crate::app::App;

/// Whether the list asks for more than statuses.
pub(super) fn is_filtered(query: &ListTasks) -> bool {
    query.assignee.is_some() || query.label.is_some() || query.q.is_some()
}

/// The rows of the page of `limit` tasks after `before`.
pub(super) async fn rows(
    app: &App,
    scope: &TeamScope<CanViewTeam>,
    query: &ListTasks,
    before: Param<'_>,
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
        vec![scope.user(), scope.team(), &roles, before, limit, &statuses, &pattern, &nobody];
    let statement = match (&label, &assignee) {
        (None, None) => &queries::SEARCH,
        (None, Some(assignee)) => {
            params.push(assignee);
            &queries::LIST_OF_ASSIGNEE
        }
        (Some(label), _) => {
            params.push(label);
            params.push(&assignee);
            &queries::LIST_OF_LABEL
        }
    };
    Ok(app.read.query(scope.choose(statement), &params).await?)
}

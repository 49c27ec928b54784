//! `GET /api/tasks`: the tasks of all of the caller's teams, newest first.

use actix_web::{HttpResponse, web};
use domain::simple::{SimpleTask, SimpleTasks};
use domain::validation::Invalid;
use domain::{Action, Parameters, Status, StatusFilter};
use platform::body::Query;
use platform::{ApiResult, Caller};
use serde::Deserialize;
use tokio_postgres::Row;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::queries;
use crate::app::App;
use crate::pages;
use crate::tasks::view::{column, word};

/// How many tasks there may be in the answer, which has no pages: 1 to 1000, and 1000 unless asked otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(minimum = 1, maximum = 1000, default = 1000)]
struct Most(u16);

impl Most {
    const MAX: u16 = 1000;
}

impl Default for Most {
    fn default() -> Self {
        Self(Self::MAX)
    }
}

impl TryFrom<String> for Most {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|n| digits && (1..=Self::MAX).contains(n));
        number.map(Self).ok_or_else(|| Invalid::new("`limit` must be a whole number from 1 to 1000"))
    }
}

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(try_from = "Parameters")]
#[into_params(parameter_in = Query)]
pub(crate) struct ListSimple {
    /// Only tasks in one of these; all if left out.
    #[param(value_type = Option<Vec<Status>>, style = Form, explode = false, min_items = 1)]
    status: Option<StatusFilter>,
    /// How many at most. There are no pages: `has_more` tells of more, and `/api/v1/teams/{team}/tasks` gives all.
    #[param(inline, required = false)]
    limit: Most,
}

impl TryFrom<Parameters> for ListSimple {
    type Error = Invalid;

    fn try_from(mut parameters: Parameters) -> Result<Self, Invalid> {
        let status = StatusFilter::take(&mut parameters)?;
        let limit = parameters.one("limit")?.map(Most::try_from).transpose()?.unwrap_or_default();
        parameters.finish()?;
        Ok(Self { status, limit })
    }
}

/// Lists the tasks of all of the caller's teams, newest first.
#[utoipa::path(
    get,
    path = "/api/tasks",
    tag = "simple",
    params(ListSimple),
    responses((status = 200, body = SimpleTasks)),
)]
pub(crate) async fn list(
    caller: Caller,
    Query(query): Query<ListSimple>,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let limit = usize::from(query.limit.0);
    let (user, fetch) = (caller.user.uuid(), i64::from(query.limit.0) + 1);
    let roles = Action::ViewTeam.roles();
    let rows = match &query.status {
        None => app.log.query(&queries::LIST, &[&user, &roles, &fetch]).await?,
        Some(status) => app.log.query(&queries::LIST_BY_STATUS, &[&user, &roles, &fetch, &status.words()]).await?,
    };
    let found: Option<i64> = rows.first().map(|row| column(row, 6)).transpose()?;
    let tasks = rows.iter().take(limit).map(task).collect::<ApiResult<Vec<_>>>()?;
    let (count, has_more) = (tasks.len(), pages::is_cut(found, tasks.len()));
    Ok(HttpResponse::Ok().json(SimpleTasks { tasks, count, has_more }))
}

fn task(row: &Row) -> ApiResult<SimpleTask> {
    Ok(SimpleTask {
        id: column::<Uuid>(row, 0)?.into(),
        title: column(row, 1)?,
        description: column(row, 2)?,
        status: word(row, 3)?,
        created_at: column(row, 4)?,
        updated_at: column(row, 5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_out_of_range_is_refused_and_not_cut() {
        assert_eq!(Most::try_from("1000".to_owned()), Ok(Most(1000)));
        for bad in ["", "0", "1001", "100000", "-1", "+1", "ten"] {
            assert!(Most::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_document_says_the_bounds_and_the_default_that_hold() {
        let schema = serde_json::to_value(<Most as utoipa::PartialSchema>::schema()).unwrap();
        let number = |name: &str| schema[name].as_u64().unwrap();
        let taken = |n: u64| Most::try_from(n.to_string()).is_ok();
        assert_eq!(number("default"), u64::from(Most::default().0));
        for (edge, outside) in [("minimum", -1), ("maximum", 1)] {
            assert!(taken(number(edge)) && !taken(number(edge).saturating_add_signed(outside)), "{edge}");
        }
    }
}

//! `GET …/stats`: what was made and completed day by day, and what is open.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use chrono::Utc;
use domain::problem::Problem;
use domain::validation::Invalid;
use platform::body::Query;
use platform::conditions::IfNoneMatch;
use platform::{ApiError, ApiResult};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio_postgres::types::Json;
use utoipa::{IntoParams, ToSchema};

use super::days::Zone;
use super::queries;
use super::view::{Day, OpenByAssignee, OpenByStatus};
use crate::access::{CanViewTeam, Param, TeamScope};
use crate::app::{App, Known};
use crate::etag;
use crate::log::head::Head;
use crate::pages::Page;
use crate::tasks::list::answer;
use crate::tasks::view::column;

/// How many days, today among them: 1 to 366, 30 unless asked otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(minimum = 1, maximum = 366, default = 30)]
struct Days(u16);

impl Default for Days {
    fn default() -> Self {
        Self(30)
    }
}

impl TryFrom<String> for Days {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|n| digits && (1..=366).contains(n));
        number.map(Self).ok_or_else(|| Invalid::new("`days` must be a whole number from 1 to 366"))
    }
}

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ShowStats {
    /// How many days, today among them.
    #[serde(default)]
    #[param(inline)]
    days: Days,
    /// The time zone whose days are counted, by its name in the IANA database, such as `Europe/Berlin`.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    tz: Zone,
}

/// What was made and completed day by day, and what is open.
// As PostgreSQL made it.
#[derive(Serialize, ToSchema)]
struct Stats<'a> {
    /// Day by day, the oldest first.
    #[schema(value_type = Vec<Day>)]
    days: &'a RawValue,
    /// What is open now, by status.
    #[schema(value_type = OpenByStatus)]
    open_by_status: &'a RawValue,
    /// What is open now, by assignee; a task of several counts for each.
    #[schema(value_type = Vec<OpenByAssignee>)]
    open_by_assignee: &'a RawValue,
}

/// Counts what was made and completed day by day, and what is open.
///
/// 304 when nothing has happened since the caller had the numbers, today.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/stats",
    tag = "activity",
    operation_id = "stats",
    params(ShowStats, ("If-None-Match", Header)),
    responses((status = 200, body = Stats<'_>, headers(("ETag" = String)))),
)]
pub(crate) async fn show(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<ShowStats>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let today = query.tz.today(Utc::now());
    let spelled = format!("stats&days={}&today={today}&tz={}", query.days.0, query.tz.name());
    match app.known(&scope, &if_none_match, &spelled).await? {
        Known::Unchanged(tag) => return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish()),
        Known::Kept(tag, body) => return Ok(answer(tag, body)),
        Known::Nothing => {}
    }
    let roles = scope.roles();
    let (first, starts) = query.tz.days(today, query.days.0);
    let params: [Param<'_>; 5] = [scope.user(), scope.team(), &roles, &first, &starts];
    let row = app.slow.query_opt(scope.choose(&queries::STATS), &params).await?.ok_or_else(Problem::not_found)?;
    let json = |at| column::<Json<&RawValue>>(&row, at).map(|json| json.0);
    let (head, team) = (Head::of(&row, 0)?, column(&row, 5)?);
    let stats = Stats { days: json(2)?, open_by_status: json(3)?, open_by_assignee: json(4)? };
    let body = Bytes::from(serde_json::to_vec(&stats).map_err(ApiError::internal)?);
    app.keep(&scope, &spelled, Page { team, head, body: body.clone() });
    Ok(answer(etag::of_list(head, &spelled), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_says_the_bounds_and_the_default_that_hold() {
        let schema = serde_json::to_value(<Days as utoipa::PartialSchema>::schema()).unwrap();
        let number = |name: &str| schema[name].as_u64().unwrap();
        let taken = |n: u64| Days::try_from(n.to_string()).is_ok();
        assert_eq!(number("default"), u64::from(Days::default().0));
        for (edge, outside) in [("minimum", -1), ("maximum", 1)] {
            assert!(taken(number(edge)) && !taken(number(edge).saturating_add_signed(outside)), "{edge}");
        }
    }
}

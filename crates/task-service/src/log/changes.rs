//! `GET …/changes`: what happened in a team after a revision, oldest first.

use actix_web::{HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::validation::Invalid;
use domain::{EventView, Limit, TeamId};
use platform::body::Query;
use platform::{ApiError, ApiResult};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::event::{Event, event};
use super::queries;
use crate::access::{CanViewTeam, TeamScope};
use crate::app::App;
use crate::stream::batch::Batch;
use crate::tasks::view::column;

/// The revision that a client has: a whole number from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(minimum = 0, default = 0)]
pub(crate) struct Since(i64);

impl Since {
    /// The number.
    pub(crate) fn revision(self) -> i64 {
        self.0
    }
}

impl TryFrom<String> for Since {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|n| digits && *n < i64::MAX);
        number.map(Self).ok_or_else(|| Invalid::new("`since` must be a revision: a whole number from 0"))
    }
}

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListChanges {
    /// The revision that the client has.
    #[serde(default)]
    #[param(inline)]
    since: Since,
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// What happened in a team after a revision: at most as much as was asked for.
#[derive(Debug)]
pub(crate) struct Changes {
    pub(crate) team: TeamId,
    /// The revision that the team is at.
    pub(crate) now: i64,
    /// One a row, but for one row without if there are none.
    rows: Vec<Row>,
    /// How many were asked for.
    limit: usize,
}

impl Changes {
    fn page(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().take(self.limit)
    }

    /// Whether there are more.
    pub(crate) fn more(&self) -> bool {
        self.rows.len() > self.limit
    }

    /// Them as a stream sends them.
    pub(crate) fn batch(&self) -> ApiResult<Batch> {
        Batch::of(self.page(), 2)
    }

    fn events(&self) -> ApiResult<Vec<Event<'_>>> {
        let events = self.page().map(|row| event(row, 2));
        Ok(events.collect::<ApiResult<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// At most `limit` events after the revision `since`; none when that is `i64::MAX`.
///
/// # Errors
/// 410 when `since` is a revision that isn't there, as after the database was restored; 404 when the team isn't the caller's.
pub(crate) async fn read(app: &App, scope: &TeamScope<CanViewTeam>, since: i64, limit: i64) -> ApiResult<Changes> {
    let params = [scope.user(), scope.team(), &scope.roles(), &since, &(limit + 1)];
    let mut rows = app.read.query(scope.choose(&queries::CHANGES), &params).await?;
    // They come in this order; SQL only doesn't promise it for a join.
    rows.sort_by_key(|row| row.try_get::<_, Option<i64>>(2).ok().flatten());
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let (team, now) = (column::<Uuid>(first, 0)?.into(), column(first, 1)?);
    if since > now && since != i64::MAX {
        let detail = format!("The team is at revision {now}; {since} hasn't happened. Read everything anew.");
        return Err(ApiError::new(Code::LogReset, detail));
    }
    Ok(Changes { team, now, rows, limit: usize::try_from(limit).unwrap_or(usize::MAX) })
}

/// What happened in a team after a revision.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
struct Answer<'a> {
    /// The events, in the order of their revisions.
    #[schema(value_type = Vec<EventView>)]
    items: Vec<Event<'a>>,
    /// What to ask for next.
    #[schema(minimum = 0)]
    revision: i64,
    /// Whether there is more after these.
    more: bool,
}

/// Lists what happened in a team after a revision, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/changes",
    tag = "activity",
    params(ListChanges),
    responses(
        (status = 200, body = Answer<'_>),
        (status = 410, description = "The team's log is at an earlier revision, as after the database was restored: read everything anew."),
    ),
)]
pub(crate) async fn changes(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<ListChanges>,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let since = query.since.revision();
    let changes = read(&app, &scope, since, query.limit.get().into()).await?;
    let items = changes.events()?;
    let revision = items.last().map_or(since, |last| last.revision);
    Ok(HttpResponse::Ok().json(Answer { items, revision, more: changes.more() }))
}

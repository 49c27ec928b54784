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

use super::event::{COLUMNS, Event, event};
use super::head::{Head, micros};
use super::queries;
use crate::access::{CanViewTeam, TeamScope};
use crate::app::App;
use crate::pages;
use crate::stream::batch::Batch;
use crate::tasks::view::column;

/// The place in the log up to which a client has everything: the `id` of an event of the stream, `<revision>-<moment>`, or
/// a revision alone, a whole number from 0. With the moment, a log that was set back meanwhile is always noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, pattern = r"^[0-9]{1,19}(-[0-9]{1,16})?$", example = "17-1795784468123456")]
pub(crate) struct Since(Head);

impl Since {
    /// The place.
    pub(crate) fn place(self) -> Head {
        self.0
    }
}

impl TryFrom<String> for Since {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let number = |digits: &str| {
            let isnt_signed = digits.starts_with(|first: char| first.is_ascii_digit());
            digits.parse().ok().filter(|n: &i64| isnt_signed && *n < i64::MAX)
        };
        let place = match text.split_once('-') {
            None => number(&text).map(|revision| Head { revision, moment: 0 }),
            Some((revision, moment)) => {
                number(revision).zip(number(moment)).map(|(revision, moment)| Head { revision, moment })
            }
        };
        let wrong = "`since` must be a revision, a whole number from 0, or the `id` of an event of the stream";
        place.map(Self).ok_or_else(|| Invalid::new(wrong))
    }
}

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListChanges {
    /// What the client has; without it, nothing.
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
    /// What they come after.
    pub(crate) since: Head,
    /// The revision that the log is at.
    pub(crate) now: i64,
    /// One a row, but for one row without if there are none.
    rows: Vec<Row>,
    /// How many of the rows count.
    limit: usize,
    /// Whether rows were left out for their bytes.
    is_cut: bool,
}

impl Changes {
    fn page(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().take(self.limit)
    }

    /// Whether there are more.
    pub(crate) fn more(&self) -> bool {
        self.is_cut || self.rows.len() > self.limit
    }

    /// Them as a stream sends them.
    pub(crate) fn batch(&self) -> ApiResult<Batch> {
        Batch::of(self.page(), EVENT)
    }

    fn events(&self) -> ApiResult<Vec<Event<'_>>> {
        let events = self.page().map(|row| event(row, EVENT));
        Ok(events.collect::<ApiResult<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// Where the columns of the event begin.
const EVENT: usize = 3;

/// At most `limit` events after `since`; none without one.
///
/// # Errors
/// 410 when the log doesn't have that place or not all that came after it, as after the database was restored; 404 when the
/// team isn't the caller's.
pub(crate) async fn read(
    app: &App,
    scope: &TeamScope<CanViewTeam>,
    since: Option<Head>,
    limit: i64,
) -> ApiResult<Changes> {
    let after = since.map_or(i64::MAX, |since| since.revision);
    let params = [scope.user(), scope.team(), &scope.roles(), &after, &(limit + 1)];
    let mut rows = app.log.query(scope.choose(&queries::CHANGES), &params).await?;
    // They come in this order; SQL only doesn't promise it for a join.
    rows.sort_by_key(|row| row.try_get::<_, Option<i64>>(EVENT).ok().flatten());
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let (team, now) = (column::<Uuid>(first, 0)?.into(), column(first, 1)?);
    let found = Head { revision: after.min(now), moment: micros(column(first, 2)?) };
    if since.is_some_and(|since| since.revision > now || since.moment != 0 && since != found) {
        return Err(reset(format!("The team is at revision {now}, and `since` isn't of its log as it is.")));
    }
    let follow =
        |(row, revision): (&Row, i64)| row.try_get::<_, Option<i64>>(EVENT).is_ok_and(|at| at == Some(revision));
    let whole = rows.iter().zip(found.revision.saturating_add(1)..).take_while(|row| follow(*row)).count();
    if whole == 0 && column::<Option<i64>>(first, EVENT)?.is_some() {
        return Err(reset(format!("What came after revision {} isn't in the log any more.", found.revision)));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX).min(whole.max(1));
    let is_cut = pages::is_cut(column(first, EVENT + COLUMNS)?, rows.len());
    Ok(Changes { team, since: found, now, rows, limit, is_cut })
}

fn reset(why: String) -> ApiError {
    ApiError::new(Code::LogReset, why + " Read everything anew.")
}

/// What happened in a team after a revision.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
struct Answer<'a> {
    /// The events, in the order of their revisions.
    #[schema(value_type = Vec<EventView>)]
    items: Vec<Event<'a>>,
    /// The revision of the last of them, or what was asked for.
    #[schema(minimum = 0)]
    revision: i64,
    /// What to ask for next as `since`.
    next_since: String,
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
        (status = 410, description = "The team's log isn't the one that `since` is of, as after the database was restored: read everything anew."),
    ),
)]
pub(crate) async fn changes(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<ListChanges>,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let changes = read(&app, &scope, Some(query.since.place()), query.limit.get().into()).await?;
    let items = changes.events()?;
    let last = items.last().map_or(changes.since, Event::place);
    let (revision, next_since) = (last.revision, last.to_string());
    Ok(HttpResponse::Ok().json(Answer { items, revision, next_since, more: changes.more() }))
}

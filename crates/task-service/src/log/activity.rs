//! `GET …/activity`: a page of what happened in a team, newest first.

use std::cmp::Reverse;

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::{Cursor, EventView, Limit, Page};
use platform::ApiResult;
use platform::body::Query;
use platform::conditions::IfNoneMatch;
use serde::Deserialize;
use tokio_postgres::Row;
use utoipa::IntoParams;

use super::event::{COLUMNS, Event, event};
use super::head::Head;
use super::queries;
use crate::access::{CanViewTeam, TeamScope};
use crate::app::App;
use crate::etag;
use crate::pages;
use crate::tasks::view::column;

/// The query of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListEvents {
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    pub(super) limit: Limit,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    pub(super) cursor: Option<String>,
}

impl ListEvents {
    /// The revision before which to go on.
    pub(super) fn before(&self, cursor: Cursor) -> ApiResult<i64> {
        Ok(self.cursor.as_deref().map_or(Ok(i64::MAX), |text| cursor.decode(text)).map_err(Problem::from)?)
    }

    /// The page in these rows, whose first two columns are something else, and the last how many there would be.
    pub(super) fn page<'a>(&self, rows: &'a [Row], cursor: Cursor) -> ApiResult<Page<Event<'a>>> {
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            events.extend(event(row, 2)?);
        }
        // They come in this order; SQL only doesn't promise it for a join.
        events.sort_by_key(|event| Reverse(event.revision));
        let found = rows.first().map_or(Ok(None), |row| column(row, 2 + COLUMNS))?;
        let is_cut = pages::is_cut(found, rows.len());
        Ok(Page::cut(events, self.limit, is_cut, |last| cursor.encode(&last.revision)))
    }
}

/// Lists what happened in a team, newest first.
///
/// 304 when nothing has happened since the caller had the page.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/activity",
    tag = "activity",
    operation_id = "list",
    params(ListEvents, ("If-None-Match", Header)),
    responses((status = 200, body = Page<EventView>, headers(("ETag" = String)))),
)]
pub(crate) async fn activity(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<ListEvents>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let cursor = Cursor::of("activity", &scope.spelled());
    let before = query.before(cursor)?;
    let spelled = format!("activity&limit={}&before={before}", query.limit.get());
    if let Some(tag) = app.unchanged(&scope, &if_none_match, &spelled).await? {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let params = [scope.user(), scope.team(), &scope.roles(), &before, &query.limit.fetch()];
    let rows = app.log.query(scope.choose(&queries::ACTIVITY), &params).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let tag = etag::of_list(Head::of(first, 0)?, &spelled);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(query.page(&rows, cursor)?))
}

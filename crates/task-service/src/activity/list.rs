//! `GET …/activity`: a page of what happened in a team, newest first.

use std::cmp::Reverse;

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use domain::problem::Problem;
use domain::{Cursor, EventId, EventType, Limit, Page, TaskId, UserId};
use platform::ApiResult;
use platform::body::Query;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::queries;
use crate::access::{CanViewTeam, TeamScope};
use crate::app::{App, Known};
use crate::etag::{self, IfNoneMatch};
use crate::tasks::view::{column, word};

/// The query of the log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListActivity {
    #[serde(default)]
    limit: Limit,
    #[serde(default)]
    cursor: Option<String>,
}

/// [`domain::EventView`] whose data goes out as it is stored, without being taken apart.
#[derive(Serialize)]
struct Event<'a> {
    id: EventId,
    revision: i64,
    r#type: EventType,
    task_id: TaskId,
    actor_id: UserId,
    #[serde(with = "domain::timestamp")]
    occurred_at: DateTime<Utc>,
    data: &'a RawValue,
}

fn event(row: &Row) -> ApiResult<Option<Event<'_>>> {
    let Some(revision) = column(row, 1)? else { return Ok(None) };
    Ok(Some(Event {
        revision,
        id: column::<Uuid>(row, 2)?.into(),
        r#type: word(row, 3)?,
        task_id: column::<Uuid>(row, 4)?.into(),
        actor_id: column::<Uuid>(row, 5)?.into(),
        occurred_at: column(row, 6)?,
        data: column::<Json<&RawValue>>(row, 7)?.0,
    }))
}

/// 200 and the page, or 304 when nothing has happened since the caller had it.
pub(crate) async fn list(
    scope: TeamScope<CanViewTeam>,
    Query(query): Query<ListActivity>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let cursor = Cursor::of("activity", &scope.spelled());
    let before = query.cursor.as_deref().map_or(Ok(i64::MAX), |text| cursor.decode(text)).map_err(Problem::from)?;
    let spelled = format!("activity&limit={}&before={before}", query.limit.get());
    match app.known(&scope, &if_none_match, &spelled).await? {
        Known::Unchanged(tag) => return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish()),
        // No page of the log is kept: the newest is what is asked for, and it is new with every revision.
        Known::Kept(..) | Known::Nothing => {}
    }
    let params = [scope.user(), scope.team(), &scope.roles(), &before, &query.limit.fetch()];
    let rows = app.read.query(scope.choose(&queries::LIST), &params).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let tag = etag::of_list(column(first, 0)?, &spelled);
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        events.extend(event(row)?);
    }
    // They come in this order; SQL only doesn't promise it for a join.
    events.sort_by_key(|event| Reverse(event.revision));
    let page = Page::of(events, query.limit, |last| cursor.encode(&last.revision));
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(page))
}

//! `GET /api/v1/notifications`.

use actix_web::{HttpResponse, web};
use domain::{Cursor, Limit, NotificationView, Page, Problem, TeamKey};
use platform::body::Query;
use platform::{ApiError, ApiResult, Caller};
use serde::Deserialize;
use tokio_postgres::Row;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{LIST, LIST_UNREAD};
use super::stored;
use crate::Databases;

/// The query string.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListNotifications {
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those that weren't read.
    #[serde(default)]
    unread: bool,
}

/// Lists the caller's notifications, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/notifications",
    tag = "notifications",
    params(ListNotifications),
    responses((status = 200, body = Page<NotificationView>)),
)]
pub(crate) async fn list(
    caller: Caller,
    Query(query): Query<ListNotifications>,
    databases: web::Data<Databases>,
) -> ApiResult<HttpResponse> {
    let cursor = Cursor::of("notifications", if query.unread { "unread" } else { "" });
    let before = match &query.cursor {
        None => Uuid::max(),
        Some(text) => cursor.decode(text).map_err(Problem::from)?,
    };
    let statement = if query.unread { &LIST_UNREAD } else { &LIST };
    let params: &[&(dyn tokio_postgres::types::ToSql + Sync)] = &[&caller.user.uuid(), &before, &query.limit.fetch()];
    let rows = databases.read.query(statement, params).await?;
    let rows = rows.iter().map(view).collect::<anyhow::Result<Vec<_>>>().map_err(ApiError::internal)?;
    let page = Page::of(rows, query.limit, |last: &NotificationView| cursor.encode(&last.id.uuid()));
    Ok(HttpResponse::Ok().json(page))
}

fn view(row: &Row) -> anyhow::Result<NotificationView> {
    Ok(NotificationView {
        id: row.try_get::<_, Uuid>(0)?.into(),
        r#type: stored::kind(row.try_get(1)?)?,
        team_id: row.try_get::<_, Uuid>(2)?.into(),
        team_key: TeamKey::parse(row.try_get(3)?)?,
        task_id: row.try_get::<_, Uuid>(4)?.into(),
        task_key: row.try_get(5)?,
        title: row.try_get(6)?,
        excerpt: row.try_get(10)?,
        task_deleted: row.try_get(11)?,
        actor_id: row.try_get::<_, Uuid>(7)?.into(),
        created_at: row.try_get(8)?,
        read_at: row.try_get(9)?,
    })
}

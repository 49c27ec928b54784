//! `GET …/tasks/{task}/history`: a page of what happened to a task, newest first.

use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::{Cursor, EventView, Page};
use platform::ApiResult;
use platform::body::Query;

use super::activity::ListEvents;
use super::queries;
use crate::access::{CanViewTeam, TaskScope};
use crate::app::App;

/// Lists what happened to a task, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/tasks/{task}/history",
    tag = "activity",
    params(ListEvents),
    responses((status = 200, body = Page<EventView>)),
)]
pub(crate) async fn history(
    scope: TaskScope<CanViewTeam>,
    Query(query): Query<ListEvents>,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    let cursor = Cursor::of("history", &scope.spelled());
    let before = query.before(cursor)?;
    let params = [scope.user(), scope.team(), &scope.roles(), scope.task(), &before, &query.limit.fetch()];
    let rows = app.log.query(scope.choose(&queries::HISTORY), &params).await?;
    if rows.is_empty() {
        return Err(Problem::not_found().into());
    }
    Ok(HttpResponse::Ok().json(query.page(&rows, cursor)?))
}

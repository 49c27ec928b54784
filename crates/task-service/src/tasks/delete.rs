//! `DELETE …/tasks/{task}`: takes a task away.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::EventId;
use domain::problem::Problem;
use platform::ApiResult;
use platform::conditions::IfMatch;
use platform::observe::RequestContext;
use uuid::Uuid;

use super::update::MovedOn;
use super::{queries, view};
use crate::access::{CanDeleteTask, TaskScope};
use crate::app::App;

/// Deletes a task.
///
/// From then on it is 404.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{team}/tasks/{task}",
    tag = "tasks",
    params(("If-Match", Header)),
    responses((status = 204)),
)]
pub(crate) async fn delete(
    scope: TaskScope<CanDeleteTask>,
    if_match: IfMatch,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    Ok(match remove(&app, &scope, &if_match, &req).await? {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(moved_on) => moved_on.response(),
    })
}

/// Deletes a task.
pub(crate) async fn remove(
    app: &App,
    scope: &TaskScope<CanDeleteTask>,
    if_match: &IfMatch,
    req: &HttpRequest,
) -> ApiResult<Result<(), MovedOn>> {
    let trace = RequestContext::of(req).trace.to_string();
    let row = app
        .write
        .query_opt(
            scope.choose(&queries::DELETE),
            &[
                scope.user(),
                scope.team(),
                &scope.roles(),
                scope.task(),
                &EventId::new().uuid(),
                &trace,
                &if_match.versions(),
            ],
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    if !view::column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    if !view::column::<bool>(&row, 1)? {
        return Ok(Err(MovedOn { version: view::column(&row, 2)? }));
    }
    app.changed(scope, view::column::<Uuid>(&row, 3)?.into(), 0);
    Ok(Ok(()))
}

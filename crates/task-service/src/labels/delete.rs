//! `DELETE …/labels/{label}`: deletes a label and takes it off all tasks.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{EventId, LabelId};
use platform::ApiResult;
use platform::body::segment;
use platform::observe::RequestContext;
use uuid::Uuid;

use super::queries;
use crate::access::{CanManageLabels, TeamScope};
use crate::app::App;
use crate::tasks::view::column;

/// Deletes a label and takes it off all tasks.
///
/// From then on it is 404.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{team}/labels/{label}",
    tag = "labels",
    responses((status = 204)),
)]
pub(crate) async fn delete(
    scope: TeamScope<CanManageLabels>,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    let id = segment::<LabelId>(&req, "label")?.uuid();
    let (event, trace) = (EventId::new().uuid(), RequestContext::of(&req).trace.to_string());
    let team = app
        .transactions
        .run(async |tx| {
            let params = [scope.user(), scope.team(), &scope.roles(), &id];
            let locked = tx.query(scope.choose(&queries::LOCK), &params).await?;
            let locked = locked.first().ok_or_else(Problem::not_found)?;
            if !column::<bool>(locked, 0)? {
                return Err(scope.forbidden());
            }
            let params = [scope.user(), scope.team(), &scope.roles(), &id, &event, &trace];
            tx.query(scope.choose(&queries::DELETE), &params).await?;
            column::<Uuid>(locked, 1)
        })
        .await?;
    app.changed(&scope, team.into(), 0);
    Ok(HttpResponse::NoContent().finish())
}

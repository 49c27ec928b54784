//! `GET …/labels/{label}`: one label.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{LabelId, LabelView};
use platform::ApiResult;
use platform::body::segment;

use super::{queries, view};
use crate::access::{CanViewTeam, TeamScope};
use crate::app::App;

/// Shows a label.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/labels/{label}",
    tag = "labels",
    responses((status = 200, body = LabelView)),
)]
pub(crate) async fn get(
    scope: TeamScope<CanViewTeam>,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    let id = segment::<LabelId>(&req, "label")?.uuid();
    let params = [scope.user(), scope.team(), &scope.roles(), &id];
    let row = app.read.query_opt(scope.choose(&queries::GET), &params).await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(view::label(&row, 0)?.ok_or_else(Problem::not_found)?))
}

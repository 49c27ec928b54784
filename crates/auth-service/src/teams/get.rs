//! `GET /teams/{team}`.

use actix_web::{HttpResponse, web};
use domain::TeamView;
use domain::problem::Problem;
use platform::ApiResult;

use super::queries;
use crate::App;
use crate::access::InTeam;

/// Shows a team of the caller.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}",
    tag = "teams",
    responses((status = 200, body = TeamView)),
)]
pub(crate) async fn get(scope: InTeam, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let found = app.pool.run(async |connection| queries::get(connection, scope.caller.user, &scope.team).await);
    let team = found.await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(team))
}

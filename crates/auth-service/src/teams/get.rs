//! `GET /teams/{team}`.

use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use platform::ApiResult;

use super::queries;
use crate::App;
use crate::access::InTeam;

/// One team of the caller.
pub(crate) async fn get(scope: InTeam, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let found = app.pool.run(async |connection| queries::get(connection, scope.caller.user, &scope.team).await);
    let team = found.await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(team))
}

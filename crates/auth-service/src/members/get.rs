//! `GET /teams/{team}/members/{user}`.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{Action, MemberView, UserId};
use platform::ApiResult;
use platform::body::segment;

use super::queries;
use crate::App;
use crate::access::{Access, InTeam};

/// Shows a member of a team.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/members/{user}",
    tag = "members",
    responses((status = 200, body = MemberView)),
)]
pub(crate) async fn get(scope: InTeam, req: HttpRequest, app: web::Data<App>) -> ApiResult<HttpResponse> {
    let user: UserId = segment(&req, "user")?;
    let found = app.pool.run(async |connection| {
        let access = Access::to(connection, &scope, Action::ViewTeam).await?;
        queries::get(connection, &access, user).await
    });
    Ok(HttpResponse::Ok().json(found.await?.ok_or_else(Problem::not_found)?))
}

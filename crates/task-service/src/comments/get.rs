//! `GET …/comments/{comment}`: one comment.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{CommentId, CommentView};
use platform::ApiResult;
use platform::body::segment;

use super::{queries, view};
use crate::access::{CanViewTeam, TaskScope};
use crate::app::App;

/// Shows a comment.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/tasks/{task}/comments/{comment}",
    tag = "comments",
    responses((status = 200, body = CommentView)),
)]
pub(crate) async fn get(
    scope: TaskScope<CanViewTeam>,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    let id = segment::<CommentId>(&req, "comment")?.uuid();
    let params = [scope.user(), scope.team(), &scope.roles(), scope.task(), &id];
    let row = app.read.query_opt(scope.choose(&queries::GET), &params).await?.ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(view::comment(&row, 0)?.ok_or_else(Problem::not_found)?))
}

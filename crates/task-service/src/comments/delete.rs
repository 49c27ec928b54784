//! `DELETE …/comments/{comment}`: its author or an admin takes it back.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::{CommentId, EventId};
use platform::body::segment;
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use super::queries;
use crate::access::{CanModerateComments, TaskScope};
use crate::app::App;
use crate::tasks::view::column;

/// Deletes a comment, which its author and admins may.
///
/// From then on it is 404.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{team}/tasks/{task}/comments/{comment}",
    tag = "comments",
    responses((status = 204)),
)]
pub(crate) async fn delete(
    scope: TaskScope<CanModerateComments>,
    app: web::Data<App>,
    req: HttpRequest,
) -> ApiResult<HttpResponse> {
    let id = segment::<CommentId>(&req, "comment")?.uuid();
    let (event, trace) = (EventId::new().uuid(), RequestContext::of(&req).trace.to_string());
    let params = [scope.user(), scope.team(), &scope.roles(), scope.task(), &id, &event, &trace];
    let row = app.write.query_opt(scope.choose(&queries::DELETE), &params).await?.ok_or_else(Problem::not_found)?;
    if !column::<bool>(&row, 0)? {
        return Err(ApiError::new(Code::Forbidden, "Only its author or an admin of the team may delete a comment."));
    }
    app.changed(&scope, column::<Uuid>(&row, 1)?.into(), 0);
    Ok(HttpResponse::NoContent().finish())
}

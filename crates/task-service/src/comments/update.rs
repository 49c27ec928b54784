//! `PATCH …/comments/{comment}`: its author says it otherwise.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::{CommentId, CommentView, EventId, WriteComment};
use platform::body::{Body, segment};
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanViewTeam, TaskScope};
use crate::app::App;
use crate::tasks::view::column;

/// Changes a comment, which only its author may.
///
/// Nothing happens when it says so already.
#[utoipa::path(
    patch,
    path = "/api/v1/teams/{team}/tasks/{task}/comments/{comment}",
    tag = "comments",
    request_body = WriteComment,
    responses((status = 200, body = CommentView)),
)]
pub(crate) async fn update(
    scope: TaskScope<CanViewTeam>,
    app: web::Data<App>,
    req: HttpRequest,
    Body(body): Body<WriteComment>,
) -> ApiResult<HttpResponse> {
    let id = segment::<CommentId>(&req, "comment")?.uuid();
    let (event, trace) = (EventId::new().uuid(), RequestContext::of(&req).trace.to_string());
    let row = app
        .write
        .query_opt(
            scope.choose(&queries::UPDATE),
            &[scope.user(), scope.team(), &scope.roles(), scope.task(), &id, &event, &trace, &body.as_str()],
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    if !column::<bool>(&row, 0)? {
        return Err(ApiError::new(Code::Forbidden, "Only its author may change a comment."));
    }
    if column(&row, 1)? {
        // What was replaced is in the event too, and about as long.
        app.changed(&scope, column::<Uuid>(&row, 2)?.into(), 2 * body.as_str().len());
    }
    let comment = view::comment(&row, 3)?;
    Ok(HttpResponse::Ok()
        .json(comment.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a change without a comment")))?))
}

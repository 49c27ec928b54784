//! `POST …/comments`: says something about a task.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{CommentId, CommentView, EventId, TeamId, WriteComment};
use platform::body::{self, JsonBytes};
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanComment, Param, TaskScope};
use crate::app::App;
use crate::idempotency::{self, IdempotencyKey};
use crate::tasks::view::column;

/// Comments on a task.
///
/// An assignee may whatever their role.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{team}/tasks/{task}/comments",
    tag = "comments",
    params(("Idempotency-Key", Header)),
    request_body = WriteComment,
    responses((status = 201, body = CommentView, headers(("Location" = String)))),
)]
pub(crate) async fn create(
    scope: TaskScope<CanComment>,
    app: web::Data<App>,
    req: HttpRequest,
    JsonBytes(text): JsonBytes,
) -> ApiResult<HttpResponse> {
    let new = body::parse::<WriteComment>(&text)?;
    let once = IdempotencyKey::of(&req, &text)?;
    let trace = RequestContext::of(&req).trace.to_string();
    let (id, event) = (CommentId::new().uuid(), EventId::new().uuid());
    let (body, roles) = (new.as_str(), scope.roles());
    let params: [Param<'_>; 8] = [scope.user(), scope.team(), &roles, scope.task(), &id, &event, &trace, &body];
    let row = idempotency::query(&app.write, scope.choose(&queries::CREATE), &params, once.as_ref())
        .await?
        .ok_or_else(Problem::not_found)?;
    if !column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    let team: TeamId = column::<Uuid>(&row, 1)?.into();
    let comment = match idempotency::first_answer::<CommentView>(&row, 2 + view::COLUMNS)? {
        Some(first) => first,
        None => {
            app.changed(&scope, team, body.len());
            view::comment(&row, 2)?.ok_or_else(|| ApiError::internal(anyhow::anyhow!("no comment was made")))?
        }
    };
    let location = format!("/api/v1/teams/{team}/tasks/{}/comments/{}", comment.task_id, comment.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(comment))
}

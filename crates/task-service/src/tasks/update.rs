//! `PATCH …/tasks/{task}`: changes some fields of a task (RFC 7396).

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::{EventId, Labels, PatchTask, TaskPatch, TaskView};
use platform::body::Body;
use platform::conditions::IfMatch;
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanEditTask, TaskScope};
use crate::app::App;
use crate::etag;
use crate::metrics::COMPLETED;

/// Changes a task.
///
/// A merge patch (RFC 7396): what is left out stays. Nothing happens when it is so already. An assignee may change the
/// status of a task whatever their role.
#[utoipa::path(
    patch,
    path = "/api/v1/teams/{team}/tasks/{task}",
    tag = "tasks",
    params(("If-Match", Header)),
    request_body = PatchTask,
    responses((status = 200, body = TaskView, headers(("ETag" = String)))),
)]
pub(crate) async fn update(
    scope: TaskScope<CanEditTask>,
    if_match: IfMatch,
    app: web::Data<App>,
    req: HttpRequest,
    Body(patch): Body<PatchTask>,
) -> ApiResult<HttpResponse> {
    match change(&app, &scope, &patch, &if_match, &req).await? {
        Ok(task) => Ok(HttpResponse::Ok().insert_header((ETAG, etag::of_version(task.version))).json(task)),
        Err(moved_on) => Ok(moved_on.response()),
    }
}

/// The task isn't in a version that `If-Match` takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MovedOn {
    /// The version that it is in.
    pub(crate) version: i64,
}

impl MovedOn {
    /// 412 with the tag of what is there now.
    pub(crate) fn response(self) -> HttpResponse {
        let tag = etag::of_version(self.version);
        let detail = format!("The task is now {tag}; get it, and send the change again with `If-Match: {tag}`.");
        let mut response = platform::problem::respond(Problem::new(Code::PreconditionFailed, detail));
        if let Ok(value) = tag.parse() {
            response.headers_mut().insert(ETAG, value);
        }
        response
    }
}

/// Changes a task and tells what it is now.
pub(crate) async fn change(
    app: &App,
    scope: &TaskScope<CanEditTask>,
    patch: &TaskPatch,
    if_match: &IfMatch,
    req: &HttpRequest,
) -> ApiResult<Result<TaskView, MovedOn>> {
    let trace = RequestContext::of(req).trace.to_string();
    let assignees: Option<Vec<Uuid>> =
        patch.assignees.as_ref().map(|users| users.as_slice().iter().map(|user| user.uuid()).collect());
    let labels = patch.labels.as_ref().map(view::sorted);
    let row = app
        .write
        .query_opt(
            scope.choose(&queries::UPDATE),
            &[
                scope.user(),
                scope.team(),
                &scope.roles(),
                scope.task(),
                &patch.changes_only_status(),
                &EventId::new().uuid(),
                &trace,
                &if_match.versions(),
                &patch.title.as_ref().map(|title| title.as_str()),
                &patch.description.as_ref().map(|text| text.as_str()),
                &patch.status.map(|status| status.as_str()),
                &patch.priority.map(|priority| priority.as_str()),
                &assignees,
                &patch.due_at.is_some(),
                &patch.due_at.flatten(),
                &labels,
            ],
        )
        .await?
        .ok_or_else(Problem::not_found)?;
    if !view::column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    let task = view::task(&row, 6)?.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a change without a task")))?;
    if !view::column::<bool>(&row, 1)? {
        return Ok(Err(MovedOn { version: task.version }));
    }
    view::check_references(&row, 2, patch.labels.as_ref().unwrap_or(&Labels::default()))?;
    if view::column(&row, 4)? {
        // What was replaced is in the event too, and about as long.
        let replaced = patch.description.as_ref().map_or(0, |text| text.as_str().len());
        app.changed(scope, task.team_id, view::text_bytes(&task) + replaced);
    }
    if view::column(&row, 5)? {
        COMPLETED.inc();
    }
    Ok(Ok(task))
}

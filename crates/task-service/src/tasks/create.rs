//! `POST …/tasks`: makes a task.

use actix_web::http::header::{ETAG, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{CreateTask, EventId, NewTask, TaskId, TaskView};
use platform::body::{self, JsonBytes};
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanCreateTask, Param, TeamScope};
use crate::app::App;
use crate::etag;
use crate::idempotency::{self, IdempotencyKey};
use crate::metrics::{COMPLETED, CREATED};

/// Makes a task.
///
/// Assignees must be members of the team, labels must be its own.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{team}/tasks",
    tag = "tasks",
    params(("Idempotency-Key", Header)),
    request_body = CreateTask,
    responses((status = 201, body = TaskView, headers(("ETag" = String), ("Location" = String)))),
)]
pub(crate) async fn create(
    scope: TeamScope<CanCreateTask>,
    app: web::Data<App>,
    req: HttpRequest,
    JsonBytes(text): JsonBytes,
) -> ApiResult<HttpResponse> {
    let new = body::parse::<CreateTask>(&text)?;
    let task = make(&app, &scope, &new, &req, IdempotencyKey::of(&req, &text)?).await?;
    Ok(HttpResponse::Created()
        .insert_header((LOCATION, location(&task)))
        .insert_header((ETAG, etag::of_version(task.version)))
        .json(task))
}

/// Where a task lies, by ids: they stay when a key changes.
pub(crate) fn location(task: &TaskView) -> String {
    format!("/api/v1/teams/{}/tasks/{}", task.team_id, task.id)
}

/// Makes a task, or finds the one that the same request with the same key has made.
pub(crate) async fn make(
    app: &App,
    scope: &TeamScope<CanCreateTask>,
    new: &NewTask,
    req: &HttpRequest,
    once: Option<IdempotencyKey>,
) -> ApiResult<TaskView> {
    let trace = RequestContext::of(req).trace.to_string();
    let assignees: Vec<Uuid> = new.assignees.as_slice().iter().map(|user| user.uuid()).collect();
    let labels = view::sorted(&new.labels);
    let (id, event) = (TaskId::new().uuid(), EventId::new().uuid());
    let (title, description) = (new.title.as_str(), new.description.as_str());
    let (status, priority) = (new.status.as_str(), new.priority.as_str());
    let params: [Param<'_>; 13] = [
        scope.user(),
        scope.team(),
        &scope.roles(),
        &id,
        &event,
        &trace,
        &title,
        &description,
        &status,
        &priority,
        &assignees,
        &new.due_at,
        &labels,
    ];
    let row = match &once {
        None => app.write.query_opt(scope.choose(&queries::CREATE), &params).await?,
        once => idempotency::query(&app.write, scope.choose(&queries::CREATE_ONCE), &params, once.as_ref()).await?,
    };
    let row = row.ok_or_else(Problem::not_found)?;
    if !view::column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    if once.is_some()
        && let Some(first) = idempotency::first_answer(&row, AFTER_TASK)?
    {
        return Ok(first);
    }
    view::check_references(&row, 1, &new.labels)?;
    let task = view::task(&row, 3)?.ok_or_else(|| ApiError::internal(anyhow::anyhow!("no task was made")))?;
    app.changed(scope, task.team_id, view::text_bytes(&task));
    CREATED.inc();
    if task.completed_at.is_some() {
        COMPLETED.inc();
    }
    Ok(task)
}

const AFTER_TASK: usize = 3 + view::COLUMNS;

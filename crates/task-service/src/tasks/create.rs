//! `POST …/tasks`: makes a task.

use actix_web::http::header::{ETAG, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::{CreateTask, EventId, NewTask, TaskId, TaskView};
use platform::body::{self, JsonBytes};
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{queries, view};
use crate::access::{CanCreateTask, Param, TeamScope};
use crate::app::App;
use crate::etag;
use crate::idempotency::IdempotencyKey;
use crate::metrics::{COMPLETED, CREATED};

/// How often a request with a key is tried: once, and again when another with the same key was faster.
const TRIES: usize = 3;

/// 201 and the task.
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
    let (id, event) = (TaskId::new().uuid(), EventId::new().uuid());
    let (title, description) = (new.title.as_str(), new.description.as_str());
    let (status, priority) = (new.status.as_str(), new.priority.as_str());
    let params: [Param<'_>; 12] = [
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
    ];
    let row = match &once {
        None => app.write.query_opt(scope.choose(&queries::CREATE), &params).await?,
        Some(once) => once_only(app, scope, &params, once).await?,
    };
    let row = row.ok_or_else(Problem::not_found)?;
    if !view::column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    if once.is_some()
        && let Some(same) = view::column::<Option<bool>>(&row, AFTER_TASK)?
    {
        return if same { first_answer(&row) } else { Err(mismatch()) };
    }
    if let Some(strangers) = view::column::<Option<Vec<i32>>>(&row, 1)? {
        return Err(view::strangers(&strangers));
    }
    let task = view::task(&row, 2)?.ok_or_else(|| ApiError::internal(anyhow::anyhow!("no task was made")))?;
    app.bell.ring();
    CREATED.inc();
    if task.completed_at.is_some() {
        COMPLETED.inc();
    }
    Ok(task)
}

const AFTER_TASK: usize = 2 + view::COLUMNS;

/// Runs [`queries::CREATE_ONCE`], again when another request with the same key came first.
async fn once_only(
    app: &App,
    scope: &TeamScope<CanCreateTask>,
    params: &[Param<'_>],
    once: &IdempotencyKey,
) -> ApiResult<Option<Row>> {
    let hash = once.request_hash.as_slice();
    let mut all = params.to_vec();
    all.push(&once.key);
    all.push(&hash);
    let mut tries = 1;
    loop {
        match app.write.query_opt(scope.choose(&queries::CREATE_ONCE), &all).await {
            Err(error) if error.constraint() == Some("idempotency_keys_pkey") && tries < TRIES => tries += 1,
            result => return Ok(result?),
        }
    }
}

/// The task as it was made, from the event that tells of it.
fn first_answer(row: &Row) -> ApiResult<TaskView> {
    let data: Json<&RawValue> = view::column(row, AFTER_TASK + 1)?;
    TaskView::deserialize(data.0).map_err(ApiError::internal)
}

fn mismatch() -> ApiError {
    let detail = "This Idempotency-Key came with another path or body within the last 24 hours; take a new key for a new request.";
    ApiError::new(Code::IdempotencyMismatch, detail)
}

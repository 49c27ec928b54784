//! `POST /api/tasks`: makes a task in the caller's personal team.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Code;
use domain::simple::{SimpleCreate, SimpleTask};
use platform::body::{self, JsonBytes};
use platform::{ApiError, ApiResult};

use crate::access::{CanCreateTask, PersonalScope};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::tasks::create::{location, make};

/// Makes a task in the caller's personal team.
#[utoipa::path(
    post,
    path = "/api/tasks",
    tag = "simple",
    params(("Idempotency-Key", Header)),
    request_body = SimpleCreate,
    responses((status = 201, body = SimpleTask, headers(("Location" = String))), (status = 404, description = "The caller has no personal team.")),
)]
pub(crate) async fn create(
    PersonalScope(scope): PersonalScope<CanCreateTask>,
    app: web::Data<App>,
    req: HttpRequest,
    JsonBytes(text): JsonBytes,
) -> ApiResult<HttpResponse> {
    let new = body::parse::<SimpleCreate>(&text)?;
    let made = make(&app, &scope, &new, &req, IdempotencyKey::of(&req, &text)?).await;
    let task = made.map_err(|error| if error.problem().code == Code::NotFound { no_personal_team() } else { error })?;
    Ok(HttpResponse::Created().insert_header((LOCATION, location(&task))).json(SimpleTask::from(task)))
}

fn no_personal_team() -> ApiError {
    ApiError::new(Code::NotFound, "You have no personal team; make the task with POST /api/v1/teams/{team}/tasks.")
}

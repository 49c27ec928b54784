//! `POST …/labels`: makes a label.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::{Code, Problem};
use domain::{CreateLabel, EventId, LabelId, LabelView};
use platform::body::{self, JsonBytes};
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};

use super::{name_taken, queries, view};
use crate::access::{CanManageLabels, Param, TeamScope};
use crate::app::App;
use crate::idempotency::{self, IdempotencyKey};
use crate::tasks::view::column;

/// Makes a label.
#[utoipa::path(
    post,
    path = "/api/v1/teams/{team}/labels",
    tag = "labels",
    params(("Idempotency-Key", Header)),
    request_body = CreateLabel,
    responses((status = 201, body = LabelView, headers(("Location" = String))), (status = 409, description = "The team has a label of that name, or 500; or the Idempotency-Key was used for something else.")),
)]
pub(crate) async fn create(
    scope: TeamScope<CanManageLabels>,
    app: web::Data<App>,
    req: HttpRequest,
    JsonBytes(text): JsonBytes,
) -> ApiResult<HttpResponse> {
    let new = body::parse::<CreateLabel>(&text)?;
    let once = IdempotencyKey::of(&req, &text)?;
    let trace = RequestContext::of(&req).trace.to_string();
    let (id, event) = (LabelId::new().uuid(), EventId::new().uuid());
    let (name, color, roles) = (new.name.as_str(), new.color.as_str(), scope.roles());
    let params: [Param<'_>; 8] = [scope.user(), scope.team(), &roles, &id, &event, &trace, &name, &color];
    let row = idempotency::query(&app.write, scope.choose(&queries::CREATE), &params, once.as_ref())
        .await
        .map_err(name_taken)?
        .ok_or_else(Problem::not_found)?;
    if !column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    let label = match idempotency::first_answer::<LabelView>(&row, 1 + view::COLUMNS)? {
        Some(first) => first,
        None => {
            let full = || ApiError::new(Code::Conflict, "The team has 500 labels, and that is as many as it may have.");
            let made = view::label(&row, 1)?.ok_or_else(full)?;
            app.changed(&scope, made.team_id, 0);
            made
        }
    };
    let location = format!("/api/v1/teams/{}/labels/{}", label.team_id, label.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(label))
}

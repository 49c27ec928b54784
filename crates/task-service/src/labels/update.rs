//! `PATCH …/labels/{label}`: renames a label or gives it another color (RFC 7396).

use actix_web::{HttpRequest, HttpResponse, web};
use domain::problem::Problem;
use domain::{EventId, LabelId, LabelView, PatchLabel};
use platform::body::{Body, segment};
use platform::observe::RequestContext;
use platform::{ApiError, ApiResult};

use super::{name_taken, queries, view};
use crate::access::{CanManageLabels, TeamScope};
use crate::app::App;
use crate::tasks::view::column;

/// Renames a label or gives it another color.
///
/// A merge patch (RFC 7396). Nothing happens when it is so already.
#[utoipa::path(
    patch,
    path = "/api/v1/teams/{team}/labels/{label}",
    tag = "labels",
    request_body = PatchLabel,
    responses((status = 200, body = LabelView), (status = 409, description = "The team has another label of that name.")),
)]
pub(crate) async fn update(
    scope: TeamScope<CanManageLabels>,
    app: web::Data<App>,
    req: HttpRequest,
    Body(patch): Body<PatchLabel>,
) -> ApiResult<HttpResponse> {
    let id = segment::<LabelId>(&req, "label")?.uuid();
    let (event, trace) = (EventId::new().uuid(), RequestContext::of(&req).trace.to_string());
    let (name, color) =
        (patch.name.as_ref().map(|name| name.as_str()), patch.color.as_ref().map(|color| color.as_str()));
    let row = app
        .write
        .query_opt(
            scope.choose(&queries::UPDATE),
            &[scope.user(), scope.team(), &scope.roles(), &id, &event, &trace, &name, &color],
        )
        .await
        .map_err(name_taken)?
        .ok_or_else(Problem::not_found)?;
    if !column::<bool>(&row, 0)? {
        return Err(scope.forbidden());
    }
    let label = view::label(&row, 2)?.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a change without a label")))?;
    if column(&row, 1)? {
        app.changed(&scope, label.team_id, 0);
    }
    Ok(HttpResponse::Ok().json(label))
}

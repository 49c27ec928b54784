//! `GET …/labels`: all labels of a team, by name.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::{LabelView, Page};
use platform::ApiResult;
use platform::conditions::IfNoneMatch;

use super::{queries, view};
use crate::access::{CanViewTeam, TeamScope};
use crate::app::App;
use crate::etag;
use crate::log::head::Head;

const QUERY: &str = "labels";

/// Lists a team's labels by name.
///
/// All of them, which are at most 500; or 304 when nothing has happened in the team.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/labels",
    tag = "labels",
    params(("If-None-Match", Header)),
    responses((status = 200, body = Page<LabelView>, headers(("ETag" = String)))),
)]
pub(crate) async fn list(
    scope: TeamScope<CanViewTeam>,
    if_none_match: IfNoneMatch,
    app: web::Data<App>,
) -> ApiResult<HttpResponse> {
    if let Some(tag) = app.unchanged(&scope, &if_none_match, QUERY).await? {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    let params = [scope.user(), scope.team(), &scope.roles()];
    let rows = app.read.query(scope.choose(&queries::LIST), &params).await?;
    let first = rows.first().ok_or_else(Problem::not_found)?;
    let tag = etag::of_list(Head::of(first, 0)?, QUERY);
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        items.extend(view::label(row, 2)?);
    }
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(Page { items, next_cursor: None }))
}

//! `GET /teams`.

use actix_web::{HttpResponse, web};
use domain::{Cursor, Page, TeamView};
use platform::body::Query;
use platform::{ApiResult, Caller};

use super::queries;
use crate::App;
use crate::paging::Paging;

/// Lists the teams that the caller is in, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/teams",
    tag = "teams",
    params(Paging),
    responses((status = 200, body = Page<TeamView>)),
)]
pub(crate) async fn list(caller: Caller, app: web::Data<App>, paging: Query<Paging>) -> ApiResult<HttpResponse> {
    let cursors = Cursor::of("teams", &caller.user.to_string());
    let after = paging.0.after(cursors)?;
    let limit = paging.0.limit;
    let teams = app.pool.run(async |connection| queries::list(connection, caller.user, after, limit).await).await?;
    let page = Page::of(teams, limit, |last| cursors.encode(&(last.created_at, last.id.uuid())));
    Ok(HttpResponse::Ok().json(page))
}

//! `GET /auth/sessions`.

use actix_web::{HttpResponse, web};
use domain::{Cursor, Page, SessionView};
use platform::body::Query;
use platform::{ApiResult, Caller};

use super::queries;
use crate::App;
use crate::paging::Paging;

/// Lists where the caller is signed in, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/auth/sessions",
    tag = "sessions",
    params(Paging),
    responses((status = 200, body = Page<SessionView>)),
)]
pub(crate) async fn list(caller: Caller, app: web::Data<App>, paging: Query<Paging>) -> ApiResult<HttpResponse> {
    let cursors = Cursor::of("sessions", &caller.user.to_string());
    let before = paging.0.after(cursors)?;
    let limit = paging.0.limit;
    let found = app.pool.run(async |connection| queries::list(connection, &caller, before, limit).await).await?;
    let page = Page::of(found, limit, |last| cursors.encode(&last.id.uuid()));
    Ok(HttpResponse::Ok().json(page))
}

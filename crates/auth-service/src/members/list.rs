//! `GET /teams/{team}/members`.

use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::{Cursor, MemberView, Page, TeamRef};
use platform::ApiResult;
use platform::body::Query;

use super::queries;
use crate::App;
use crate::access::InTeam;
use crate::paging::Paging;

/// Lists the members of a team, in the order in which they joined.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/members",
    tag = "members",
    params(Paging),
    responses((status = 200, body = Page<MemberView>)),
)]
pub(crate) async fn list(scope: InTeam, app: web::Data<App>, paging: Query<Paging>) -> ApiResult<HttpResponse> {
    let cursors = Cursor::of("members", &named(&scope.team));
    let after = paging.0.after(cursors)?;
    let limit = paging.0.limit;
    let found = app.pool.run(async |connection| queries::list(connection, &scope, after, limit).await).await?;
    let members = found.ok_or_else(Problem::not_found)?;
    let page = Page::of(members, limit, |last| cursors.encode(&(last.joined_at, last.user.id.uuid())));
    Ok(HttpResponse::Ok().json(page))
}

/// The team as the path names it: a cursor belongs to the path that it came from.
pub(crate) fn named(team: &TeamRef) -> String {
    match team {
        TeamRef::Id(id) => id.to_string(),
        TeamRef::Key(key) => key.to_string(),
    }
}

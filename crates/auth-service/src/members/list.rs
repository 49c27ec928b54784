//! `GET /teams/{team}/members`.

use actix_web::{HttpResponse, web};
use domain::problem::Problem;
use domain::{Cursor, IncludeMembers, Limit, MemberView, Page, TeamRef};
use platform::ApiResult;
use platform::body::Query;
use serde::Deserialize;
use utoipa::IntoParams;

use super::queries;
use crate::App;
use crate::access::InTeam;
use crate::paging::Paging;

/// The query of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListMembers {
    /// Who else is listed.
    #[param(inline)]
    include: Option<IncludeMembers>,
    /// How many at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists the members of a team, in the order in which they joined.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/members",
    tag = "members",
    params(ListMembers),
    responses((status = 200, body = Page<MemberView>)),
)]
pub(crate) async fn list(scope: InTeam, app: web::Data<App>, query: Query<ListMembers>) -> ApiResult<HttpResponse> {
    let ListMembers { include, limit, cursor } = query.0;
    let former = include == Some(IncludeMembers::Former);
    let cursors = Cursor::of("members", &format!("{}{}", named(&scope.team), if former { " former" } else { "" }));
    let after = Paging { limit, cursor }.after(cursors)?;
    let found = app.pool.run(async |connection| queries::list(connection, &scope, former, after, limit).await).await?;
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

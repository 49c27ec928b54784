//! `GET /teams/{team}/invitations`.

use actix_web::{HttpResponse, web};
use domain::{Action, Cursor, InvitationView, Page};
use platform::ApiResult;
use platform::body::Query;

use super::queries;
use crate::App;
use crate::access::{Access, InTeam};
use crate::paging::Paging;

/// Lists the open invitations of a team, oldest first, for those who may invite.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{team}/invitations",
    tag = "invitations",
    params(Paging),
    responses((status = 200, body = Page<InvitationView>), (status = 403)),
)]
pub(crate) async fn list(scope: InTeam, app: web::Data<App>, paging: Query<Paging>) -> ApiResult<HttpResponse> {
    let cursors = Cursor::of("invitations", &crate::members::named(&scope.team));
    let after = paging.0.after(cursors)?;
    let limit = paging.0.limit;
    let open = app.pool.run(async |connection| {
        let access = Access::to(connection, &scope, Action::InviteMember).await?;
        queries::list(connection, &access, after, limit).await
    });
    let page = Page::of(open.await?, limit, |last| cursors.encode(&(last.created_at, last.id.uuid())));
    Ok(HttpResponse::Ok().json(page))
}

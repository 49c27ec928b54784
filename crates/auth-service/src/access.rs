//! What the caller is in the team of the path. Whatever changes a team takes an [`Access`], which only a look into
//! `identity.team_access` gives: no change can be written that forgot to ask.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use diesel::pg::sql_types::Uuid as SqlUuid;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::problem::{Code, Problem};
use domain::{Action, Role, TeamId, TeamKey, TeamName, TeamRef, UserId};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use platform::body::segment;
use platform::{ApiError, ApiResult, Caller};
use uuid::Uuid;

use crate::schema::team_access;
use crate::sessions;
use crate::stored::stored;

/// The caller and the team that the path names; what they may there isn't known yet.
#[derive(Clone, Debug)]
pub(crate) struct InTeam {
    /// Who is calling.
    pub caller: Caller,
    /// The team as the path names it.
    pub team: TeamRef,
}

impl FromRequest for InTeam {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(req, payload);
        let team = segment(req, "team");
        async move { Ok(Self { caller: caller.await?, team: team? }) }.boxed_local()
    }
}

/// The row of `team_access` that lets `user` into the team with this id or key.
#[diesel::dsl::auto_type]
fn row_of(user: Uuid, id: Option<Uuid>, key: Option<String>) -> _ {
    let team = team_access::team_id.nullable().eq(id).or(team_access::team_key.nullable().eq(key));
    team_access::user_id.eq(user).and(team)
}

/// The row of `team_access` that lets `user` into `team`.
#[must_use]
pub(crate) fn admits(user: UserId, team: &TeamRef) -> row_of {
    match team {
        TeamRef::Id(id) => row_of(user.uuid(), Some(id.uuid()), None),
        TeamRef::Key(key) => row_of(user.uuid(), None, Some(key.to_string())),
    }
}

/// The caller's row of `team_access`, empty when they aren't in the team.
#[derive(QueryableByName)]
struct ChangeRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    team_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    team_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    team_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
}

/// What a member is in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    /// Who.
    pub user: UserId,
    /// Where.
    pub team: TeamId,
    /// The team's key.
    pub key: TeamKey,
    /// The team's name.
    pub name: TeamName,
    /// As what.
    pub role: Role,
}

impl Access {
    /// Looks the caller up.
    ///
    /// # Errors
    /// 404 when they aren't in the team, or there is none.
    pub(crate) async fn of(connection: &mut AsyncPgConnection, scope: &InTeam) -> ApiResult<Self> {
        let user = scope.caller.user;
        let found: Option<(Uuid, String, String, String)> = team_access::table
            .filter(admits(user, &scope.team))
            .select((team_access::team_id, team_access::team_key, team_access::team_name, team_access::role))
            .first(connection)
            .await
            .optional()?;
        Self::read(user, found.ok_or_else(Problem::not_found)?)
    }

    /// Looks the caller up for a change, and keeps their session from ending until the transaction ends: a token outlives
    /// its session by minutes.
    ///
    /// # Errors
    /// 401 when the session has ended, 404 as [`of`](Self::of).
    pub(crate) async fn to_change(tx: &mut AsyncPgConnection, scope: &InTeam) -> ApiResult<Self> {
        let user = scope.caller.user;
        let (id, key) = match &scope.team {
            TeamRef::Id(id) => (Some(id.uuid()), None),
            TeamRef::Key(key) => (None, Some(key.as_str())),
        };
        let row: Option<ChangeRow> = diesel::sql_query(
            "SELECT a.team_id, a.team_key, a.team_name, a.role
             FROM identity.sessions s
             LEFT JOIN identity.team_access a ON a.user_id = s.user_id AND (a.team_id = $3 OR a.team_key = $4)
             WHERE s.id = $1 AND s.user_id = $2 AND s.expires_at > now()
             FOR KEY SHARE OF s",
        )
        .bind::<SqlUuid, _>(scope.caller.session.uuid())
        .bind::<SqlUuid, _>(user.uuid())
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<Text>, _>(key)
        .get_result(tx)
        .await
        .optional()?;
        let row = row.ok_or_else(sessions::has_ended)?;
        let (Some(team), Some(key), Some(name), Some(role)) = (row.team_id, row.team_key, row.team_name, row.role)
        else {
            return Err(Problem::not_found().into());
        };
        Self::read(user, (team, key, name, role))
    }

    fn read(user: UserId, (team, key, name, role): (Uuid, String, String, String)) -> ApiResult<Self> {
        Ok(Self { user, team: team.into(), key: stored(&key)?, name: TeamName::stored(name), role: stored(&role)? })
    }

    /// Looks the caller up and asks for a right.
    ///
    /// # Errors
    /// 404 as [`of`](Self::of), 403 when the role doesn't suffice.
    pub(crate) async fn to(connection: &mut AsyncPgConnection, scope: &InTeam, action: Action) -> ApiResult<Self> {
        Self::of(connection, scope).await?.with(action)
    }

    /// The same, if the role suffices.
    ///
    /// # Errors
    /// 403 when it doesn't.
    pub(crate) fn with(self, action: Action) -> ApiResult<Self> {
        self.role.may(action).then_some(self).ok_or_else(|| {
            let least = action.least_role();
            forbidden(format!("This needs the role {least} in the team, or more."))
        })
    }
}

/// 403.
pub(crate) fn forbidden(detail: impl Into<String>) -> ApiError {
    ApiError::new(Code::Forbidden, detail)
}

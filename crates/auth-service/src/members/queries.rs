//! Every statement on members.

use diesel::pg::sql_types::Uuid as SqlUuid;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Record, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{DisplayName, Email, Limit, MemberUser, MemberView, Role, TeamId, UserId};
use platform::ApiResult;
use uuid::Uuid;

use crate::access::{Access, InTeam, admits};
use crate::schema::{all_members, members, team_access, teams, users};
use crate::stored::{Moment, UserRow, stored, user_view};

type MemberRow = (UserRow, String, Moment, Option<Moment>, Option<String>);

fn member_view((user, role, joined_at, left_at, former_name): MemberRow) -> ApiResult<MemberView> {
    let mut user = MemberUser::from(user_view(user)?);
    if left_at.is_some() {
        user.email = None;
    }
    if let Some(name) = former_name {
        user.name = DisplayName::stored(name);
    }
    Ok(MemberView { user, role: stored(&role)?, joined_at, left_at })
}

/// The members of a team in the order in which they joined, with those who have left if `former`; `None` when the caller
/// isn't one of the members.
pub(super) async fn list(
    connection: &mut AsyncPgConnection,
    scope: &InTeam,
    former: bool,
    after: Option<(Moment, Uuid)>,
    limit: Limit,
) -> ApiResult<Option<Vec<MemberView>>> {
    // The caller's own row is there whether or not the page is empty: it tells "no more" from "not yours". The first
    // position is before anything that was ever stored.
    let (moment, id) = after.unwrap_or((Moment::UNIX_EPOCH, Uuid::nil()));
    let position = (all_members::joined_at, all_members::user_id).into_sql::<Record<(Timestamptz, SqlUuid)>>();
    let further = position.gt((moment, id).into_sql::<Record<(Timestamptz, SqlUuid)>>());
    let wanted = all_members::left_at.is_null().or(former.into_sql::<Bool>());
    let page = all_members::table.inner_join(users::table.on(users::id.eq(all_members::user_id)));
    let rows: Vec<Option<MemberRow>> = team_access::table
        .left_join(page.on(all_members::team_id.eq(team_access::team_id).and(further).and(wanted)))
        .filter(admits(scope.caller.user, &scope.team))
        .order((all_members::joined_at, all_members::user_id))
        .limit(limit.fetch())
        .select(
            (
                (users::id, users::email, users::name, users::created_at),
                all_members::role,
                all_members::joined_at,
                all_members::left_at,
                all_members::former_name,
            )
                .nullable(),
        )
        .load(connection)
        .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    rows.into_iter().flatten().map(member_view).collect::<ApiResult<_>>().map(Some)
}

/// Keeps everyone else from changing the team's members until the transaction ends; gives whose personal team it is.
pub(crate) async fn lock(connection: &mut AsyncPgConnection, team: TeamId) -> ApiResult<Option<UserId>> {
    let person: Option<Option<Uuid>> = teams::table
        .find(team.uuid())
        .select(teams::personal_owner)
        .for_no_key_update()
        .first(connection)
        .await
        .optional()?;
    Ok(person.ok_or_else(domain::Problem::not_found)?.map(UserId::from))
}

/// One member.
pub(super) async fn get(
    connection: &mut AsyncPgConnection,
    access: &Access,
    user: UserId,
) -> ApiResult<Option<MemberView>> {
    let row: Option<MemberRow> = members::table
        .find((access.team.uuid(), user.uuid()))
        .inner_join(users::table)
        .select((
            (users::id, users::email, users::name, users::created_at),
            members::role,
            members::joined_at,
            None::<Moment>.into_sql::<Nullable<Timestamptz>>(),
            None::<String>.into_sql::<Nullable<Text>>(),
        ))
        .first(connection)
        .await
        .optional()?;
    row.map(member_view).transpose()
}

/// Whether somebody with this address is a member.
pub(crate) async fn has_email(connection: &mut AsyncPgConnection, access: &Access, email: &Email) -> ApiResult<bool> {
    let found = members::table
        .inner_join(users::table)
        .filter(members::team_id.eq(access.team.uuid()))
        .filter(users::email.eq(email.as_str()));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection).await?)
}

/// How many owners the team has.
pub(super) async fn count_owners(connection: &mut AsyncPgConnection, access: &Access) -> ApiResult<i64> {
    let owners =
        members::table.filter(members::team_id.eq(access.team.uuid())).filter(members::role.eq(Role::Owner.as_str()));
    Ok(owners.count().get_result(connection).await?)
}

/// Gives a member another role.
pub(super) async fn set_role(
    connection: &mut AsyncPgConnection,
    access: &Access,
    user: UserId,
    role: Role,
) -> ApiResult<()> {
    diesel::update(members::table.find((access.team.uuid(), user.uuid())))
        .set(members::role.eq(role.as_str()))
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes a member out of the team; a trigger keeps that they were in it.
pub(super) async fn delete(connection: &mut AsyncPgConnection, access: &Access, user: UserId) -> ApiResult<()> {
    diesel::delete(members::table.find((access.team.uuid(), user.uuid()))).execute(connection).await?;
    Ok(())
}

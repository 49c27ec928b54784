//! Every statement on invitations.

use chrono::{DateTime, Utc};
use diesel::dsl::now;
use diesel::pg::sql_types::Uuid as SqlUuid;
use diesel::prelude::*;
use diesel::sql_types::{Record, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{
    DisplayName, Email, InvitationId, InvitationPreview, InvitationView, Inviter, Limit, NewInvitation,
    PreviewedInviter, PreviewedTeam, Role, SecretText, TeamId, TeamName, TeamView, UserId,
};
use platform::ApiResult;
use uuid::Uuid;

use crate::access::Access;
use crate::schema::{invitations, members, teams, users};
use crate::stored::{Moment, TeamRow, stored, team_view};

/// Every role with each role that it may give, as the database compares them.
fn grants() -> Vec<String> {
    let pairs = Role::ALL.iter().flat_map(|role| Role::ALL.iter().map(move |given| (role, given)));
    pairs.filter(|(role, given)| role.may_grant(**given)).map(|(role, given)| format!("{role} {given}")).collect()
}

/// Who invited is in the team and may still give the invitation's role.
#[diesel::dsl::auto_type]
fn inviter_may(grants: Vec<String>) -> _ {
    let inviter = members::table
        .filter(members::team_id.eq(invitations::team_id))
        .filter(members::user_id.eq(invitations::invited_by));
    diesel::dsl::exists(inviter.filter(members::role.concat(" ").concat(invitations::role).eq_any(grants)))
}

/// The role that the open invitation of an address gives, if there is one.
pub(super) async fn open_role(
    connection: &mut AsyncPgConnection,
    access: &Access,
    email: &Email,
) -> ApiResult<Option<Role>> {
    let found = open(access.team.uuid(), grants()).filter(invitations::email.eq(email.as_str()));
    let row: Option<OpenRow> = found.first(connection).await.optional()?;
    row.map(|row| stored(&row.2)).transpose()
}

/// Revokes a member's open invitations to roles that the member may no longer give, all of them if the member has left; the
/// team must be locked.
pub(crate) async fn revoke_beyond(
    connection: &mut AsyncPgConnection,
    access: &Access,
    inviter: UserId,
    role: Option<Role>,
) -> ApiResult<()> {
    let lost = Role::ALL.iter().filter(|given| !role.is_some_and(|role| role.may_grant(**given)));
    diesel::update(invitations::table)
        .filter(invitations::team_id.eq(access.team.uuid()).and(invitations::invited_by.eq(inviter.uuid())))
        .filter(invitations::role.eq_any(lost.map(|role| role.as_str()).collect::<Vec<_>>()))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .set(invitations::revoked_at.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes back the open invitation of an address, if there is one; the team must be locked.
pub(super) async fn replace(connection: &mut AsyncPgConnection, access: &Access, email: &Email) -> ApiResult<()> {
    diesel::update(invitations::table)
        .filter(invitations::team_id.eq(access.team.uuid()))
        .filter(invitations::email.eq(email.as_str()))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .set(invitations::revoked_at.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Makes an invitation.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    access: &Access,
    new: &NewInvitation,
    (token, token_hash): (&SecretText, &[u8]),
    expires_at: DateTime<Utc>,
) -> ApiResult<InvitationView> {
    let name: String = users::table.find(access.user.uuid()).select(users::name).first(connection).await?;
    let id = InvitationId::new();
    let (created_at, expires_at): (Moment, Moment) = diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(id.uuid()),
            invitations::team_id.eq(access.team.uuid()),
            invitations::email.eq(new.email.as_str()),
            invitations::role.eq(new.role.as_str()),
            invitations::token_hash.eq(token_hash),
            invitations::invited_by.eq(access.user.uuid()),
            invitations::expires_at.eq(expires_at),
        ))
        .returning((invitations::created_at, invitations::expires_at))
        .get_result(connection)
        .await?;
    Ok(InvitationView {
        id,
        team_id: access.team,
        team_key: access.key.clone(),
        team_name: access.name.clone(),
        email: new.email.clone(),
        role: new.role,
        invited_by: Some(Inviter { id: access.user, name: DisplayName::stored(name) }),
        created_at,
        expires_at,
        token: Some(token.clone()),
    })
}

type OpenRow = (Uuid, String, String, Moment, Moment, Uuid, String);

/// The open invitations of a team.
#[diesel::dsl::auto_type]
fn open(team: Uuid, grants: Vec<String>) -> _ {
    let is_open = invitations::accepted_at.is_null().and(invitations::revoked_at.is_null());
    let rows = invitations::table.inner_join(users::table).filter(invitations::team_id.eq(team)).filter(is_open);
    let may: inviter_may = inviter_may(grants);
    rows.filter(may).filter(invitations::expires_at.gt(now)).select((
        invitations::id,
        invitations::email,
        invitations::role,
        invitations::created_at,
        invitations::expires_at,
        users::id,
        users::name,
    ))
}

fn view(
    access: &Access,
    (id, email, role, created_at, expires_at, inviter, name): OpenRow,
) -> ApiResult<InvitationView> {
    Ok(InvitationView {
        id: id.into(),
        team_id: access.team,
        team_key: access.key.clone(),
        team_name: access.name.clone(),
        email: stored(&email)?,
        role: stored(&role)?,
        invited_by: Some(Inviter { id: inviter.into(), name: DisplayName::stored(name) }),
        created_at,
        expires_at,
        token: None,
    })
}

/// The open invitations of a team, oldest first.
pub(super) async fn list(
    connection: &mut AsyncPgConnection,
    access: &Access,
    after: Option<(Moment, Uuid)>,
    limit: Limit,
) -> ApiResult<Vec<InvitationView>> {
    let position = (invitations::created_at, invitations::id).into_sql::<Record<(Timestamptz, SqlUuid)>>();
    // The first position is before anything that was ever stored.
    let after = after.unwrap_or((Moment::UNIX_EPOCH, Uuid::nil()));
    let rows: Vec<OpenRow> = open(access.team.uuid(), grants())
        .filter(position.gt(after.into_sql::<Record<(Timestamptz, SqlUuid)>>()))
        .order((invitations::created_at, invitations::id))
        .limit(limit.fetch())
        .load(connection)
        .await?;
    rows.into_iter().map(|row| view(access, row)).collect()
}

/// An open invitation of a team.
pub(super) async fn get(
    connection: &mut AsyncPgConnection,
    access: &Access,
    id: InvitationId,
) -> ApiResult<Option<InvitationView>> {
    let found = open(access.team.uuid(), grants()).filter(invitations::id.eq(id.uuid()));
    let row: Option<OpenRow> = found.first(connection).await.optional()?;
    row.map(|row| view(access, row)).transpose()
}

/// The role of an invitation that is still open.
pub(super) async fn role_of_open(
    connection: &mut AsyncPgConnection,
    access: &Access,
    id: InvitationId,
) -> ApiResult<Option<Role>> {
    let role: Option<String> = invitations::table
        .filter(invitations::id.eq(id.uuid()).and(invitations::team_id.eq(access.team.uuid())))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .select(invitations::role)
        .first(connection)
        .await
        .optional()?;
    role.as_deref().map(stored).transpose()
}

/// Takes an invitation back; whether it was still open.
pub(super) async fn revoke(connection: &mut AsyncPgConnection, access: &Access, id: InvitationId) -> ApiResult<bool> {
    let revoked = diesel::update(invitations::table)
        .filter(invitations::id.eq(id.uuid()).and(invitations::team_id.eq(access.team.uuid())))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .set(invitations::revoked_at.eq(now))
        .execute(connection)
        .await?;
    Ok(revoked > 0)
}

/// An invitation that somebody wants to accept.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: InvitationId,
    pub(super) team: TeamId,
    pub(super) role: Role,
    /// Whether its address is that of the user.
    pub(super) is_theirs: bool,
    /// Whether it was accepted.
    pub(super) was_accepted: bool,
}

/// The invitation with this token, for this user.
pub(super) async fn find(
    connection: &mut AsyncPgConnection,
    token_hash: &[u8],
    user: UserId,
) -> ApiResult<Option<Found>> {
    let theirs = users::table.find(user.uuid()).filter(users::email.eq(invitations::email));
    let row: Option<(Uuid, Uuid, String, bool, bool)> = invitations::table
        .filter(invitations::token_hash.eq(token_hash))
        .select((
            invitations::id,
            invitations::team_id,
            invitations::role,
            diesel::dsl::exists(theirs),
            invitations::accepted_at.is_not_null(),
        ))
        .first(connection)
        .await
        .optional()?;
    let found = |(id, team, role, is_theirs, was_accepted): (Uuid, Uuid, String, bool, bool)| {
        Ok(Found { id: id.into(), team: team.into(), role: stored(&role)?, is_theirs, was_accepted })
    };
    row.map(found).transpose()
}

/// What an invitation says that is still open, by its token.
pub(super) async fn preview(
    connection: &mut AsyncPgConnection,
    token_hash: &[u8],
) -> ApiResult<Option<InvitationPreview>> {
    let row: Option<(String, String, String, String, String)> = invitations::table
        .inner_join(teams::table)
        .inner_join(users::table.on(users::id.eq(invitations::invited_by)))
        .filter(invitations::token_hash.eq(token_hash))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .filter(invitations::expires_at.gt(now))
        .filter(inviter_may(grants()))
        .select((teams::key, teams::name, users::name, invitations::email, invitations::role))
        .first(connection)
        .await
        .optional()?;
    let preview = |(key, name, inviter, email, role): (String, String, String, String, String)| {
        Ok(InvitationPreview {
            team: PreviewedTeam { key: stored(&key)?, name: TeamName::stored(name) },
            inviter: PreviewedInviter { name: DisplayName::stored(inviter) },
            email: stored(&email)?,
            role: stored(&role)?,
        })
    };
    row.map(preview).transpose()
}

/// Marks an invitation as accepted; false if it isn't open or its inviter may no longer give the role. The team must be
/// locked. Of several calls at once, one succeeds.
pub(super) async fn take(connection: &mut AsyncPgConnection, id: InvitationId) -> ApiResult<bool> {
    let taken = diesel::update(invitations::table.find(id.uuid()))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .filter(invitations::expires_at.gt(now))
        .filter(inviter_may(grants()))
        .set(invitations::accepted_at.eq(now))
        .execute(connection)
        .await?;
    Ok(taken > 0)
}

/// Puts a user into a team; `None` when they are in it already.
pub(super) async fn join(
    connection: &mut AsyncPgConnection,
    user: UserId,
    found: &Found,
) -> ApiResult<Option<TeamView>> {
    let joined = diesel::insert_into(members::table)
        .values((
            members::team_id.eq(found.team.uuid()),
            members::user_id.eq(user.uuid()),
            members::role.eq(found.role.as_str()),
        ))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    if joined == 0 {
        return Ok(None);
    }
    team_of(connection, user, found.team).await
}

/// A team as this member sees it; `None` when they aren't in it.
pub(super) async fn team_of(
    connection: &mut AsyncPgConnection,
    user: UserId,
    team: TeamId,
) -> ApiResult<Option<TeamView>> {
    let row: Option<TeamRow> = members::table
        .find((team.uuid(), user.uuid()))
        .inner_join(teams::table)
        .select((teams::id, teams::key, teams::name, teams::created_at, members::role))
        .first(connection)
        .await
        .optional()?;
    row.map(team_view).transpose()
}

//! Every statement on teams.

use diesel::pg::sql_types::Uuid as SqlUuid;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{Record, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::problem::Code;
use domain::{Limit, Role, TeamId, TeamKey, TeamName, TeamRef, TeamView, UserId};
use platform::{ApiError, ApiResult};
use uuid::Uuid;

use crate::access::admits;
use crate::accounts::no_such_account;
use crate::schema::{members, team_access, teams};
use crate::stored::{Moment, TeamRow, team_view};

/// The key of a team to be made.
#[derive(Debug)]
pub(crate) enum Key {
    /// Chosen by the caller: a conflict when it is taken.
    Chosen(TeamKey),
    /// Made up by us: another with a number behind it will do.
    Suggested(TeamKey),
}

/// A team to be made.
#[derive(Debug)]
pub(crate) struct NewTeamRow {
    pub(crate) name: TeamName,
    pub(crate) key: Key,
    pub(crate) personal_owner: Option<UserId>,
}

/// Makes a team with its owner; call it in a transaction.
pub(crate) async fn insert(connection: &mut AsyncPgConnection, new: &NewTeamRow, owner: UserId) -> ApiResult<TeamView> {
    let id = TeamId::new();
    let (key, created_at) = match &new.key {
        Key::Chosen(key) => {
            let inserted = insert_with(connection, id, key, new).await?;
            (key.clone(), inserted.ok_or_else(|| taken(key))?)
        }
        Key::Suggested(key) => insert_with_free(connection, id, key, new).await?,
    };
    diesel::insert_into(members::table)
        .values((
            members::team_id.eq(id.uuid()),
            members::user_id.eq(owner.uuid()),
            members::role.eq(Role::Owner.as_str()),
        ))
        .execute(connection)
        .await
        .map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => no_such_account(),
            error => error.into(),
        })?;
    Ok(TeamView { id, key, name: new.name.clone(), role: Role::Owner, created_at })
}

fn taken(key: &TeamKey) -> ApiError {
    ApiError::new(
        Code::Conflict,
        format!("The team key `{key}` is taken. Choose another, or leave it out to have one made."),
    )
}

/// Tries the key itself, then small numbers behind it, then large ones that nobody will have.
async fn insert_with_free(
    connection: &mut AsyncPgConnection,
    id: TeamId,
    key: &TeamKey,
    new: &NewTeamRow,
) -> ApiResult<(TeamKey, Moment)> {
    let small = (2..=6).map(|n| key.with_suffix(n));
    let middle = (0..3).map(|_| key.with_suffix(10 + chance() % 9_990));
    let large = (0..4).map(|_| key.with_suffix(100_000 + chance() % 999_900_000));
    for key in std::iter::once(key.clone()).chain(small).chain(middle).chain(large) {
        if let Some(created_at) = insert_with(connection, id, &key, new).await? {
            return Ok((key, created_at));
        }
    }
    Err(ApiError::internal(anyhow::anyhow!("no free team key was found")))
}

fn chance() -> u32 {
    Uuid::new_v4().as_fields().0
}

/// Makes the team unless its key is taken: also by a transaction that isn't finished yet, which is waited for.
async fn insert_with(
    connection: &mut AsyncPgConnection,
    id: TeamId,
    key: &TeamKey,
    new: &NewTeamRow,
) -> ApiResult<Option<Moment>> {
    Ok(diesel::insert_into(teams::table)
        .values((
            teams::id.eq(id.uuid()),
            teams::key.eq(key.as_str()),
            teams::name.eq(new.name.as_str()),
            teams::personal_owner.eq(new.personal_owner.map(UserId::uuid)),
        ))
        .on_conflict(teams::key)
        .do_nothing()
        .returning(teams::created_at)
        .get_result(connection)
        .await
        .optional()?)
}

const SHOWN: (teams::id, teams::key, teams::name, teams::created_at, team_access::role) =
    (teams::id, teams::key, teams::name, teams::created_at, team_access::role);

/// A team that the user is in.
pub(super) async fn get(
    connection: &mut AsyncPgConnection,
    user: UserId,
    team: &TeamRef,
) -> ApiResult<Option<TeamView>> {
    let row: Option<TeamRow> = team_access::table
        .inner_join(teams::table.on(teams::id.eq(team_access::team_id)))
        .filter(admits(user, team))
        .select(SHOWN)
        .first(connection)
        .await
        .optional()?;
    row.map(team_view).transpose()
}

/// The teams that the user is in, oldest first.
pub(super) async fn list(
    connection: &mut AsyncPgConnection,
    user: UserId,
    after: Option<(Moment, Uuid)>,
    limit: Limit,
) -> ApiResult<Vec<TeamView>> {
    let mut query = team_access::table
        .inner_join(teams::table.on(teams::id.eq(team_access::team_id)))
        .filter(team_access::user_id.eq(user.uuid()))
        .order((teams::created_at, teams::id))
        .limit(limit.fetch())
        .select(SHOWN)
        .into_boxed();
    if let Some(after) = after {
        let position = (teams::created_at, teams::id).into_sql::<Record<(Timestamptz, SqlUuid)>>();
        query = query.filter(position.gt(after.into_sql::<Record<(Timestamptz, SqlUuid)>>()));
    }
    let rows: Vec<TeamRow> = query.load(connection).await?;
    rows.into_iter().map(team_view).collect()
}

//! Every statement on sessions and refresh tokens.

use diesel::dsl::{IntervalDsl, now};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{Email, Limit, SecretText, SessionId, SessionView, UserId, UserView};
use platform::{ApiError, ApiResult, Caller};
use uuid::Uuid;

use super::NewSession;
use crate::schema::{refresh_tokens, sessions, users};
use crate::secret_token::Kind;
use crate::stored::{Moment, UserRow, user_view};

/// Who has this address, and the hash of their password.
pub(super) async fn find_account(
    connection: &mut AsyncPgConnection,
    email: &Email,
) -> ApiResult<Option<(UserView, String)>> {
    let row: Option<(UserRow, String)> = users::table
        .filter(users::email.eq(email.as_str()))
        .select(((users::id, users::email, users::name, users::created_at), users::password_hash))
        .first(connection)
        .await
        .optional()?;
    row.map(|(user, hash)| Ok((user_view(user)?, hash))).transpose()
}

/// Whether a user's password has this hash, which stays so until the transaction ends.
pub(super) async fn has_password(connection: &mut AsyncPgConnection, user: UserId, hash: &str) -> ApiResult<bool> {
    let same = users::table.find(user.uuid()).filter(users::password_hash.eq(hash)).select(users::id);
    Ok(same.for_share().first::<Uuid>(connection).await.optional()?.is_some())
}

/// Makes a session with its first refresh token; call it in a transaction.
pub(crate) async fn insert(connection: &mut AsyncPgConnection, user: UserId, new: &NewSession) -> ApiResult<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(new.id.uuid()),
            sessions::user_id.eq(user.uuid()),
            sessions::user_agent.eq(&new.user_agent),
            sessions::expires_at.eq(new.expires_at),
        ))
        .execute(connection)
        .await?;
    insert_token(connection, new.id, &new.refresh_token).await
}

/// Adds the newest refresh token of a session.
pub(super) async fn insert_token(
    connection: &mut AsyncPgConnection,
    session: SessionId,
    token: &SecretText,
) -> ApiResult<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((refresh_tokens::hash.eq(hash(token)?), refresh_tokens::session_id.eq(session.uuid())))
        .execute(connection)
        .await?;
    Ok(())
}

fn hash(token: &SecretText) -> ApiResult<Vec<u8>> {
    Kind::Refresh.hash(token).ok_or_else(|| ApiError::internal(anyhow::anyhow!("not a refresh token of ours")))
}

/// The session of a refresh token, locked: whoever else shows a token of it waits. `None` when there is none, or it
/// has expired.
pub(super) async fn lock(connection: &mut AsyncPgConnection, token_hash: &[u8]) -> ApiResult<Option<SessionId>> {
    let of_token = refresh_tokens::table.find(token_hash).select(refresh_tokens::session_id);
    let found: Option<Uuid> = sessions::table
        .filter(sessions::id.eq_any(of_token))
        .filter(sessions::expires_at.gt(now))
        .select(sessions::id)
        .for_update()
        .first(connection)
        .await
        .optional()?;
    Ok(found.map(SessionId::from))
}

/// A refresh token as it is stored.
#[derive(Debug)]
pub(super) enum TokenRow {
    /// The one that is good.
    Newest,
    /// It was exchanged, for what is sealed here.
    Rotated {
        /// Whether that was within the leeway.
        just_now: bool,
        /// Its sealed successor.
        successor: Vec<u8>,
    },
}

/// A refresh token of a locked session, and who its user is. The database's clock says what was just now, so that
/// replicas whose clocks differ agree.
pub(super) async fn find_token(
    connection: &mut AsyncPgConnection,
    token_hash: &[u8],
    leeway_s: i32,
) -> ApiResult<Option<(TokenRow, UserView)>> {
    let just_now = refresh_tokens::rotated_at.gt((now.into_sql::<Timestamptz>() - leeway_s.seconds()).nullable());
    let row: Option<(Option<bool>, Option<Vec<u8>>, UserRow)> = refresh_tokens::table
        .inner_join(sessions::table.inner_join(users::table))
        .filter(refresh_tokens::hash.eq(token_hash))
        .select((just_now, refresh_tokens::successor, (users::id, users::email, users::name, users::created_at)))
        .first(connection)
        .await
        .optional()?;
    let Some((just_now, successor, user)) = row else { return Ok(None) };
    let token = match (just_now, successor) {
        (Some(just_now), Some(successor)) => TokenRow::Rotated { just_now, successor },
        _ => TokenRow::Newest,
    };
    Ok(Some((token, user_view(user)?)))
}

/// Whether this is the newest refresh token of its session.
pub(super) async fn is_newest(connection: &mut AsyncPgConnection, token_hash: &[u8]) -> ApiResult<bool> {
    let newest = refresh_tokens::table.find(token_hash).filter(refresh_tokens::rotated_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(newest)).get_result(connection).await?)
}

/// Marks a refresh token as exchanged for the successor that is sealed here.
pub(super) async fn retire_token(
    connection: &mut AsyncPgConnection,
    token_hash: &[u8],
    successor: &[u8],
) -> ApiResult<()> {
    diesel::update(refresh_tokens::table.find(token_hash))
        .set((refresh_tokens::rotated_at.eq(now), refresh_tokens::successor.eq(successor)))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that a session was used now.
pub(super) async fn touch(connection: &mut AsyncPgConnection, session: SessionId, expires_at: Moment) -> ApiResult<()> {
    diesel::update(sessions::table.find(session.uuid()))
        .set((sessions::last_used_at.eq(now), sessions::expires_at.eq(expires_at)))
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a session.
pub(super) async fn end(connection: &mut AsyncPgConnection, session: SessionId) -> ApiResult<()> {
    diesel::delete(sessions::table.find(session.uuid())).execute(connection).await?;
    Ok(())
}

/// Ends the session of a refresh token; gives which, if there was one.
pub(super) async fn end_by_token(
    connection: &mut AsyncPgConnection,
    token_hash: &[u8],
) -> ApiResult<Option<SessionId>> {
    let of_token = refresh_tokens::table.find(token_hash).select(refresh_tokens::session_id);
    let ended: Option<Uuid> = diesel::delete(sessions::table.filter(sessions::id.eq_any(of_token)))
        .returning(sessions::id)
        .get_result(connection)
        .await
        .optional()?;
    Ok(ended.map(SessionId::from))
}

/// The sessions of the caller that haven't expired, the newest first.
pub(super) async fn list(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    before: Option<Uuid>,
    limit: Limit,
) -> ApiResult<Vec<SessionView>> {
    // Ids are in the order in which they were made. sessions_user_id_idx
    let rows: Vec<(Uuid, String, Moment, Moment, Moment)> = sessions::table
        .filter(sessions::user_id.eq(caller.user.uuid()))
        .filter(sessions::id.lt(before.unwrap_or(Uuid::max())))
        .filter(sessions::expires_at.gt(now))
        .order(sessions::id.desc())
        .limit(limit.fetch())
        .select((
            sessions::id,
            sessions::user_agent,
            sessions::created_at,
            sessions::last_used_at,
            sessions::expires_at,
        ))
        .load(connection)
        .await?;
    let view = |(id, user_agent, created_at, last_used_at, expires_at)| {
        let id = SessionId::from(id);
        SessionView { id, user_agent, created_at, last_used_at, expires_at, is_current: id == caller.session }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The session of the caller, if it hasn't ended.
#[diesel::dsl::auto_type]
fn session_of(user: Uuid, session: Uuid) -> _ {
    sessions::table
        .filter(sessions::id.eq(session).and(sessions::user_id.eq(user)))
        .filter(sessions::expires_at.gt(now))
}

/// Whether the caller's session goes on: a condition of whatever changes an account, in its own statement.
#[diesel::dsl::auto_type]
pub(crate) fn is_alive(user: Uuid, session: Uuid) -> _ {
    let own: session_of = session_of(user, session);
    diesel::dsl::exists(own)
}

/// Keeps the caller's session from ending until the transaction ends.
///
/// # Errors
/// 401 when it has ended.
pub(crate) async fn hold(tx: &mut AsyncPgConnection, caller: &Caller) -> ApiResult<()> {
    let found = session_of(caller.user.uuid(), caller.session.uuid()).select(sessions::id).for_key_share();
    found.first::<Uuid>(tx).await.optional()?.map(drop).ok_or_else(super::has_ended)
}

/// Keeps all sessions of the caller from ending by anybody else, in one order, so that two who end each other's don't
/// wait for one another.
///
/// # Errors
/// 401 when that of the caller has ended.
pub(crate) async fn lock_all(tx: &mut AsyncPgConnection, caller: &Caller) -> ApiResult<()> {
    let all: Vec<Uuid> = sessions::table
        .filter(sessions::user_id.eq(caller.user.uuid()).and(sessions::expires_at.gt(now)))
        .order(sessions::id)
        .select(sessions::id)
        .for_update()
        .load(tx)
        .await?;
    all.contains(&caller.session.uuid()).then_some(()).ok_or_else(super::has_ended)
}

/// Ends a session of the caller; false when they have no such session.
pub(super) async fn end_own(tx: &mut AsyncPgConnection, caller: &Caller, session: SessionId) -> ApiResult<bool> {
    lock_all(tx, caller).await?;
    let own = sessions::table.find(session.uuid()).filter(sessions::user_id.eq(caller.user.uuid()));
    Ok(diesel::delete(own).execute(tx).await? == 1)
}

/// Ends all sessions of the caller but the one that asks; gives how many.
pub(crate) async fn end_others(connection: &mut AsyncPgConnection, caller: &Caller) -> ApiResult<usize> {
    let others =
        sessions::table.filter(sessions::user_id.eq(caller.user.uuid())).filter(sessions::id.ne(caller.session.uuid()));
    Ok(diesel::delete(others).execute(connection).await?)
}

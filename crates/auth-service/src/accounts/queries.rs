//! Every statement on accounts.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{DisplayName, NewUser, UserId, UserView};
use platform::{ApiResult, Caller};

use super::no_such_account;
use crate::schema::users;
use crate::sessions;
use crate::stored::{Moment, UserRow, user_view};

const SHOWN: (users::id, users::email, users::name, users::created_at) =
    (users::id, users::email, users::name, users::created_at);

/// Makes an account; `None` when its address has one.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    id: UserId,
    new: &NewUser,
    password_hash: &str,
) -> ApiResult<Option<UserView>> {
    let created_at: Option<Moment> = diesel::insert_into(users::table)
        .values((
            users::id.eq(id.uuid()),
            users::email.eq(new.email.as_str()),
            users::name.eq(new.name.as_str()),
            users::password_hash.eq(password_hash),
        ))
        .on_conflict(users::email)
        .do_nothing()
        .returning(users::created_at)
        .get_result(connection)
        .await
        .optional()?;
    Ok(created_at.map(|created_at| UserView { id, email: new.email.clone(), name: new.name.clone(), created_at }))
}

/// The account of the caller.
pub(super) async fn get(connection: &mut AsyncPgConnection, user: UserId) -> ApiResult<UserView> {
    let row: Option<UserRow> = users::table.find(user.uuid()).select(SHOWN).first(connection).await.optional()?;
    user_view(row.ok_or_else(no_such_account)?)
}

/// Gives the caller another name.
pub(super) async fn rename(
    connection: &mut AsyncPgConnection,
    caller: &Caller,
    name: &DisplayName,
) -> ApiResult<UserView> {
    let (user, session) = (caller.user.uuid(), caller.session.uuid());
    let row: Option<UserRow> = diesel::update(users::table.find(user))
        .filter(sessions::is_alive(user, session))
        .set(users::name.eq(name.as_str()))
        .returning(SHOWN)
        .get_result(connection)
        .await
        .optional()?;
    user_view(row.ok_or_else(sessions::has_ended)?)
}

/// The hash of the caller's password, as long as their session goes on.
pub(super) async fn password_hash(connection: &mut AsyncPgConnection, caller: &Caller) -> ApiResult<String> {
    let (user, session) = (caller.user.uuid(), caller.session.uuid());
    let account = users::table.find(user).filter(sessions::is_alive(user, session));
    let hash = account.select(users::password_hash).first(connection).await.optional()?;
    hash.ok_or_else(sessions::has_ended)
}

/// Puts one hash in the place of another; false when that isn't there any more.
pub(super) async fn replace_password(
    connection: &mut AsyncPgConnection,
    user: UserId,
    now: &str,
    next: &str,
) -> ApiResult<bool> {
    let same = users::table.find(user.uuid()).filter(users::password_hash.eq(now));
    Ok(diesel::update(same).set(users::password_hash.eq(next)).execute(connection).await? == 1)
}

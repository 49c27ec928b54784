//! What lies in a column becomes a value of the domain again.

use std::str::FromStr;

use domain::{DisplayName, TeamName, TeamView, UserView};
use platform::{ApiError, ApiResult};
use uuid::Uuid;

/// Reads a column that holds a word or text of the domain.
///
/// # Errors
/// 500: the database holds what the domain doesn't allow.
pub(crate) fn stored<T>(text: &str) -> ApiResult<T>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|e: T::Err| {
        ApiError::internal(anyhow::anyhow!("a stored {} is not valid: {e}", std::any::type_name::<T>()))
    })
}

/// A moment as PostgreSQL gives it.
pub(crate) type Moment = chrono::DateTime<chrono::Utc>;

/// `id, email, name, created_at` of a user.
pub(crate) type UserRow = (Uuid, String, String, Moment);

/// A user as they are shown.
///
/// # Errors
/// As of [`stored`].
pub(crate) fn user_view((id, email, name, created_at): UserRow) -> ApiResult<UserView> {
    Ok(UserView { id: id.into(), email: stored(&email)?, name: DisplayName::stored(name), created_at })
}

/// `id, key, name, created_at` of a team and the caller's role in it.
pub(crate) type TeamRow = (Uuid, String, String, Moment, String);

/// A team as it is shown to a member.
///
/// # Errors
/// As of [`stored`].
pub(crate) fn team_view((id, key, name, created_at, role): TeamRow) -> ApiResult<TeamView> {
    Ok(TeamView { id: id.into(), key: stored(&key)?, name: TeamName::stored(name), role: stored(&role)?, created_at })
}

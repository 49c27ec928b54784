//! Accounts: registering, and what one sees and changes of one's own.

pub(crate) mod change_password;
pub(crate) mod get_me;
mod queries;
pub(crate) mod register;
pub(crate) mod update_me;

use platform::ApiError;

/// The token is good, its user isn't there.
pub(crate) fn no_such_account() -> ApiError {
    ApiError::invalid_token("The account of this access token no longer exists.")
}

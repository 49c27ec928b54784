//! Accounts: registering, and what one sees and changes of one's own.

mod get_me;
mod queries;
mod register;
mod update_me;

pub(crate) use get_me::get_me;
pub(crate) use register::register;
pub(crate) use update_me::update_me;

use domain::problem::Code;
use platform::ApiError;

/// The token is good, its user isn't there.
pub(crate) fn no_such_account() -> ApiError {
    ApiError::new(Code::Unauthenticated, "The account of this access token no longer exists.")
}

//! The API over notifications: everyone sees their own, of the teams that they are in now.

pub(crate) mod list;
mod queries;
pub(crate) mod read;
pub(crate) mod stored;

pub(crate) use self::queries::subject;

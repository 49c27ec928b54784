//! The API over notifications: everyone sees their own, of the teams that they are in now.

mod list;
mod queries;
mod read;

pub use list::list;
pub use read::read;

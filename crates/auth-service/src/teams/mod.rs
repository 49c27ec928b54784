//! Teams: the tenants that everything belongs to.

mod create;
mod get;
mod list;
mod queries;

pub(crate) use create::create;
pub(crate) use get::get;
pub(crate) use list::list;
pub(crate) use queries::{Key, NewTeamRow, insert};

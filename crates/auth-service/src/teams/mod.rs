//! Teams: the tenants that everything belongs to.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
mod queries;

pub(crate) use queries::{Key, NewTeamRow, insert};

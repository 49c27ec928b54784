//! How much is made, done and open in a team.

pub(crate) mod queries;
pub(crate) mod show;
mod view;

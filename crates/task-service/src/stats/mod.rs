//! How much is made, done and open in a team.

mod days;
pub(crate) mod queries;
pub(crate) mod show;
mod view;

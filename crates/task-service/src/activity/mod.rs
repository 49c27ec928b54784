//! What happened in a team: its log, read.

pub(crate) mod list;
pub(crate) mod queries;

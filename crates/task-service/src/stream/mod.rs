//! Live streams: what happens in a team, sent to everyone who watches it, as it happens.
//!
//! One [`Hub`](hub::Hub) a process reads what is new of each team that is watched, once, and hands the same bytes to all
//! who watch it. The log's revisions make that safe: they have no gaps, so a stream knows what it has sent, and what it
//! has missed it reads from the log.

pub(crate) mod batch;
pub(crate) mod events;
pub(crate) mod hub;
mod listen;
pub(crate) mod queries;
mod watch;

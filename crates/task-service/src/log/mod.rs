//! The team's log: how it is written by every statement that changes something, and how it is read.

pub(crate) mod activity;
pub(crate) mod changes;
pub(crate) mod event;
pub(crate) mod head;
pub(crate) mod history;
pub(crate) mod queries;

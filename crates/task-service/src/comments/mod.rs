//! Comments on tasks: one verb a file, and every statement on them in [`queries`].

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod queries;
pub(crate) mod update;
mod view;

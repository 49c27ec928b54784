//! The simple API: what scripts of the small API that TaskHub grew out of call, over the same tasks and by the same rules.

pub(crate) mod create;
pub(crate) mod db_status;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod health;
pub(crate) mod list;
pub(crate) mod queries;
pub(crate) mod update;

//! The tests of task-service: the real app on a free port, with a real PostgreSQL. Files mirror the routes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on should say so and end"
)]

mod access;
mod activity;
mod changes;
mod comments;
mod concurrency;
mod history;
mod idempotency;
mod labels;
mod log;
mod log_reset;
mod migrations;
mod openapi;
mod page_bytes;
mod pages;
mod plans;
mod quota;
mod service;
mod simple_api;
mod stats;
mod stream;
mod stream_load;
mod tasks_create;

mod tasks_delete;
mod tasks_filtered;
mod tasks_get;
mod tasks_list;
mod tasks_move;
mod tasks_selected;
mod tasks_update;
mod watcher;
mod world;

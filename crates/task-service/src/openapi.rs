//! This service's part of the OpenAPI document.

use domain::{CommentId, LabelId, SimpleTaskRef, TaskRef, TeamRef};
use platform::openapi::Part;
use utoipa::OpenApi as _;

use crate::routes::{Described, ROUTES};

/// The routes of the table, and what their handlers say of themselves.
#[must_use]
pub fn part() -> Part {
    Part::new(ROUTES, &Described::openapi())
        .tag("tasks", "What is to be done.")
        .tag("comments", "What is said about it.")
        .tag("labels", "What a team sorts its tasks by.")
        .tag(
            "activity",
            "The team's log, read in several ways: as pages, as changes since a revision, live, and counted.",
        )
        .tag("simple", "The small API that TaskHub grew out of, over the same tasks.")
        .path_parameter::<TeamRef>("team", "The team's id or its key.")
        .path_parameter::<TaskRef>("task", "The task's id, its number in the team, or its key.")
        .path_parameter::<CommentId>("comment", "The comment's id.")
        .path_parameter::<LabelId>("label", "The label's id.")
        .path_parameter::<SimpleTaskRef>("id", "The task's id or its key.")
}

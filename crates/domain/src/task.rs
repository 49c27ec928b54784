//! Tasks: their values, the status machine, the bodies that make and change them, and what is shown.

mod body;
mod reference;
mod value;
mod view;

pub use body::{CreateTask, ListTasks, NewTask, PatchTask, StatusFilter, TaskPatch};
pub use reference::{SimpleTaskRef, TaskRef};
pub use value::{Assignees, Description, Priority, SameStatus, Status, Title, Transition};
pub use view::TaskView;

#[cfg(test)]
pub(crate) use view::tests::task as task_for_tests;

//! Tasks: their values, the status machine, the bodies that make and change them, and what is shown.

mod body;
mod filter;
mod list;
mod reference;
mod search;
mod value;
mod view;

pub use body::{CreateTask, Move, MoveTask, NewTask, PatchTask, TaskPatch};
pub use filter::{Choice, DueFilter, StatusFilter, TaskFilter};
pub use list::{CountTasks, ListTasks, Sort, StatusCounts, TaskCounts};
pub use reference::{SimpleTaskRef, TaskRef};
pub use search::{SearchText, fold};
pub use value::{Assignees, Description, Labels, Priority, SameStatus, Status, Title, Transition};
pub use view::TaskView;

#[cfg(test)]
pub(crate) use view::tests::task as task_for_tests;

//! The language of TaskHub.
//!
//! Ids, roles and what each may do, the task status machine, events, page cursors and the types that
//! go over the wire. Pure: no I/O, no async, no framework. Every other crate speaks in these terms, and
//! a rule of the product that can be said without a database or a socket is said here, once.
//!
//! Request bodies (`CreateTask`, `Register`, …) are deserialised as they came, refuse unknown members, and
//! become values that can't be wrong through [`Validate`]. Answers (`TaskView`, `UserView`, …) may gain members, so
//! reading one ignores what it doesn't know: yesterday's replica must read what today's writes.

pub mod comment;
pub mod event;
pub mod health;
pub mod identity;
pub mod ids;
pub mod label;
pub mod notification;
mod openapi;
pub mod page;
pub mod position;
pub mod problem;
mod query;
pub mod role;
mod secret;
mod shape;
pub mod simple;
pub mod task;
pub mod team;
pub mod timestamp;
pub mod validation;
mod words;

pub use comment::{CommentBody, CommentSort, CommentView, WriteComment};
pub use event::{Envelope, EventData, EventType, EventView};
pub use health::{DependencyState, Readiness, ServiceStatus, SystemStatus};
pub use identity::{
    ChangePassword, Credentials, DisplayName, Email, Login, Logout, MePatch, NewPassword, NewUser, PatchMe, Refresh,
    Register, SessionAnswer, SessionMode, SessionView, UserView,
};
pub use ids::*;
pub use label::{Color, CreateLabel, LabelName, LabelPatch, LabelView, NewLabel, PatchLabel};
pub use notification::{NotificationKind, NotificationView, ReadNotifications, ToRead};
pub use page::{BadCursor, Cursor, CursorKey, Limit, Page, PositionKey, RankKey};
pub use problem::{Code, FieldError, Problem, ProblemDocument};
pub use query::Parameters;
pub use role::{Action, Role, may_change_task};
pub use secret::{Password, SecretText};
pub use shape::Shape;
pub use task::{
    Assignees, Choice, CountTasks, CreateTask, Description, DueFilter, Labels, ListTasks, Move, MoveTask, NewTask,
    PatchTask, Priority, SameStatus, SearchText, SimpleTaskRef, Sort, Status, StatusCounts, StatusFilter, TaskCounts,
    TaskFilter, TaskPatch, TaskRef, TaskView, Title, Transition, fold,
};
pub use team::{
    AcceptInvitation, ChangeRole, CreateInvitation, CreateTeam, IncludeMembers, InvitationPreview, InvitationView,
    Inviter, MemberUser, MemberView, NewInvitation, NewTeam, PatchTeam, PreviewedInviter, PreviewedTeam, TeamKey,
    TeamName, TeamPatch, TeamRef, TeamView,
};
pub use validation::{Errors, Invalid, Validate};

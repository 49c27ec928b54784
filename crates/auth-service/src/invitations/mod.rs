//! Invitations into a team. Each is bound to an address and shown once; a new one for the same address takes the place
//! of the one before, as inviting again does in Linear: its token is then gone.

mod accept;
mod create;
mod list;
mod queries;
mod revoke;

pub(crate) use accept::accept;
pub(crate) use create::create;
pub(crate) use list::list;
pub(crate) use revoke::revoke;

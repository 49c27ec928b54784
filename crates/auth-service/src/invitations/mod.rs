//! Invitations into a team. Each is bound to an address and shown once; a new one for the same address takes the place
//! of the one before, as inviting again does in Linear: its token is then gone.

pub(crate) mod accept;
pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod preview;
mod queries;
pub(crate) mod revoke;

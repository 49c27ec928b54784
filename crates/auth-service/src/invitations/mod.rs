//! Invitations into a team. Each is bound to an address and shown once; a new one for the same address takes the place
//! of the one before, as inviting again does in Linear: its token is then gone. One dies with its inviter's right to give
//! its role.

pub(crate) mod accept;
pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod preview;
mod queries;
pub(crate) mod revoke;

pub(crate) use queries::revoke_beyond;

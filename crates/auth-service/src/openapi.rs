//! This service's part of the OpenAPI document.

use domain::{InvitationId, SessionId, TeamRef, UserId};
use platform::openapi::Part;
use utoipa::OpenApi as _;

use crate::routes::{Described, ROUTES};

/// The routes of the table, and what their handlers say of themselves.
#[must_use]
pub fn part() -> Part {
    Part::new(ROUTES, &Described::openapi())
        .tag("accounts", "Registering, and one's own account.")
        .tag("sessions", "Signing in and out, new access tokens, and where one is signed in.")
        .tag("teams", "The tenants that everything belongs to.")
        .tag("members", "Who is in a team, and what they may do there.")
        .tag("invitations", "How one gets into a team.")
        .tag("keys", "The public keys that access tokens are verified with.")
        .path_parameter::<TeamRef>("team", "The team's id or its key.")
        .path_parameter::<SessionId>("session", "The session's id.")
        .path_parameter::<UserId>("user", "The member's user id.")
        .path_parameter::<InvitationId>("id", "The invitation's id.")
}

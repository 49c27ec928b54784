//! The URL table.

use crate::{accounts, invitations, keys, members, sessions, teams};

platform::routes! {
    "/api/v1/auth/register" Public { POST accounts::register(); }
    "/api/v1/auth/login" Public { POST sessions::login(); }
    "/api/v1/auth/refresh" Public { POST sessions::refresh(); }
    "/api/v1/auth/logout" Public { POST sessions::logout(); }
    "/.well-known/jwks.json" Public { GET keys::jwks(); }
    "/api/v1/me" User { GET accounts::get_me(); PATCH accounts::update_me(); }
    "/api/v1/teams" User { GET teams::list(limit, cursor); POST teams::create(); }
    "/api/v1/teams/{team}" Team { GET teams::get(); }
    "/api/v1/teams/{team}/members" Team { GET members::list(limit, cursor); }
    "/api/v1/teams/{team}/members/{user}" Team { PATCH members::change_role(); DELETE members::remove(); }
    "/api/v1/teams/{team}/invitations" Team { GET invitations::list(limit, cursor); POST invitations::create(); }
    "/api/v1/teams/{team}/invitations/{id}" Team { DELETE invitations::revoke(); }
    "/api/v1/invitations/accept" User { POST invitations::accept(); }
}

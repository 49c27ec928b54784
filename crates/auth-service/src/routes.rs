//! The URL table.

use crate::{accounts, invitations, keys, members, sessions, teams};

platform::routes! {
    "/api/v1/auth/register" Public { POST accounts::register::register(); }
    "/api/v1/auth/login" Public { POST sessions::login::login(); }
    "/api/v1/auth/refresh" Public { POST sessions::refresh::refresh(); }
    "/api/v1/auth/logout" Public { POST sessions::logout::logout(); }
    "/api/v1/auth/password" User { POST accounts::change_password::change_password(); }
    "/api/v1/auth/sessions" User { GET sessions::list::list(limit, cursor); }
    "/api/v1/auth/sessions/{session}" User { DELETE sessions::end::end(); }
    "/.well-known/jwks.json" Public { GET keys::jwks::jwks(); }
    "/api/v1/me" User { GET accounts::get_me::get_me(); PATCH accounts::update_me::update_me(); }
    "/api/v1/teams" User { GET teams::list::list(limit, cursor); POST teams::create::create(); }
    "/api/v1/teams/{team}" Team { GET teams::get::get(); }
    "/api/v1/teams/{team}/members" Team { GET members::list::list(include, limit, cursor); }
    "/api/v1/teams/{team}/members/{user}" Team { GET members::get::get(); PATCH members::change_role::change_role(); DELETE members::remove::remove(); }
    "/api/v1/teams/{team}/invitations" Team { GET invitations::list::list(limit, cursor); POST invitations::create::create(); }
    "/api/v1/teams/{team}/invitations/{id}" Team { GET invitations::get::get(); DELETE invitations::revoke::revoke(); }
    "/api/v1/invitations/preview" Public { POST invitations::preview::preview(); }
    "/api/v1/invitations/accept" User { POST invitations::accept::accept(); }
}

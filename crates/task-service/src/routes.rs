//! Every URL of this service.

use crate::{activity, simple_api, tasks};

platform::routes! {
    "/api/v1/teams/{team}/tasks" Team {
        GET tasks::list::list(status, limit, cursor);
        POST tasks::create::create();
    }
    "/api/v1/teams/{team}/tasks/{task}" Team {
        GET tasks::get::get();
        PATCH tasks::update::update();
        DELETE tasks::delete::delete();
    }
    "/api/v1/teams/{team}/activity" Team { GET activity::list::list(limit, cursor); }

    "/api/tasks" User {
        GET simple_api::list::list(status, limit);
        POST simple_api::create::create();
    }
    "/api/tasks/{id}" User {
        PUT simple_api::update::update();
        DELETE simple_api::delete::delete();
    }
    "/api/db-status" User { GET simple_api::db_status::db_status(); }
    "/api/health" Public { GET simple_api::health::health(); }
}

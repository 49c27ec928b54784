//! Every URL of this service.

use crate::{comments, labels, log, simple_api, stats, stream, tasks};

platform::routes! {
    "/api/v1/teams/{team}/tasks" Team {
        GET tasks::list::list(
            status, priority, assignee, label, not_assignee, not_label, due_from, due_before, due, q, sort, limit, cursor,
        ) versioned;
        POST tasks::create::create();
    }
    "/api/v1/teams/{team}/tasks/counts" Team {
        GET tasks::counts::counts(
            status, priority, assignee, label, not_assignee, not_label, due_from, due_before, due, q,
        ) versioned;
    }
    "/api/v1/teams/{team}/tasks/{task}" Team {
        GET tasks::get::get() versioned;
        PATCH tasks::update::update() versioned;
        DELETE tasks::delete::delete() versioned;
    }
    "/api/v1/teams/{team}/tasks/{task}/move" Team { POST tasks::move_to::move_to() versioned; }
    "/api/v1/teams/{team}/tasks/{task}/history" Team { GET log::history::history(limit, cursor); }
    "/api/v1/teams/{team}/tasks/{task}/comments" Team {
        GET comments::list::list(sort, limit, cursor);
        POST comments::create::create();
    }
    "/api/v1/teams/{team}/tasks/{task}/comments/{comment}" Team {
        GET comments::get::get();
        PATCH comments::update::update();
        DELETE comments::delete::delete();
    }
    "/api/v1/teams/{team}/labels" Team {
        GET labels::list::list() versioned;
        POST labels::create::create();
    }
    "/api/v1/teams/{team}/labels/{label}" Team {
        GET labels::get::get();
        PATCH labels::update::update();
        DELETE labels::delete::delete();
    }
    "/api/v1/teams/{team}/activity" Team { GET log::activity::activity(limit, cursor) versioned; }
    "/api/v1/teams/{team}/stats" Team { GET stats::show::show(days, tz) versioned; }
    "/api/v1/teams/{team}/changes" Team { GET log::changes::changes(since, limit); }
    "/api/v1/teams/{team}/events" Team { GET stream::events::events(since); }

    "/api/tasks" User {
        GET simple_api::list::list(status, limit);
        POST simple_api::create::create();
    }
    "/api/tasks/{id}" User {
        GET simple_api::get::get() versioned;
        PUT simple_api::update::update() versioned;
        DELETE simple_api::delete::delete() versioned;
    }
    "/api/db-status" User { GET simple_api::db_status::db_status(); }
    "/api/health" Public { GET simple_api::health::health(); }
}

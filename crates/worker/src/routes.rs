//! Every URL of worker.

use crate::notifications;

platform::routes! {
    "/api/v1/notifications" User { GET notifications::list::list(limit, cursor, unread); }
    "/api/v1/notifications/read" User { POST notifications::read::read(); }
}

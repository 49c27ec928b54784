//! What the parts of the answer look like, for the OpenAPI document; PostgreSQL writes them, and nobody takes them apart.

use chrono::NaiveDate;
use domain::UserId;
use utoipa::ToSchema;

/// What happened on a day.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it is read by its schema alone")]
pub(super) struct Day {
    /// Which day, in the time zone asked for.
    date: NaiveDate,
    /// How many of the tasks that there are were made on it.
    #[schema(minimum = 0)]
    created: i64,
    /// How many of them were completed on it.
    #[schema(minimum = 0)]
    completed: i64,
}

/// How many tasks are open, by status.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it is read by its schema alone")]
pub(super) struct OpenByStatus {
    /// Not begun.
    #[schema(minimum = 0)]
    pending: i64,
    /// Begun.
    #[schema(minimum = 0)]
    in_progress: i64,
    /// Begun, and waiting.
    #[schema(minimum = 0)]
    blocked: i64,
}

/// How many tasks are open for somebody.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it is read by its schema alone")]
pub(super) struct OpenByAssignee {
    /// Who is to do them; null for those that nobody is.
    #[schema(required = true)]
    user_id: Option<UserId>,
    /// How many.
    #[schema(minimum = 1)]
    count: i64,
}

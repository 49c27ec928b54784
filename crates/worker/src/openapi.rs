//! This service's part of the OpenAPI document.

use platform::openapi::Part;
use utoipa::OpenApi as _;

use crate::routes::{Described, ROUTES};

/// The routes of the table, and what their handlers say of themselves.
#[must_use]
pub fn part() -> Part {
    Part::new(ROUTES, &Described::openapi()).tag("notifications", "What someone is told about tasks of their teams.")
}

//! Where in a team's log something is.

use std::fmt;

use chrono::{DateTime, Utc};
use platform::ApiResult;
use tokio_postgres::Row;

use crate::tasks::view::column;

/// A place in a team's log: a revision, and when the log came to it. A restore of the database or a failover to an older
/// state sets a log back, and it comes to the same revisions again with something else in them; but not at the same moments.
///
/// Written as `17-1795784468123456`, or as `17` when the moment isn't known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// From 1; 0 in a team in which nothing has happened.
    pub(crate) revision: i64,
    /// In µs since 1970; 0 if it isn't known.
    pub(crate) moment: i64,
}

impl Head {
    /// Of the two columns from `at` on, as [`head!`](super::queries::head) names them.
    pub(crate) fn of(row: &Row, at: usize) -> ApiResult<Self> {
        Ok(Self { revision: column(row, at)?, moment: micros(column(row, at + 1)?) })
    }

    /// Whether both may be places in one log: not when they are one revision at two moments.
    pub(crate) fn agrees(self, other: Self) -> bool {
        self.revision != other.revision || self.moment == 0 || other.moment == 0 || self.moment == other.moment
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self { revision, moment: 0 } => write!(f, "{revision}"),
            Self { revision, moment } => write!(f, "{revision}-{moment}"),
        }
    }
}

/// In µs since 1970; 0 for none.
pub(crate) fn micros(at: Option<DateTime<Utc>>) -> i64 {
    at.map_or(0, |at| at.timestamp_micros())
}

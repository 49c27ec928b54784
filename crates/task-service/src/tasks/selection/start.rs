//! Where a page begins, in the order of its list.

use std::fmt;

use domain::{BadCursor, Cursor, PositionKey, RankKey, Sort, TaskView, timestamp};
use tokio_postgres::types::Timestamp;

use super::Moment;

/// Behind which task a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tasks) struct Start {
    pub(super) sort: Sort,
    /// [`Sort::rank`] of that task.
    pub(super) rank: i64,
    pub(super) number: i64,
    pub(super) position: String,
}

impl Start {
    /// The start of the first page.
    pub(super) const fn first(sort: Sort) -> Self {
        let before_all = match sort {
            Sort::Due => i64::MIN,
            _ => i64::MAX,
        };
        Self { sort, rank: before_all, number: before_all, position: String::new() }
    }

    /// The start of the page of this cursor.
    pub(in crate::tasks) fn of(sort: Sort, cursor: Cursor, text: Option<&str>) -> Result<Self, BadCursor> {
        let first = Self::first(sort);
        let Some(text) = text else { return Ok(first) };
        Ok(match sort {
            Sort::Number => Self { number: cursor.decode(text)?, ..first },
            Sort::Position => {
                let PositionKey(position) = cursor.decode(text)?;
                Self { position, ..first }
            }
            Sort::Updated | Sort::Completed | Sort::Due | Sort::Priority => {
                let RankKey { rank, number } = cursor.decode(text)?;
                if !sort.has_rank(rank) {
                    return Err(BadCursor);
                }
                Self { rank, number, ..first }
            }
        })
    }

    /// The cursor of what comes behind a task.
    pub(in crate::tasks) fn behind(&self, last: &TaskView, cursor: Cursor) -> String {
        match self.sort {
            Sort::Number => cursor.encode(&last.number),
            Sort::Position => cursor.encode(&PositionKey(last.position.clone())),
            sort => cursor.encode(&RankKey { rank: sort.rank(last), number: last.number }),
        }
    }

    /// Puts tasks into the order of the list. They come in this order; SQL only doesn't promise it for a join.
    pub(in crate::tasks) fn sort(&self, tasks: &mut [TaskView]) {
        tasks.sort_by(|a, b| self.sort.compare(a, b));
    }

    /// The number that the tasks without a date or a priority, which are last, go on behind.
    pub(super) const fn rest(&self) -> i64 {
        let in_rest = match self.sort {
            Sort::Due => self.rank == i64::MAX,
            Sort::Completed => self.rank == i64::MIN,
            Sort::Priority => self.rank == 1,
            Sort::Number | Sort::Position | Sort::Updated => false,
        };
        match self.sort {
            _ if in_rest => self.number,
            Sort::Due => i64::MIN,
            _ => i64::MAX,
        }
    }

    /// The rank as a moment.
    pub(super) fn at(&self) -> Moment {
        match timestamp::from_micros(self.rank) {
            Some(time) => Timestamp::Value(time),
            None if self.rank < 0 => Timestamp::NegInfinity,
            None => Timestamp::PosInfinity,
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sort {
            Sort::Number => self.number.fmt(f),
            Sort::Position => self.position.fmt(f),
            _ => write!(f, "{} {}", self.rank, self.number),
        }
    }
}

//! What a task is made of, and the status machine.

use std::collections::HashSet;
use std::hash::Hash;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::ids::{LabelId, UserId};
use crate::openapi::looks;
use crate::shape::{Shape, control, line};
use crate::validation::{Errors, markdown, one_line, text};
use crate::words::words;

words! {
    /// Where a task stands. Any status may go to any other, but not to itself.
    Status {
        /// Not begun; what a new task is unless it says otherwise.
        Pending = "pending",
        /// Someone is at it.
        InProgress = "in_progress",
        /// Begun, but it waits for something.
        Blocked = "blocked",
        /// Done. The only status with a `completed_at`.
        Completed = "completed",
        /// It won't be done.
        Cancelled = "cancelled",
    }
}

/// A change of status that the machine allows; made by [`Status::change_to`] alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    from: Status,
    to: Status,
}

impl Transition {
    /// The status before.
    #[must_use]
    pub const fn from(self) -> Status {
        self.from
    }

    /// The status after.
    #[must_use]
    pub const fn to(self) -> Status {
        self.to
    }
}

/// The task is already in the status that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the task is already {0}")]
pub struct SameStatus(pub Status);

impl Status {
    /// The change from this status to `next`.
    ///
    /// # Errors
    /// [`SameStatus`] if it is no change.
    pub fn change_to(self, next: Status) -> Result<Transition, SameStatus> {
        if self == next { Err(SameStatus(self)) } else { Ok(Transition { from: self, to: next }) }
    }

    /// The `completed_at` of a task that is now in this status, where `before` is what it was and `now` the time of
    /// the change: set when the task becomes completed, kept while it stays so, cleared when it leaves.
    #[must_use]
    pub fn completed_at(self, before: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Completed => before.or(Some(now)),
            _ => None,
        }
    }
}

words! {
    /// How much a task presses; in rising order.
    Priority {
        /// Nobody has said; what a new task has.
        None = "none",
        /// Can wait.
        Low = "low",
        /// As usual.
        Medium = "medium",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
}

text! {
    /// A task's title: one line, trimmed of surrounding white space, composed (NFC), 1 to 255 characters, no control
    /// characters and none that change the direction of text.
    Title: line!(254) => |text| one_line(text, 255);
    /// A task's description: Markdown of at most 65,536 bytes in UTF-8; may be empty. Every line end becomes a newline;
    /// control characters other than tab and newline are refused.
    #[derive(Default)]
    Description: Shape::of(concat!("^[^", control!(), "]*$")).at_most(Description::MAX_BYTES) => |text| {
        markdown(text, Description::MAX_BYTES)
    };
}

impl Description {
    /// The most a description may have, in bytes.
    pub const MAX_BYTES: usize = 65_536;
}

/// Who a task is assigned to: at most 50 users, each once, in the order given. Whether they are in the team is for the
/// database to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Assignees(Vec<UserId>);

looks! { Assignees => distinct::<UserId>("User ids, each once, in an order that is kept.", Self::MAX) }

impl Assignees {
    /// The most assignees a task may have.
    pub const MAX: usize = 50;

    /// The ids in `texts`; what is wrong is noted in `errors` under `/assignees`, for single ids under
    /// `/assignees/<n>`.
    pub fn check(texts: &[String], errors: &mut Errors) -> Option<Self> {
        distinct("/assignees", texts, Self::MAX, "user", errors).map(Self)
    }

    /// The users.
    #[must_use]
    pub fn as_slice(&self) -> &[UserId] {
        &self.0
    }
}

/// At most `max` ids, each once; what is wrong is noted under `pointer` or `pointer/<n>`.
fn distinct<T: FromStr + Copy + Eq + Hash>(
    pointer: &str,
    texts: &[String],
    max: usize,
    noun: &str,
    errors: &mut Errors,
) -> Option<Vec<T>> {
    if texts.len() > max {
        errors.add(pointer, format!("must have at most {max} {noun}s; it has {}", texts.len()));
        return None;
    }
    let mut seen = HashSet::new();
    let mut ids = Vec::with_capacity(texts.len());
    for (n, text) in texts.iter().enumerate() {
        match text.parse::<T>() {
            Ok(id) if seen.insert(id) => ids.push(id),
            Ok(_) => errors.add(format!("{pointer}/{n}"), "is in the list already"),
            Err(_) => errors.add(format!("{pointer}/{n}"), format!("must be the UUID of a {noun}")),
        }
    }
    (ids.len() == texts.len()).then_some(ids)
}

/// What a task is labelled with: at most 20 labels of its team, each once. Whether the team has them is for the
/// database to say, which also sorts them: their order means nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Labels(Vec<LabelId>);

looks! { Labels => distinct::<LabelId>("Ids of labels of the team, each once; their order means nothing.", Self::MAX) }

impl Labels {
    /// The most labels a task may have.
    pub const MAX: usize = 20;

    /// The ids in `texts`, in their order; what is wrong is noted in `errors` under `/labels` or `/labels/<n>`.
    pub fn check(texts: &[String], errors: &mut Errors) -> Option<Self> {
        distinct("/labels", texts, Self::MAX, "label", errors).map(Self)
    }

    /// The labels.
    #[must_use]
    pub fn as_slice(&self) -> &[LabelId] {
        &self.0
    }
}

impl From<Assignees> for Vec<UserId> {
    fn from(assignees: Assignees) -> Self {
        assignees.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    #[test]
    fn a_title_is_trimmed_and_counted_in_characters() {
        assert_eq!(Title::parse("  Ship it \n").unwrap().as_str(), "Ship it");
        assert!(Title::parse(&"ü".repeat(255)).is_ok());
        for bad in ["", " \t\n", "\u{200b} \u{feff}", "a\nb", "a\0b", "\u{7f}a", &"ü".repeat(256)] {
            assert!(Title::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_description_is_counted_in_bytes_and_kept() {
        assert_eq!(Description::parse(" a\n ").unwrap().as_str(), " a\n ");
        assert!(Description::parse(&"a".repeat(65_536)).is_ok());
        assert!(Description::parse(&"a".repeat(65_537)).is_err());
        assert!(Description::parse(&"ü".repeat(32_769)).is_err());
        assert!(Description::parse("a\0").is_err());
    }

    #[test]
    fn every_wrong_assignee_is_named() {
        let alice = UserId::new().to_string();
        let mut errors = Errors::new();
        let texts = [alice.clone(), "bob".into(), alice.to_uppercase()];
        assert_eq!(Assignees::check(&texts, &mut errors), None);
        let found = errors.finish(|| Some(())).unwrap_err();
        assert_eq!(found.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/assignees/1", "/assignees/2"]);

        let many = |n: usize| (0..n).map(|_| UserId::new().to_string()).collect::<Vec<_>>();
        assert_eq!(Assignees::check(&many(50), &mut Errors::new()).unwrap().as_slice().len(), 50);
        assert_eq!(Assignees::check(&many(51), &mut Errors::new()), None);
    }

    fn status() -> impl Strategy<Value = Status> {
        select(Status::ALL)
    }

    proptest! {
        #[test]
        fn any_status_goes_to_any_other_but_itself(from in status(), to in status()) {
            match from.change_to(to) {
                Ok(change) => prop_assert!(from != to && change.from() == from && change.to() == to),
                Err(SameStatus(same)) => prop_assert!(from == to && same == from),
            }
        }

        #[test]
        fn completed_at_is_there_exactly_while_completed(path in prop::collection::vec(status(), 1..20)) {
            let (mut before, mut last) = (None, None);
            for (second, status) in path.into_iter().enumerate() {
                let now = DateTime::from_timestamp(second as i64, 0).unwrap();
                let at = status.completed_at(before, now);
                prop_assert_eq!(at.is_some(), status == Status::Completed);
                if status == Status::Completed {
                    prop_assert_eq!(at, if last == Some(Status::Completed) { before } else { Some(now) });
                }
                (before, last) = (at, Some(status));
            }
        }

        #[test]
        fn an_accepted_title_is_accepted_unchanged_again(text in any::<String>()) {
            if let Ok(title) = Title::parse(&text) {
                prop_assert_eq!(Title::parse(title.as_str()).unwrap(), title);
            }
        }
    }
}

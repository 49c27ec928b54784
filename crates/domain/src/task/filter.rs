//! Which tasks a list, a count or a saved view is about: a filter is a value.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use super::search::SearchText;
use super::value::{Priority, Status};
use super::view::TaskView;
use crate::ids::{LabelId, UserId};
use crate::openapi::looks;
use crate::query::Parameters;
use crate::timestamp;
use crate::validation::Invalid;

/// What a task must be to be in a list; each part narrows it, and an empty part doesn't.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// In one of these.
    pub status: Vec<Status>,
    /// Of one of these.
    pub priority: Vec<Priority>,
    /// Assigned to one of these.
    pub assignee: Choice<UserId>,
    /// With one of these.
    pub label: Choice<LabelId>,
    /// Assigned to none of these.
    pub not_assignee: Choice<UserId>,
    /// With none of these.
    pub not_label: Choice<LabelId>,
    /// Due in this range, or not due at all.
    pub due: DueFilter,
    /// With these words.
    pub q: Option<SearchText>,
}

/// Some of the things that a task has several of, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    /// These; sorted, each once.
    pub ids: Vec<T>,
    /// None at all: `none`.
    pub none: bool,
    /// The caller, where the things are users: `me`. See [`TaskFilter::of_caller`].
    me: bool,
}

/// When tasks are due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueFilter {
    /// At this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub before: Option<DateTime<Utc>>,
    /// Or never.
    pub none: bool,
}

impl TaskFilter {
    /// Takes the filter's parameters out of a query.
    pub(crate) fn take(parameters: &mut Parameters) -> Result<Self, Invalid> {
        Ok(Self {
            status: words("status", &parameters.list("status"))?,
            priority: words("priority", &parameters.list("priority"))?,
            assignee: Choice::of_users("assignee", &parameters.list("assignee"))?,
            label: Choice::of_labels("label", &parameters.list("label"))?,
            not_assignee: Choice::of_users("not_assignee", &parameters.list("not_assignee"))?,
            not_label: Choice::of_labels("not_label", &parameters.list("not_label"))?,
            due: DueFilter::take(parameters)?,
            q: parameters.one("q")?.as_deref().map(SearchText::parse).transpose()?,
        })
    }

    /// The same filter with the caller's id for `me`, which no cache and no statement knows.
    #[must_use]
    pub fn of_caller(mut self, caller: UserId) -> Self {
        for choice in [&mut self.assignee, &mut self.not_assignee] {
            if std::mem::take(&mut choice.me) {
                choice.ids.push(caller);
                choice.ids.sort_unstable();
                choice.ids.dedup();
            }
        }
        self
    }

    /// Whether every task is in.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a task is in.
    #[must_use]
    pub fn matches(&self, task: &TaskView) -> bool {
        (self.status.is_empty() || self.status.contains(&task.status))
            && (self.priority.is_empty() || self.priority.contains(&task.priority))
            && (self.assignee.is_empty() || self.assignee.has_any(&task.assignees))
            && (self.label.is_empty() || self.label.has_any(&task.labels))
            && !self.not_assignee.has_any(&task.assignees)
            && !self.not_label.has_any(&task.labels)
            && self.due.has(task.due_at)
            && self.q.as_ref().is_none_or(|q| q.is_in(&task.title, &task.key))
    }

    /// The filter in one fixed spelling; `q` is last, as it may hold any character.
    #[must_use]
    pub fn spelled(&self) -> String {
        let mut parts = Vec::new();
        let mut list = |name: &str, words: String| {
            if !words.is_empty() {
                parts.push(format!("{name}={words}"));
            }
        };
        list("status", joined(&self.status));
        list("assignee", self.assignee.to_string());
        list("label", self.label.to_string());
        list("priority", joined(&self.priority));
        list("not_assignee", self.not_assignee.to_string());
        list("not_label", self.not_label.to_string());
        list("due_from", self.due.from.as_ref().map(timestamp::format).unwrap_or_default());
        list("due_before", self.due.before.as_ref().map(timestamp::format).unwrap_or_default());
        list("due", if self.due.none { "none".to_owned() } else { String::new() });
        parts.extend(self.q.as_ref().map(|q| format!("q={q}")));
        parts.join("&")
    }
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self { ids: Vec::new(), none: false, me: false }
    }
}

impl<T: Ord> Choice<T> {
    /// Whether nothing was chosen.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.none && !self.me
    }

    /// Whether one of a task's things was chosen, or it has none and that was chosen.
    fn has_any(&self, things: &[T]) -> bool {
        things.iter().any(|thing| self.ids.contains(thing)) || (self.none && things.is_empty())
    }

    fn parse(name: &str, words: &[String], what: &str, me: bool) -> Result<Self, Invalid>
    where
        T: FromStr,
    {
        let mut choice = Self::default();
        for word in words {
            match word.as_str() {
                "none" => choice.none = true,
                "me" if me => choice.me = true,
                id => choice.ids.push(id.parse().map_err(|_| Invalid::new(format!("each `{name}` must be {what}")))?),
            }
        }
        choice.ids.sort_unstable();
        choice.ids.dedup();
        match choice.ids.len() {
            0..=MOST_IDS => Ok(choice),
            _ => Err(Invalid::new(format!("`{name}` may name at most {MOST_IDS}"))),
        }
    }
}

/// The most ids that a list of a filter may have.
const MOST_IDS: usize = 200;

impl Choice<UserId> {
    fn of_users(name: &str, words: &[String]) -> Result<Self, Invalid> {
        Self::parse(name, words, "the UUID of a user, me, or none", true)
    }
}

impl Choice<LabelId> {
    fn of_labels(name: &str, words: &[String]) -> Result<Self, Invalid> {
        Self::parse(name, words, "the UUID of a label, or none", false)
    }
}

impl<T: fmt::Display> fmt::Display for Choice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none = self.none.then(|| "none".to_owned());
        let me = self.me.then(|| "me".to_owned());
        let words: Vec<_> = none.into_iter().chain(me).chain(self.ids.iter().map(T::to_string)).collect();
        f.write_str(&words.join(","))
    }
}

impl DueFilter {
    fn take(parameters: &mut Parameters) -> Result<Self, Invalid> {
        let moment = |name: &str, text: Option<String>| {
            let time = text.as_deref().map(timestamp::parse).transpose();
            time.map_err(|why| Invalid::new(format!("`{name}` {why}")))
        };
        Ok(Self {
            from: moment("due_from", parameters.one("due_from")?)?,
            before: moment("due_before", parameters.one("due_before")?)?,
            none: match parameters.one("due")?.as_deref() {
                None => false,
                Some("none") => true,
                Some(_) => return Err(Invalid::new("`due` must be none; a range is `due_from` and `due_before`")),
            },
        })
    }

    /// Whether the range has an end.
    #[must_use]
    pub const fn is_range(&self) -> bool {
        self.from.is_some() || self.before.is_some()
    }

    fn has(&self, due: Option<DateTime<Utc>>) -> bool {
        match due {
            None => self.none || !self.is_range(),
            Some(due) => {
                (self.is_range() || !self.none)
                    && self.from.is_none_or(|from| from <= due)
                    && self.before.is_none_or(|before| due < before)
            }
        }
    }
}

/// One status or several: `?status=pending,blocked`. A set: order and repetition mean nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusFilter(Vec<Status>);

impl StatusFilter {
    /// Their words, to be passed to SQL as a `text[]`.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        self.0.iter().map(|status| status.as_str()).collect()
    }

    /// Takes `status` out of a query; `None` when it isn't there.
    ///
    /// # Errors
    /// When one of its words is none.
    pub fn take(parameters: &mut Parameters) -> Result<Option<Self>, Invalid> {
        let texts = parameters.list("status");
        if texts.is_empty() { Ok(None) } else { words("status", &texts).map(|all| Some(Self(all))) }
    }
}

/// A set of words; sorted, each once.
fn words<T: FromStr<Err = Invalid> + Ord>(name: &str, texts: &[String]) -> Result<Vec<T>, Invalid> {
    let all = texts.iter().map(|text| text.parse()).collect::<Result<Vec<T>, _>>();
    let mut all = all.map_err(|why| Invalid::new(format!("each `{name}` {why}")))?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn joined<T: ToString>(words: &[T]) -> String {
    words.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

/// In the document: whose tasks.
#[derive(Debug)]
pub(super) struct AssigneeChoice;
looks! { AssigneeChoice => id_or::<UserId>("^(me|none)$", "me") }

/// In the document: tasks with which label.
#[derive(Debug)]
pub(super) struct LabelChoice;
looks! { LabelChoice => id_or::<LabelId>("^none$", "none") }

//! The queries of a list of tasks and of its counts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::filter::TaskFilter;
use super::value::{Priority, Status};
use super::view::TaskView;
use crate::page::Limit;
use crate::query::Parameters;
use crate::timestamp;
use crate::validation::Invalid;
use crate::words::words;

/// The query of a list of tasks. Lists may be written as `a,b` or as repeated parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Parameters")]
pub struct ListTasks {
    /// Which tasks.
    pub filter: TaskFilter,
    /// In which order.
    pub sort: Sort,
    /// How many at most.
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl TryFrom<Parameters> for ListTasks {
    type Error = Invalid;

    fn try_from(mut parameters: Parameters) -> Result<Self, Invalid> {
        let sort = parameters.one("sort")?.map(|word| word.parse::<Sort>()).transpose();
        let list = Self {
            filter: TaskFilter::take(&mut parameters)?,
            sort: sort.map_err(|why| Invalid::new(format!("`sort` {why}")))?.unwrap_or_default(),
            limit: parameters.one("limit")?.map(|text| text.parse()).transpose()?.unwrap_or_default(),
            cursor: parameters.one("cursor")?,
        };
        parameters.finish()?;
        Ok(list)
    }
}

impl ListTasks {
    /// Filter and order in one fixed spelling: what a [`Cursor`](crate::Cursor) and an `ETag` of the list are bound to,
    /// together with the team.
    #[must_use]
    pub fn spelled(&self) -> String {
        let sort = (self.sort != Sort::default()).then(|| format!("sort={}", self.sort));
        let filter = Some(self.filter.spelled()).filter(|filter| !filter.is_empty());
        sort.into_iter().chain(filter).collect::<Vec<_>>().join("&")
    }
}

/// The query of the counts of tasks: the filter of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Parameters")]
pub struct CountTasks {
    /// Which tasks.
    pub filter: TaskFilter,
}

impl TryFrom<Parameters> for CountTasks {
    type Error = Invalid;

    fn try_from(mut parameters: Parameters) -> Result<Self, Invalid> {
        let filter = TaskFilter::take(&mut parameters)?;
        parameters.finish()?;
        Ok(Self { filter })
    }
}

words! {
    /// The order of a list of tasks. Among tasks that are alike in it, the number decides.
    #[derive(Default)]
    Sort {
        /// The newest first.
        #[default]
        Number = "number",
        /// As on the board: ascending by position.
        Position = "position",
        /// The last changed first.
        Updated = "updated",
        /// The last completed first, then those that aren't completed.
        Completed = "completed",
        /// The first due first, then those without a due date.
        Due = "due",
        /// The most urgent first.
        Priority = "priority",
    }
}

/// How many tasks of a list are in each status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskCounts {
    /// By status.
    pub by_status: StatusCounts,
}

/// A number for each status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCounts {
    /// Of pending tasks.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub pending: i64,
    /// Of tasks in progress.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub in_progress: i64,
    /// Of blocked tasks.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub blocked: i64,
    /// Of completed tasks.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub completed: i64,
    /// Of cancelled tasks.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub cancelled: i64,
}

impl StatusCounts {
    /// The number of a status.
    pub const fn of(&mut self, status: Status) -> &mut i64 {
        match status {
            Status::Pending => &mut self.pending,
            Status::InProgress => &mut self.in_progress,
            Status::Blocked => &mut self.blocked,
            Status::Completed => &mut self.completed,
            Status::Cancelled => &mut self.cancelled,
        }
    }
}

impl Priority {
    /// From 1 for none to 5 for urgent.
    #[must_use]
    pub const fn rank(self) -> i32 {
        self as i32 + 1
    }
}

/// What [`Sort`] compares of a task before its number; not used by [`Sort::Number`] and [`Sort::Position`].
impl Sort {
    /// Microseconds since 1970 or the priority's rank; `i64::MAX` without a due date, `i64::MIN` if not completed.
    #[must_use]
    pub fn rank(self, task: &TaskView) -> i64 {
        let micros = |time: &DateTime<Utc>| time.timestamp_micros();
        match self {
            Self::Number | Self::Position => 0,
            Self::Updated => micros(&task.updated_at),
            Self::Completed => task.completed_at.as_ref().map_or(i64::MIN, micros),
            Self::Due => task.due_at.as_ref().map_or(i64::MAX, micros),
            Self::Priority => task.priority.rank().into(),
        }
    }

    /// Whether a task can have this rank.
    #[must_use]
    pub fn has_rank(self, rank: i64) -> bool {
        let is_moment = || timestamp::from_micros(rank).is_some();
        match self {
            Self::Number | Self::Position => rank == 0,
            Self::Updated => is_moment(),
            Self::Completed => rank == i64::MIN || is_moment(),
            Self::Due => rank == i64::MAX || is_moment(),
            Self::Priority => (1..=Priority::Urgent.rank().into()).contains(&rank),
        }
    }

    /// Compares two tasks of one team.
    #[must_use]
    pub fn compare(self, a: &TaskView, b: &TaskView) -> std::cmp::Ordering {
        let key = |task: &TaskView| (self.rank(task), task.number);
        match self {
            Self::Position => a.position.cmp(&b.position),
            Self::Due => key(a).cmp(&key(b)),
            Self::Number | Self::Updated | Self::Completed | Self::Priority => key(b).cmp(&key(a)),
        }
    }
}

/// The parameters of a filter, for the OpenAPI document.
#[cfg(feature = "openapi")]
mod document {
    use utoipa::openapi::Schema;
    use utoipa::openapi::path::{Parameter, ParameterIn};
    use utoipa::openapi::schema::ArrayBuilder;
    use utoipa::{IntoParams, PartialSchema};

    use super::super::filter::{AssigneeChoice, LabelChoice};
    use super::{CountTasks, Limit, ListTasks, Priority, Sort, Status};
    use crate::task::SearchText;

    /// Each list may be written as `a,b` or as repeated parameters.
    #[derive(IntoParams)]
    #[into_params(parameter_in = Query)]
    #[allow(dead_code, reason = "it is only described")]
    struct FilterParams {
        /// Only tasks in one of these; all if left out.
        #[param(style = Form, explode = false, min_items = 1)]
        status: Option<Vec<Status>>,
        /// Only tasks of one of these priorities.
        #[param(style = Form, explode = false, min_items = 1)]
        priority: Option<Vec<Priority>>,
        /// Only tasks assigned to one of these: ids of users, `me`, or `none` for those that nobody is to do.
        #[param(style = Form, explode = false, schema_with = some::<AssigneeChoice>)]
        assignee: Option<Vec<AssigneeChoice>>,
        /// Only tasks with one of these labels, or with `none`.
        #[param(style = Form, explode = false, schema_with = some::<LabelChoice>)]
        label: Option<Vec<LabelChoice>>,
        /// Only tasks assigned to none of these.
        #[param(style = Form, explode = false, schema_with = some::<AssigneeChoice>)]
        not_assignee: Option<Vec<AssigneeChoice>>,
        /// Only tasks with none of these labels.
        #[param(style = Form, explode = false, schema_with = some::<LabelChoice>)]
        not_label: Option<Vec<LabelChoice>>,
        /// Only tasks due at this moment or later.
        due_from: Option<chrono::DateTime<chrono::Utc>>,
        /// Only tasks due before this moment.
        due_before: Option<chrono::DateTime<chrono::Utc>>,
        /// Only tasks without a due date; with a range, those too.
        #[param(inline)]
        due: Option<Never>,
        /// Only tasks with all of these words in their title or key, in any order; case and accents don't count.
        #[param(inline)]
        q: Option<SearchText>,
    }

    #[derive(IntoParams)]
    #[into_params(parameter_in = Query)]
    #[allow(dead_code, reason = "it is only described")]
    struct PageParams {
        /// In which order.
        #[param(inline)]
        sort: Option<Sort>,
        /// How many at most.
        #[param(inline)]
        limit: Option<Limit>,
        /// The `next_cursor` of the page before.
        cursor: Option<String>,
    }

    /// At least one thing of a kind.
    fn some<T: PartialSchema>() -> Schema {
        ArrayBuilder::new().items(T::schema()).min_items(Some(1)).into()
    }

    /// The word `none`.
    struct Never;
    crate::openapi::looks! { Never => words(&[], &[("none", &["Never."])]) }

    impl IntoParams for ListTasks {
        fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
            let filter = FilterParams::into_params(&parameter_in);
            filter.into_iter().chain(PageParams::into_params(&parameter_in)).collect()
        }
    }

    impl IntoParams for CountTasks {
        fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
            FilterParams::into_params(parameter_in)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ids::{LabelId, UserId};

    fn list(query: serde_json::Value) -> Result<ListTasks, serde_json::Error> {
        serde_json::from_value(query)
    }

    #[test]
    fn a_list_query_names_what_is_wrong() {
        let good = list(json!({"status": "blocked,pending,blocked", "limit": "10"})).unwrap();
        assert_eq!((good.spelled().as_str(), good.limit.get()), ("status=pending,blocked", 10));
        for (name, bad) in [
            ("status", "done"),
            ("status", ""),
            ("status", "pending,"),
            ("status", " pending"),
            ("priority", "high,"),
            ("sort", "title"),
            ("limit", "0"),
            ("assignee", "bob"),
            ("assignee", ""),
            ("not_assignee", "ME"),
            ("label", "bug"),
            ("label", "me"),
            ("due", "today"),
            ("due_from", "today"),
            ("due_before", "2026-01-01"),
            ("q", " "),
            ("q", "a\0"),
            ("page", "2"),
        ] {
            let error = list(json!({name: bad})).unwrap_err().to_string();
            assert!(error.contains(&format!("`{name}`")), "{error}");
        }
        assert!(serde_json::from_value::<CountTasks>(json!({"limit": "1"})).is_err());
    }

    #[test]
    fn all_filters_have_one_spelling() {
        let (user, label) = (UserId::new(), LabelId::new());
        let query = list(json!({
            "q": " 50%_a\\ ", "label": label, "assignee": format!("{user},none,me,{user}"), "status": "pending",
            "sort": "due", "due": "none", "due_from": "2026-01-01T01:00:00+01:00", "priority": "urgent,low",
        }));
        assert_eq!(
            query.unwrap().spelled(),
            format!(
                "sort=due&status=pending&assignee=none,me,{user}&label={label}&priority=low,urgent&\
                 due_from=2026-01-01T00:00:00.000000Z&due=none&q=50%_a\\"
            )
        );
    }

    #[test]
    fn me_is_the_caller() {
        let me = UserId::new();
        let filter = list(json!({"assignee": "me", "not_assignee": format!("me,{me}")})).unwrap().filter.of_caller(me);
        assert_eq!(filter.spelled(), format!("assignee={me}&not_assignee={me}"));
    }
}

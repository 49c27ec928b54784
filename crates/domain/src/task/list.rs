//! The query of a list of tasks.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::value::Status;
use crate::ids::{LabelId, UserId};
use crate::openapi::looks;
use crate::page::Limit;
use crate::shape::line;
use crate::validation::{Invalid, one_line, text};
use crate::words::words;

/// The query of a list of tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct ListTasks {
    /// Only tasks in one of these; all if left out.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(value_type = Option<Vec<Status>>, style = Form, explode = false, min_items = 1))]
    pub status: Option<StatusFilter>,
    /// Only those of this user, or of nobody.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub assignee: Option<AssigneeFilter>,
    /// Only those with this label.
    #[serde(default, deserialize_with = "label")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub label: Option<LabelId>,
    /// Only those with this in their title or key.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub q: Option<SearchText>,
    /// In which order.
    #[serde(default, deserialize_with = "sort")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub sort: Sort,
    /// How many at most.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    pub cursor: Option<String>,
}

fn label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LabelId>, D::Error> {
    let id = String::deserialize(deserializer)?.parse();
    id.map(Some).map_err(|_| D::Error::custom("`label` must be the UUID of a label"))
}

fn sort<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sort, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(|e: Invalid| D::Error::custom(format!("`sort` {e}")))
}

impl ListTasks {
    /// What the list is filtered by, in one fixed spelling: what a [`Cursor`](crate::Cursor) and an `ETag` of the list
    /// are bound to, together with the team.
    #[must_use]
    pub fn filter(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.status.as_ref().map(|status| format!("status={status}")));
        parts.extend(self.assignee.map(|assignee| format!("assignee={assignee}")));
        parts.extend(self.label.map(|label| format!("label={label}")));
        parts.extend((self.sort == Sort::Position).then(|| "sort=position".to_owned()));
        // Last, as it may hold any character.
        parts.extend(self.q.as_ref().map(|q| format!("q={q}")));
        parts.join("&")
    }
}

/// One status or several, separated by commas: `?status=pending,blocked`. A set: order and repetition mean nothing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StatusFilter(Vec<Status>);

impl StatusFilter {
    /// The statuses, each once, in the order of [`Status::ALL`]; never empty.
    #[must_use]
    pub fn statuses(&self) -> &[Status] {
        &self.0
    }

    /// Their words, to be passed to SQL as a `text[]`.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        self.0.iter().map(|status| status.as_str()).collect()
    }
}

impl FromStr for StatusFilter {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let mut statuses: Vec<Status> = text
            .split(',')
            .map(str::parse)
            .collect::<Result<_, Invalid>>()
            .map_err(|e| Invalid::new(format!("each `status` {e}")))?;
        statuses.sort_unstable();
        statuses.dedup();
        Ok(Self(statuses))
    }
}

impl TryFrom<String> for StatusFilter {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl fmt::Display for StatusFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(","))
    }
}

words! {
    /// The order of a list of tasks.
    #[derive(Default)]
    Sort {
        /// The newest first.
        #[default]
        Number = "number",
        /// As on the board: ascending by position.
        Position = "position",
    }
}

/// Whose tasks: `?assignee=<user id>` or `?assignee=none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum AssigneeFilter {
    /// Those that nobody is to do.
    Nobody,
    /// Those of this user.
    User(UserId),
}

looks! { AssigneeFilter => id_or::<UserId>("^none$", "none") }

impl TryFrom<String> for AssigneeFilter {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        match text.as_str() {
            "none" => Ok(Self::Nobody),
            text => {
                text.parse().map(Self::User).map_err(|_| Invalid::new("`assignee` must be the UUID of a user, or none"))
            }
        }
    }
}

impl fmt::Display for AssigneeFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("none"),
            Self::User(user) => user.fmt(f),
        }
    }
}

text! {
    /// What is looked for in titles and keys: one line, trimmed, 1 to 100 characters.
    SearchText: line!(99) => |text| one_line(text, 100).map_err(|why| Invalid::new(format!("`q` {why}")));
}

impl SearchText {
    /// The pattern of SQL's `ILIKE` for text that contains this; what has a meaning in patterns is escaped by `\\`.
    #[must_use]
    pub fn pattern(&self) -> String {
        let mut pattern = String::with_capacity(self.0.len() + 2);
        pattern.push('%');
        for character in self.0.chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('%');
        pattern
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_status_filter_is_a_set_with_one_spelling() {
        let filter: StatusFilter = "blocked,pending,blocked".parse().unwrap();
        assert_eq!(filter.to_string(), "pending,blocked");
        for bad in ["", "pending,", "done", " pending"] {
            assert!(bad.parse::<StatusFilter>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_list_query_names_what_is_wrong() {
        let list: ListTasks = serde_json::from_value(json!({"status": "blocked,pending", "limit": "10"})).unwrap();
        assert_eq!((list.filter().as_str(), list.limit.get()), ("status=pending,blocked", 10));
        let error = serde_json::from_value::<ListTasks>(json!({"status": "done"})).unwrap_err();
        assert!(error.to_string().starts_with("each `status` must be one of: pending"), "{error}");
        assert!(serde_json::from_value::<ListTasks>(json!({"page": "2"})).is_err());
    }

    #[test]
    fn all_filters_have_one_spelling() {
        let (user, label) = (UserId::new(), LabelId::new());
        let list: ListTasks =
            serde_json::from_value(json!({"q": " 50%_a\\ ", "label": label, "assignee": user, "status": "pending"}))
                .unwrap();
        assert_eq!(list.filter(), format!("status=pending&assignee={user}&label={label}&q=50%_a\\"));
        assert_eq!(list.q.unwrap().pattern(), "%50\\%\\_a\\\\%");
        let nobody: ListTasks = serde_json::from_value(json!({"assignee": "none"})).unwrap();
        assert_eq!(nobody.assignee, Some(AssigneeFilter::Nobody));
        for (name, bad) in [("assignee", "me"), ("assignee", ""), ("label", "bug"), ("q", " "), ("q", "a\0")] {
            let error = serde_json::from_value::<ListTasks>(json!({name: bad})).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }
}

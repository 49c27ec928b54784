//! How a task is named in a path.

use std::str::FromStr;

use crate::ids::TaskId;
use crate::openapi::looks;
use crate::team::TeamKey;
use crate::validation::Invalid;

/// A task in a path below its team: its id, its number in that team, or its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TaskRef {
    /// The id.
    Id(TaskId),
    /// The number, from 1.
    Number(i64),
    /// The key, as in `OPS-42`; there is no such task when the path names another team.
    Key {
        /// The key of the team.
        team: TeamKey,
        /// The number in that team, from 1.
        number: i64,
    },
}

looks! { TaskRef => id_or::<TaskId>("^([A-Za-z][A-Za-z0-9]{1,15}-)?[1-9][0-9]{0,17}$", "OPS-42") }

impl FromStr for TaskRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let by_key = || key(text).map(|(team, number)| Self::Key { team, number });
        let wrong = "the task must be given as its id (a UUID), its number in the team or its key, for example OPS-42";
        number(text)
            .map(Self::Number)
            .or_else(by_key)
            .or_else(|| text.parse().ok().map(Self::Id))
            .ok_or_else(|| Invalid::new(wrong))
    }
}

/// A task in a path of the simple API, which has no team: its id or its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SimpleTaskRef {
    /// The id.
    Id(TaskId),
    /// The key, as in `OPS-42`.
    Key {
        /// The key of the team.
        team: TeamKey,
        /// The number in that team, from 1.
        number: i64,
    },
}

looks! { SimpleTaskRef => id_or::<TaskId>("^[A-Za-z][A-Za-z0-9]{1,15}-[1-9][0-9]{0,17}$", "OPS-42") }

impl FromStr for SimpleTaskRef {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        key(text)
            .map(|(team, number)| Self::Key { team, number })
            .or_else(|| text.parse().ok().map(Self::Id))
            .ok_or_else(|| Invalid::new("the task must be given as its id (a UUID) or its key, for example OPS-42"))
    }
}

/// A task's key: that of its team, and its number there.
fn key(text: &str) -> Option<(TeamKey, i64)> {
    let (team, digits) = text.split_once('-')?;
    // A path is taken as it is: no white space is trimmed off the key.
    let team = TeamKey::parse(team).ok().filter(|key| key.as_str().len() == team.len())?;
    Some((team, number(digits)?))
}

/// A task number in its one spelling: from 1, without sign or leading zeros.
fn number(text: &str) -> Option<i64> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| canonical)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neither_signs_nor_zeros_nor_other_spellings_are_numbers() {
        let max = i64::MAX.to_string();
        assert_eq!(max.parse(), Ok(TaskRef::Number(i64::MAX)));
        for bad in ["", "0", "042", "+1", "-1", " 1", "1 ", "9223372036854775808", "OPS-", "OPS-0", "OPS-1-2", "0197"] {
            assert!(bad.parse::<TaskRef>().is_err(), "{bad:?}");
        }
        for bad in ["42", "OPS-", "-42", "OPS-0", " OPS-1", "OPS-1-2", "O-1", "OPS 1"] {
            assert!(bad.parse::<SimpleTaskRef>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn ids_numbers_and_keys_round_trip(n in 1_i64.., word in "[a-z][a-z0-9]{1,15}") {
            let id = TaskId::new();
            let team = TeamKey::parse(&word).unwrap();
            prop_assert_eq!(id.to_string().parse(), Ok(TaskRef::Id(id)));
            prop_assert_eq!(n.to_string().parse(), Ok(TaskRef::Number(n)));
            prop_assert_eq!(team.task_key(n).parse(), Ok(TaskRef::Key { team: team.clone(), number: n }));
            prop_assert_eq!(id.to_string().parse(), Ok(SimpleTaskRef::Id(id)));
            prop_assert_eq!(team.task_key(n).parse(), Ok(SimpleTaskRef::Key { team, number: n }));
        }

        #[test]
        fn no_path_panics(text in any::<String>()) {
            let _ = (text.parse::<TaskRef>(), text.parse::<SimpleTaskRef>());
        }
    }
}

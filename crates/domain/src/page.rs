//! Keyset pages: how many, from where on, and what comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

use crate::problem::{Code, Problem};
use crate::timestamp;
use crate::validation::Invalid;

/// How many items a page may have: 1 to 200, 50 unless asked otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(minimum = 1, maximum = 200, default = 50))]
pub struct Limit(u16);

impl Limit {
    /// The most that can be asked for.
    pub const MAX: u16 = 200;

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// How many rows to ask the database for: one more than the page has, which tells whether there is a next one.
    #[must_use]
    pub const fn fetch(self) -> i64 {
        self.0 as i64 + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl FromStr for Limit {
    type Err = Invalid;

    /// Out of range is an error and not the nearest number: nothing is silently cut.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|n| digits && (1..=Self::MAX).contains(n))
            .map(Self)
            .ok_or_else(|| Invalid::new("`limit` must be a whole number from 1 to 200"))
    }
}

impl TryFrom<String> for Limit {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// What `?cursor=` gets the next page with; null at the end.
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// The page from at most [`Limit::fetch`] rows; `cursor` is called with the last item if there are more behind it.
    #[must_use]
    pub fn of(rows: Vec<T>, limit: Limit, cursor: impl FnOnce(&T) -> String) -> Self {
        Self::cut(rows, limit, false, cursor)
    }

    /// The same from rows behind which others were left out, if `is_cut`, since the page has enough bytes.
    #[must_use]
    pub fn cut(mut rows: Vec<T>, limit: Limit, is_cut: bool, cursor: impl FnOnce(&T) -> String) -> Self {
        let more = is_cut || rows.len() > usize::from(limit.get());
        rows.truncate(limit.get().into());
        let next_cursor = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next_cursor }
    }

    /// The same page with each item turned into what is shown.
    #[must_use]
    pub fn map<U>(self, show: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(show).collect(), next_cursor: self.next_cursor }
    }
}

/// A key that a list is ordered by, so that a cursor can hold it.
pub trait CursorKey: Sized {
    /// Tells the kinds of key apart in a cursor.
    const TAG: u8;
    /// Appends the key; nothing comes behind it.
    fn write(&self, bytes: &mut Vec<u8>);
    /// Reads what [`CursorKey::write`] wrote; `None` for anything else.
    fn read(bytes: &[u8]) -> Option<Self>;
}

impl CursorKey for i64 {
    const TAG: u8 = 1;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

/// An id alone, for lists in the order of their ids.
impl CursorKey for Uuid {
    const TAG: u8 = 3;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

/// A place in the order of a board; see [`position`](crate::position).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionKey(pub String);

impl CursorKey for PositionKey {
    const TAG: u8 = 4;

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.0.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let known = bytes.len() <= crate::position::MAX_LENGTH && bytes.iter().all(u8::is_ascii_alphanumeric);
        let text = std::str::from_utf8(bytes).ok().filter(|_| known)?;
        Some(Self(text.to_owned()))
    }
}

/// A rank in an order of tasks, with the number that tells apart those of the same rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankKey {
    /// See [`Sort::rank`](crate::Sort::rank).
    pub rank: i64,
    /// The task's number.
    pub number: i64,
}

impl CursorKey for RankKey {
    const TAG: u8 = 5;

    fn write(&self, bytes: &mut Vec<u8>) {
        self.rank.write(bytes);
        self.number.write(bytes);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (rank, number) = bytes.split_at_checked(8)?;
        Some(Self { rank: i64::read(rank)?, number: i64::read(number)? })
    }
}

/// A moment in microseconds with an id to tell apart what happened in the same one.
impl CursorKey for (DateTime<Utc>, Uuid) {
    const TAG: u8 = 2;

    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.timestamp_micros().write(bytes);
        bytes.extend(self.1.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = bytes.split_at_checked(8)?;
        Some((timestamp::from_micros(i64::read(micros)?)?, Uuid::from_slice(id).ok()?))
    }
}

/// The cursors of one list: the same list with the same filter. A cursor of another is refused, since going on from it
/// would leave items out without saying so.
///
/// A cursor is base64url (RFC 4648, no padding) of: version (1), tag of the key (1), fingerprint of the list (8), key.
/// It is opaque but not secret and gives no rights: the query that uses it checks access itself, so it isn't signed.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    fingerprint: u64,
}

/// The cursor wasn't made by this API, or for another list or filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`cursor` must be the next_cursor of the same list with the same filter")]
pub struct BadCursor;

impl From<BadCursor> for Problem {
    fn from(error: BadCursor) -> Self {
        Self::new(Code::BadCursor, error.to_string())
    }
}

impl Cursor {
    const VERSION: u8 = 1;

    /// The cursors of the list `kind` (such as `tasks`) under `filter`: the team and all that narrows or orders the
    /// list, in one fixed spelling.
    #[must_use]
    pub fn of(kind: &'static str, filter: &str) -> Self {
        // FNV-1a, which must not change between releases as the standard hasher may; 0xff is in no UTF-8 text, so it
        // keeps `("ab", "c")` and `("a", "bc")` apart.
        let bytes = kind.bytes().chain([0xff]).chain(filter.bytes());
        let fingerprint =
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self { fingerprint }
    }

    /// The cursor that goes on after `key`.
    #[must_use]
    pub fn encode<K: CursorKey>(self, key: &K) -> String {
        let mut bytes = vec![Self::VERSION, K::TAG];
        bytes.extend(self.fingerprint.to_be_bytes());
        key.write(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The key to go on after.
    ///
    /// # Errors
    /// [`BadCursor`] for anything but what [`Cursor::encode`] made for this list and kind of key.
    pub fn decode<K: CursorKey>(self, text: &str) -> Result<K, BadCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        let (head, key) = bytes.split_at_checked(10).ok_or(BadCursor)?;
        let (version_and_tag, fingerprint) = head.split_at_checked(2).ok_or(BadCursor)?;
        if version_and_tag != [Self::VERSION, K::TAG] || fingerprint != self.fingerprint.to_be_bytes() {
            return Err(BadCursor);
        }
        K::read(key).ok_or(BadCursor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[cfg(feature = "openapi")]
    #[test]
    fn the_document_says_the_bounds_and_the_default_that_hold() {
        let schema = serde_json::to_value(<Limit as utoipa::PartialSchema>::schema()).unwrap();
        let number = |name: &str| schema[name].as_u64().unwrap();
        let taken = |n: u64| n.to_string().parse::<Limit>().is_ok();
        assert_eq!(number("default"), u64::from(Limit::default().get()));
        for (edge, outside) in [("minimum", -1), ("maximum", 1)] {
            assert!(taken(number(edge)) && !taken(number(edge).saturating_add_signed(outside)), "{edge}");
        }
    }

    #[test]
    fn a_limit_out_of_range_is_refused_and_not_cut() {
        assert_eq!(Limit::default().get(), 50);
        assert_eq!("200".parse::<Limit>().unwrap().fetch(), 201);
        for bad in ["", "0", "201", "-1", "+5", "5.0", "ten", " 5", "65537"] {
            assert_eq!(bad.parse::<Limit>().unwrap_err().to_string(), "`limit` must be a whole number from 1 to 200");
        }
    }

    #[test]
    fn a_page_has_a_cursor_only_if_there_is_more() {
        let limit: Limit = "2".parse().unwrap();
        let page = |rows: Vec<i64>| Page::of(rows, limit, ToString::to_string);
        assert_eq!(page(vec![1, 2, 3]), Page { items: vec![1, 2], next_cursor: Some("2".into()) });
        assert_eq!(page(vec![1, 2]).next_cursor, None);
        assert_eq!(page(vec![]).next_cursor, None);
        assert_eq!(page(vec![1, 2, 3]).map(|n| n * 2).items, [2, 4]);
        assert_eq!(serde_json::to_string(&page(vec![1])).unwrap(), r#"{"items":[1],"next_cursor":null}"#);
    }

    #[test]
    fn a_cursor_looks_the_same_in_every_release() {
        assert_eq!(Cursor::of("tasks", "status=pending").encode(&42_i64), "AQE8kAZvLtkEngAAAAAAAAAq");
        let problem = Problem::from(BadCursor);
        assert_eq!((problem.code, problem.code.status()), (Code::BadCursor, 400));
    }

    proptest! {
        #[test]
        fn cursors_round_trip(n in any::<i64>(), micros in 0_i64..253_402_300_800_000_000, id in any::<u128>(), filter in any::<String>()) {
            let cursor = Cursor::of("tasks", &filter);
            prop_assert_eq!(cursor.decode(&cursor.encode(&n)), Ok(n));
            let key = (DateTime::from_timestamp_micros(micros).unwrap(), Uuid::from_u128(id));
            prop_assert_eq!(cursor.decode(&cursor.encode(&key)), Ok(key));
            prop_assert_eq!(cursor.decode(&cursor.encode(&key.1)), Ok(key.1));
        }

        #[test]
        fn cursors_of_other_lists_filters_and_keys_are_refused(n in any::<i64>(), filter in any::<String>(), other in any::<String>()) {
            prop_assume!(filter != other);
            let text = Cursor::of("tasks", &filter).encode(&n);
            prop_assert_eq!(Cursor::of("tasks", &other).decode::<i64>(&text), Err(BadCursor));
            prop_assert_eq!(Cursor::of("members", &filter).decode::<i64>(&text), Err(BadCursor));
            prop_assert_eq!(Cursor::of("tasks", &filter).decode::<(DateTime<Utc>, Uuid)>(&text), Err(BadCursor));
        }

        #[test]
        fn what_is_cut_or_made_up_is_refused(n in any::<i64>(), cut in 0_usize..24, text in any::<String>()) {
            let cursor = Cursor::of("tasks", "");
            let whole = cursor.encode(&n);
            prop_assert_eq!(cursor.decode::<i64>(&whole[..cut]), Err(BadCursor));
            prop_assert_eq!(cursor.decode::<i64>(&text), Err(BadCursor));
            prop_assert_eq!(cursor.decode::<i64>(&(whole + "A")), Err(BadCursor));
        }

        #[test]
        fn any_bytes_after_a_right_head_are_read_or_refused(key in prop::collection::vec(any::<u8>(), 0..40)) {
            let cursor = Cursor::of("x", "");
            let mut bytes = vec![1, 2];
            bytes.extend(cursor.fingerprint.to_be_bytes());
            bytes.extend(&key);
            let _ = cursor.decode::<(DateTime<Utc>, Uuid)>(&URL_SAFE_NO_PAD.encode(bytes));
        }
    }
}

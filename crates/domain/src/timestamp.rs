//! How moments are written: RFC 3339 in UTC with `Z` and exactly six decimals.
//!
//! Chrono's own form drops trailing zeros, so that the same moment has several widths; one width keeps answers
//! comparable byte by byte (caches, snapshots, signatures). Six decimals are what PostgreSQL keeps.
//! Use as `#[serde(with = "domain::timestamp")]`, or `domain::timestamp::option` for what may be null.

use std::str::FromStr;

use chrono::format::ParseErrorKind;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::validation::Invalid;

/// The moment as it goes over the wire, for example `2026-03-01T09:30:00.000000Z`.
#[must_use]
pub fn format(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads RFC 3339 with any offset; what is finer than a microsecond is cut, as PostgreSQL can't keep it.
///
/// # Errors
/// If it isn't RFC 3339, is a leap second, or lies outside the years 1970 to 9999 (in UTC), which every client can represent.
pub fn parse(text: &str) -> Result<DateTime<Utc>, Invalid> {
    let time = DateTime::parse_from_rfc3339(text).map_err(|error| Invalid::new(what_is_wrong(text, error.kind())))?;
    // Neither PostgreSQL nor most clients have leap seconds.
    if time.nanosecond() >= 1_000_000_000 {
        return Err(Invalid::new("must have seconds from 00 to 59"));
    }
    let time = DateTime::from_timestamp_micros(time.timestamp_micros()).and_then(in_range);
    time.ok_or_else(|| Invalid::new("must lie in the years 1970 to 9999"))
}

/// What to say of a text that can't be read.
fn what_is_wrong(text: &str, kind: ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::OutOfRange | ParseErrorKind::Impossible => "must be a day and a time that exist",
        _ if NaiveDate::from_str(text).is_ok() => "must have a time too, for example 2026-03-01T09:30:00Z",
        _ if NaiveDateTime::from_str(text).is_ok() => {
            "must end with the offset from UTC, for example 2026-03-01T09:30:00Z"
        }
        _ => "must be a date and time as in RFC 3339, for example 2026-03-01T09:30:00Z",
    }
}

fn in_range(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(time).filter(|time| (1970..=9999).contains(&time.year()))
}

/// The moment so many microseconds after the beginning of 1970; `None` outside the range of [`parse`], which
/// PostgreSQL's own includes.
#[must_use]
pub fn from_micros(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).and_then(in_range)
}

/// Serialises as [`format()`] does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format(time))
}

/// Deserialises as [`parse`] does.
///
/// # Errors
/// Those of [`parse`] and of the deserializer.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// The same for a moment that may be null.
pub mod option {
    use super::{DateTime, Deserialize, Deserializer, Error, Serializer, Utc, format, parse};

    /// Serialises as [`super::format()`] does, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_some(&format(time)),
            None => serializer.serialize_none(),
        }
    }

    /// Deserialises as [`super::parse`] does, or null.
    ///
    /// # Errors
    /// Those of [`super::parse`] and of the deserializer.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        Option::<String>::deserialize(deserializer)?.as_deref().map(parse).transpose().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn offsets_are_brought_to_utc_and_the_width_is_fixed() {
        let time = parse("2026-03-01T10:30:00.5+01:00").unwrap();
        assert_eq!(format(&time), "2026-03-01T09:30:00.500000Z");
    }

    #[test]
    fn what_is_not_rfc_3339_or_out_of_range_is_refused() {
        for text in
            ["", "tomorrow", "2026-03-01", "2026-03-01T09:30:00", "1969-12-31T23:59:59Z", "2016-12-31T23:59:60Z"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, said) in [
            ("2026-02-30T09:30:00Z", "exist"),
            ("2026-13-01T09:30:00Z", "exist"),
            ("2026-03-01T24:30:00Z", "exist"),
            ("2026-03-01T09:30:00+25:00", "exist"),
            ("2026-03-01", "a time too"),
            ("2026-03-01T09:30:00", "offset"),
            ("2016-12-31T23:59:60Z", "seconds from 00 to 59"),
            ("1969-12-31T23:59:59Z", "1970 to 9999"),
            ("tomorrow", "RFC 3339"),
            ("2026-02-30", "RFC 3339"),
            ("", "RFC 3339"),
        ] {
            let detail = parse(text).unwrap_err().to_string();
            assert!(detail.contains(said), "{text}: {detail}");
        }
    }

    proptest! {
        #[test]
        fn every_moment_in_range_survives(micros in 0_i64..253_402_300_800_000_000) {
            let time = DateTime::from_timestamp_micros(micros).unwrap();
            let text = format(&time);
            prop_assert_eq!(text.len(), 27);
            prop_assert_eq!(parse(&text).unwrap(), time);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = parse(&text);
        }
    }
}

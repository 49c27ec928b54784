//! The days of a time zone.

use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use domain::validation::Invalid;
use serde::Deserialize;

/// A time zone by its name in the IANA database; UTC unless asked otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::UTC)
    }
}

impl TryFrom<String> for Zone {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let why = "`tz` must be a time zone of the IANA database, for example Europe/Berlin";
        text.parse().map(Self).map_err(|_| Invalid::new(why))
    }
}

impl Zone {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        self.0.name()
    }

    /// The day that it is there at `now`.
    pub(super) fn today(self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.0).date_naive()
    }

    /// The first of the `count` days that end with `last`, and when each begins.
    pub(super) fn days(self, last: NaiveDate, count: u16) -> (NaiveDate, Vec<DateTime<Utc>>) {
        let first = last.checked_sub_days(Days::new(u64::from(count).saturating_sub(1))).unwrap_or(last);
        let starts = first.iter_days().take(usize::from(count)).map(|day| self.start(day)).collect();
        (first, starts)
    }

    /// The first moment of a day. Where a clock is put forward at midnight that is later than 0:00, and a day that a zone left
    /// out, as Samoa did, has the same as the next.
    fn start(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // Offsets are whole minutes since 1972; the longest step was a day.
        for minutes in (0..=24 * 60).step_by(15) {
            match self.0.from_local_datetime(&(midnight + TimeDelta::minutes(minutes))) {
                MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => return at.to_utc(),
                MappedLocalTime::None => {}
            }
        }
        midnight.and_utc()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::try_from(name.to_owned()).unwrap()
    }

    fn starts(name: &str, last: &str, count: u16) -> Vec<String> {
        let (first, starts) = zone(name).days(last.parse().unwrap(), count);
        assert_eq!(first + Days::new(u64::from(count) - 1), last.parse().unwrap());
        starts.iter().map(|at| at.format("%dT%H:%M").to_string()).collect()
    }

    #[test]
    fn days_begin_at_local_midnight_also_where_the_clock_changes() {
        assert_eq!(starts("UTC", "2026-03-02", 2), ["01T00:00", "02T00:00"]);
        assert_eq!(starts("Europe/Berlin", "2026-03-30", 3), ["27T23:00", "28T23:00", "29T22:00"]);
        assert_eq!(starts("Asia/Kathmandu", "2026-03-02", 1), ["01T18:15"]);
        assert_eq!(starts("Pacific/Auckland", "2026-04-06", 3), ["03T11:00", "04T11:00", "05T12:00"]);
        // There is no 0:00 on the day on which Santiago's clocks are put forward.
        assert_eq!(starts("America/Santiago", "2025-09-07", 2), ["06T04:00", "07T04:00"]);
        // Samoa had no 30 December 2011.
        assert_eq!(starts("Pacific/Apia", "2011-12-31", 3), ["29T10:00", "30T10:00", "30T10:00"]);
        assert_eq!(zone("Pacific/Kiritimati").today("2026-03-01T11:00:00Z".parse().unwrap()).to_string(), "2026-03-02");
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for bad in ["", "Mars/Base", "europe/berlin", "UTC+5", "Foo5", "../etc/passwd", "Europe/Berlin "] {
            assert!(Zone::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}

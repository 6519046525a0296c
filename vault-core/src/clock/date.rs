//! Days of the calendar, as documents bear them, and terms counted in days and years.
//!
//! Promises: a term of years ends on the same day of the month, or on the day after where there is
//! none (29 February): never a day early.

use super::{Civil, DEVICE_ZONE_MS, UtcTime};
use std::fmt;
use std::str::FromStr;

const DAY_MS: i64 = 86_400_000;

/// A day, as `2026-01-31`, in the zone of the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i64);

/// A text that is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form 2026-01-31")]
pub struct DateError;

impl Date {
    /// The day it is in China at that moment.
    pub const fn of(at: UtcTime) -> Self {
        Self(at.as_ms().saturating_add(DEVICE_ZONE_MS).div_euclid(DAY_MS))
    }

    /// The moment the day begins in China.
    pub const fn begins_at(self) -> UtcTime {
        UtcTime::from_ms(self.0.saturating_mul(DAY_MS).saturating_sub(DEVICE_ZONE_MS))
    }

    /// So many days later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Days from this one to the other; negative where that is before.
    pub const fn days_until(self, other: Self) -> i64 {
        other.0.saturating_sub(self.0)
    }

    /// So many years later.
    #[must_use]
    pub fn plus_years(self, years: i64) -> Self {
        let (year, month, day) = self.parts();
        let later = Self::from_parts(year.saturating_add(years), month, day);
        // There is no 29 February in that year.
        let after = Self::from_parts(year.saturating_add(years), 3, 1);
        later.or(after).unwrap_or(Self(i64::MAX / DAY_MS))
    }

    /// Whether it is a Saturday or a Sunday. 1 January 1970 was a Thursday.
    pub const fn is_weekend(self) -> bool {
        (self.0 + 3).rem_euclid(7) >= 5
    }

    /// The year.
    pub const fn year(self) -> i64 {
        self.parts().0
    }

    fn from_parts(year: i64, month: i64, day: i64) -> Option<Self> {
        let civil = Civil { year, month, day, hour: 0, minute: 0, second: 0 };
        Some(Self(civil.as_utc()?.as_ms().div_euclid(DAY_MS)))
    }

    /// Year, month and day; counted in eras of 400 years that begin on 1 March.
    const fn parts(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let early = if month <= 2 { 1 } else { 0 };
        (year_of_era + era * 400 + early, month, day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let mut parts = text.split('-').map(str::parse::<i64>);
        let mut next = || parts.next().and_then(Result::ok).ok_or(DateError);
        let date = Self::from_parts(next()?, next()?, next()?).ok_or(DateError)?;
        if date.to_string() == text { Ok(date) } else { Err(DateError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_written_and_counted() {
        for day in ["1970-01-01", "2000-02-29", "2026-12-31", "0001-01-01", "9999-12-31"] {
            assert_eq!(day.parse::<Date>().unwrap().to_string(), day);
        }
        for bad in ["2026-02-29", "2026-1-1", "2026-01-01-", "", "二〇二六年", "2026-13-01"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
        let leap: Date = "2024-02-29".parse().unwrap();
        assert_eq!(leap.plus_years(2).to_string(), "2026-03-01");
        assert_eq!(leap.plus_years(4).to_string(), "2028-02-29");
        assert_eq!(leap.plus_days(30).to_string(), "2024-03-30");
        assert_eq!(Date::of(UtcTime::from_ms(1_609_430_400_000)).to_string(), "2021-01-01");
        assert_eq!(Date::of(leap.begins_at()), leap);
        assert_eq!(leap.year(), 2024);
        let weekend = |day: &str| day.parse::<Date>().unwrap().is_weekend();
        assert!(weekend("2026-11-22") && weekend("1969-12-27") && !weekend("2026-11-23"));
    }
}

//! The time, from one place.
//!
//! Everything that needs the time takes a `Clock`, so that tests can set it and so that a clock
//! that lies can be found out in one place. This is the only caller of the system time.

mod date;

pub use date::{Date, DateError};

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since 1970-01-01 UTC. Times are kept in UTC and shown in the installation's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcTime(i64);

impl UtcTime {
    /// From milliseconds since 1970-01-01 UTC.
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub const fn as_ms(self) -> i64 {
        self.0
    }
}

impl UtcTime {
    /// So many milliseconds later; earlier if negative.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// A date and a time of day as people write them, of no zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// The year, four digits.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour, from 0.
    pub hour: i64,
    /// The minute.
    pub minute: i64,
    /// The second; a leap second counts as the one before it.
    pub second: i64,
}

impl Civil {
    /// The moment at which a clock in UTC shows this; `None` if there is no such date or time.
    /// Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the
    /// last of its year.
    pub fn as_utc(self) -> Option<UtcTime> {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let days_in_month = match self.month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let sound = (1..=9_999).contains(&self.year)
            && (1..=days_in_month).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second);
        if !sound {
            return None;
        }
        let year = self.year - i64::from(self.month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((self.month + 9) % 12) + 2) / 5 + self.day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds = self.hour * 3_600 + self.minute * 60 + self.second.min(59);
        Some(UtcTime((days * 86_400 + seconds) * 1_000))
    }
}

impl UtcTime {
    /// As clocks in China show it: `2026-11-23 20:35:49`.
    pub fn in_china(self) -> String {
        let local = self.plus_ms(DEVICE_ZONE_MS);
        let seconds = local.as_ms().div_euclid(1_000).rem_euclid(86_400);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        // Days of a date are counted in China's zone already.
        format!("{} {hour:02}:{minute:02}:{second:02}", Date::of(self))
    }
}

impl UtcTime {
    /// As fields of HTTP have it (RFC 9110 §5.6.7): `Mon, 23 Nov 2026 12:35:49 GMT`.
    pub fn in_http(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let text = self.plus_ms(-DEVICE_ZONE_MS).in_china();
        let number = |from, to| text.get(from..to).and_then(|digits| digits.parse().ok());
        let week_day = self.as_ms().div_euclid(86_400_000).rem_euclid(7);
        let day = usize::try_from(week_day).ok().and_then(|day| DAYS.get(day)).unwrap_or(&"");
        let month: usize = number(5, 7).unwrap_or(1);
        let month = MONTHS.get(month.saturating_sub(1)).unwrap_or(&"");
        let part = |from, to| text.get(from..to).unwrap_or_default();
        format!("{day}, {} {month} {} {} GMT", part(8, 10), part(0, 4), part(11, 19))
    }
}

/// The zone of clocks that do not name theirs: China has one, UTC+8, without summer time.
pub(crate) const DEVICE_ZONE_MS: i64 = 8 * 3_600_000;

/// Reads `YYYY-MM-DD HH:MM:SS` with a `T`, fractions and a zone (`Z`, `+08:00`, `+0800`) if they
/// are there. Tells whether the zone was.
pub fn parse_time(text: &str) -> Option<(UtcTime, bool)> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', ' '])?;
    let (clock, zone) = match clock.find(['Z', '+', '-']) {
        Some(at) => clock.split_at(at),
        None => (clock, ""),
    };
    let clock = clock.split('.').next()?;
    let mut fields = date.split('-').chain(clock.split(':')).map(str::parse::<i64>);
    let mut next = || fields.next()?.ok();
    let civil = Civil {
        year: next()?,
        month: next()?,
        day: next()?,
        hour: next()?,
        minute: next()?,
        second: next().unwrap_or(0),
    };
    let (offset, stated) = match zone {
        "" => (DEVICE_ZONE_MS, false),
        "Z" => (0, true),
        zone => (zone_offset_ms(zone)?, true),
    };
    Some((civil.as_utc()?.plus_ms(-offset), stated))
}

fn zone_offset_ms(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|digit| *digit != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is set; for tests.
    pub fn fixed(at: UtcTime) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.as_ms()))))
    }

    /// Sets a fixed clock; the system clock is left alone.
    pub fn set(&self, at: UtcTime) {
        if let Source::Fixed(ms) = &self.0 {
            ms.store(at.as_ms(), Ordering::SeqCst);
        }
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    pub fn now(&self) -> UtcTime {
        match &self.0 {
            Source::Fixed(ms) => UtcTime(ms.load(Ordering::SeqCst)),
            Source::System => {
                let since = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                UtcTime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Fixed(_) => "Clock(fixed)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> UtcTime {
        parse_time(text).unwrap().0
    }

    #[test]
    fn times_are_read_with_and_without_their_zone() {
        assert_eq!(parse_time("1970-01-01T00:00:01Z"), Some((UtcTime::from_ms(1_000), true)));
        assert_eq!(utc("2026-01-15T09:30:12"), utc("2026-01-15T01:30:12.000000Z"));
        assert_eq!(utc("2026-01-15 09:30:12+0800"), utc("2026-01-15T09:30:12+08:00"));
        assert_eq!(utc("2026-01-15T09:30:12-0330"), utc("2026-01-15T13:00:12Z"));
        for bad in ["", "2026-13-01T00:00:00", "2026-02-30T00:00:00", "2026-01-01T25:00:00", "北"]
        {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }
}

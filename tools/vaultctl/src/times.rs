//! Times as people and as programs read them.
//!
//! Promises: right for every millisecond count of an `i64` that has a four-digit year. People read
//! Beijing time (UTC+8, no summer time since 1991) unless they ask for UTC; programs read RFC 3339.

use vault_core::clock::UtcTime;

/// The zone times are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// UTC+8.
    Beijing,
    /// UTC.
    Utc,
}

impl Zone {
    const fn offset_ms(self) -> i64 {
        match self {
            Self::Beijing => 8 * 3_600_000,
            Self::Utc => 0,
        }
    }
}

/// `2026-11-23 20:35:49`, in the zone; UTC is marked by a `Z`.
pub(crate) fn shown_time(at: UtcTime, zone: Zone) -> String {
    let (date, seconds, _) = parts(at.as_ms().saturating_add(zone.offset_ms()));
    let mark = if zone == Zone::Utc { "Z" } else { "" };
    format!("{date} {}{mark}", clock(seconds))
}

/// `2026-11-23T12:35:49.123Z`.
pub(crate) fn rfc3339(at: UtcTime) -> String {
    let (date, seconds, ms) = parts(at.as_ms());
    format!("{date}T{}.{ms:03}Z", clock(seconds))
}

fn clock(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn parts(ms: i64) -> (String, i64, i64) {
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    (date(days), rest / 1000, rest % 1000)
}

/// Days since 1970-01-01 to a date of the Gregorian calendar, counted in eras of 400 years that
/// begin on 1 March, so that the leap day is the last of its year.
fn date(days: i64) -> String {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_shown_right() {
        let at = UtcTime::from_ms(1_582_934_400_123);
        assert_eq!(rfc3339(at), "2020-02-29T00:00:00.123Z");
        assert_eq!(shown_time(at, Zone::Beijing), "2020-02-29 08:00:00");
        assert_eq!(shown_time(at, Zone::Utc), "2020-02-29 00:00:00Z");
        assert_eq!(rfc3339(UtcTime::from_ms(-1)), "1969-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(UtcTime::from_ms(951_782_400_000)), "2000-02-29T00:00:00.000Z");
    }

    #[test]
    fn beijing_is_a_day_ahead_in_the_evening() {
        let at = UtcTime::from_ms(1_609_430_400_000);
        assert_eq!(shown_time(at, Zone::Beijing), "2021-01-01 00:00:00");
    }
}

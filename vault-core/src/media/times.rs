//! When a recording began and ended: what each source claims, kept apart, none of them trusted.
//!
//! A device's clock, a file's tag, a name, an offload and the receipt are different witnesses
//! (R06, A3.8). Each claim keeps its source; the best one is only the first in a fixed order, and
//! is shown with where it comes from. A device's known error is added to what the device said,
//! and the claim says so.

use crate::clock::{Civil, DEVICE_ZONE_MS, UtcTime, parse_time};
use vault_media_protocol::{Report, Tag};

/// No recording is older than this: the first recorders with a clock. 2000-01-01.
const EARLIEST_MS: i64 = 946_684_800_000;

/// Who says so. The order is that of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeSource {
    /// The person who handed it over.
    Declared,
    /// A satellite, by way of the recording.
    Gps,
    /// A tag of the container.
    Container,
    /// EXIF of a photo.
    Exif,
    /// The name of the file.
    Name,
    /// The file system it came from: its last change, which is when recording ended.
    File,
    /// The vault's own clock: not after this.
    Received,
}

impl TimeSource {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Gps => "gps",
            Self::Container => "container",
            Self::Exif => "exif",
            Self::Name => "name",
            Self::File => "file",
            Self::Received => "received",
        }
    }
}

/// What one source claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeClaim {
    /// Who says so.
    pub source: TimeSource,
    /// The beginning, where the source tells one.
    pub started: Option<UtcTime>,
    /// The end, where the source tells one, or it follows from the length.
    pub ended: Option<UtcTime>,
    /// Whether the source named its zone; otherwise UTC+8 was taken.
    pub zone_stated: bool,
    /// The device's error that was added, in milliseconds.
    pub offset_ms: i64,
}

/// What is known beside the recording itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// Name of the file.
    pub(crate) name: &'a str,
    /// Last change of the source; 0 where unknown.
    pub(crate) modified: UtcTime,
    /// When the vault received it.
    pub(crate) received: UtcTime,
    /// The begin that was declared.
    pub(crate) declared: Option<UtcTime>,
    /// How much the device's clock was behind, in milliseconds; negative if ahead.
    pub(crate) clock_offset_ms: i64,
}

/// Every claim, the best first.
pub(crate) fn claims(report: &Report, around: &Circumstances<'_>) -> Vec<TimeClaim> {
    let length = report.duration_us.map(|us| us / 1_000);
    let begin = |source, started: UtcTime, zone_stated, offset_ms| {
        let started = started.plus_ms(offset_ms);
        let ended = length.map(|length| started.plus_ms(length));
        TimeClaim { source, started: Some(started), ended, zone_stated, offset_ms }
    };
    let offset = around.clock_offset_ms;
    let mut claims = Vec::new();
    claims.extend(around.declared.map(|at| begin(TimeSource::Declared, at, true, 0)));
    if let Some(exif) = &report.exif {
        let gps = exif_time(&exif.gps_time, "+00:00");
        claims.extend(gps.map(|(at, _)| begin(TimeSource::Gps, at, true, 0)));
        let taken = exif_time(&exif.taken, &exif.offset);
        claims.extend(taken.map(|(at, stated)| begin(TimeSource::Exif, at, stated, offset)));
    }
    let tag = container_time(&report.tags)
        .or_else(|| report.streams.iter().find_map(|stream| container_time(&stream.tags)));
    claims.extend(tag.map(|(at, stated)| begin(TimeSource::Container, at, stated, offset)));
    let named = time_in_name(around.name);
    claims.extend(named.map(|at| begin(TimeSource::Name, at, false, offset)));
    if around.modified.as_ms() >= EARLIEST_MS {
        let ended = around.modified.plus_ms(offset);
        let started = length.map(|length| ended.plus_ms(-length));
        let source = TimeSource::File;
        let ended = Some(ended);
        claims.push(TimeClaim { source, started, ended, zone_stated: true, offset_ms: offset });
    }
    let source = TimeSource::Received;
    let ended = Some(around.received);
    claims.push(TimeClaim { source, started: None, ended, zone_stated: true, offset_ms: 0 });
    claims.sort_by_key(|claim| claim.source);
    claims
}

/// The begin to go by: of the first claim that tells one. `None` where only the receipt is known.
pub(crate) fn best(claims: &[TimeClaim]) -> Option<&TimeClaim> {
    claims.iter().find(|claim| claim.started.is_some())
}

/// `creation_time` and its relatives. Cameras that never set their clock write 1904 or 1970,
/// which is no claim.
fn container_time(tags: &[Tag]) -> Option<(UtcTime, bool)> {
    let names = ["com.apple.quicktime.creationdate", "creation_time", "date", "ICRD", "IDIT"];
    names.iter().find_map(|name| {
        let tag = tags.iter().find(|tag| tag.name.eq_ignore_ascii_case(name))?;
        let at = parse_time(&tag.value)?;
        (at.0.as_ms() >= EARLIEST_MS).then_some(at)
    })
}

fn exif_time(text: &str, offset: &str) -> Option<(UtcTime, bool)> {
    let (date, clock) = text.trim().split_once(' ')?;
    let at = parse_time(&format!("{}T{clock}{offset}", date.replace(':', "-")))?;
    (at.0.as_ms() >= EARLIEST_MS).then_some(at)
}

/// The time that recorders and phones put into names: eight digits of a date, perhaps a separator,
/// six of the clock (`20260115_093012`, `2026-01-15-09-30-12`), wherever they stand.
pub(crate) fn time_in_name(name: &str) -> Option<UtcTime> {
    let digits: Vec<(usize, u8)> = name
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_digit())
        .map(|(at, byte)| (at, byte - b'0'))
        .collect();
    (0..digits.len().saturating_sub(13)).find_map(|first| {
        let run = digits.get(first..first + 14)?;
        // At most one character stands between two digits, so that numbers far apart do not pass
        // for a time; and the digit before must not belong to the same number.
        let close = run.windows(2).all(|pair| pair[1].0 - pair[0].0 <= 2);
        let begins = first == 0 || digits[first - 1].0 + 1 < run[0].0;
        let number = |from: usize, count: usize| {
            run[from..from + count].iter().fold(0, |sum, (_, digit)| sum * 10 + i64::from(*digit))
        };
        let civil = Civil {
            year: number(0, 4),
            month: number(4, 2),
            day: number(6, 2),
            hour: number(8, 2),
            minute: number(10, 2),
            second: number(12, 2),
        };
        let plausible = (2000..2100).contains(&civil.year);
        (close && begins && plausible)
            .then(|| civil.as_utc())
            .flatten()
            .map(|at| at.plus_ms(-DEVICE_ZONE_MS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault_media_protocol::ExifFacts;

    fn utc(text: &str) -> UtcTime {
        parse_time(text).unwrap().0
    }

    #[test]
    fn times_stand_in_the_names_recorders_give() {
        for name in [
            "MAH00012_20260115093012.mp4",
            "VID_20260115_093012.mp4",
            "执法2026-01-15-09-30-12第一段.MP4",
            "002157_00000020260115093012_0005.MP4".trim_start_matches("002157_000000"),
        ] {
            assert_eq!(time_in_name(name), Some(utc("2026-01-15T09:30:12")), "{name}");
        }
        for name in ["GX010045.MP4", "99999999999999.mp4", "20261315093012.mp4", "120260115093012"]
        {
            assert_eq!(time_in_name(name), None, "{name}");
        }
    }

    #[test]
    fn each_source_keeps_its_claim_and_the_better_one_is_first() {
        let report = Report {
            duration_us: Some(60_000_000),
            tags: vec![Tag { name: "creation_time".into(), value: "2026-01-15T01:30:00Z".into() }],
            ..Report::default()
        };
        let around = Circumstances {
            name: "20260115_093012.mp4",
            modified: utc("2026-01-15T09:31:30"),
            received: utc("2026-01-16T00:00:00"),
            declared: None,
            clock_offset_ms: 2_000,
        };
        let claims = claims(&report, &around);
        let sources: Vec<_> = claims.iter().map(|claim| claim.source).collect();
        assert_eq!(
            sources,
            [TimeSource::Container, TimeSource::Name, TimeSource::File, TimeSource::Received]
        );
        let best = best(&claims).unwrap();
        assert_eq!(best.started, Some(utc("2026-01-15T01:30:02Z")));
        assert_eq!(best.ended, Some(utc("2026-01-15T01:31:02Z")));
        assert_eq!(claims[2].started, Some(utc("2026-01-15T09:30:32")));
    }

    #[test]
    fn an_unset_clock_is_no_claim() {
        let report = Report {
            tags: vec![Tag { name: "creation_time".into(), value: "1970-01-01T00:00:00Z".into() }],
            exif: Some(ExifFacts { taken: "0000:00:00 00:00:00".into(), ..ExifFacts::default() }),
            ..Report::default()
        };
        let nothing = UtcTime::from_ms(0);
        let around = Circumstances {
            name: "a.jpg",
            modified: nothing,
            received: utc("2026-01-16T00:00:00"),
            declared: None,
            clock_offset_ms: 0,
        };
        assert!(best(&claims(&report, &around)).is_none());
    }
}

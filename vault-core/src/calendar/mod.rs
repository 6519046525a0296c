//! Working days (工作日) as the State Council's notices set them, shifted ones included (R28).
//!
//! Promises: a count says each day it passed, why that day counts or does not, and which notice
//! says so; a year without a notice counts weekends alone, and the answer is provisional (暂按周末推算)
//! and says so. Days are data: the notices of a year are one file under `editions`, whose days and
//! addresses come from npm's `chinese-days` 1.5.7 (MIT, its licence is beside it). Never asks a clock.

use crate::clock::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The notices of each year, as published.
const EDITIONS: [&str; 9] = [
    include_str!("editions/2018.json"),
    include_str!("editions/2019.json"),
    include_str!("editions/2020.json"),
    include_str!("editions/2021.json"),
    include_str!("editions/2022.json"),
    include_str!("editions/2023.json"),
    include_str!("editions/2024.json"),
    include_str!("editions/2025.json"),
    include_str!("editions/2026.json"),
];

/// The most working days a deadline may count: the longest of the regulation is 60.
pub const WORKING_DAYS_MAX: u32 = 250;

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// A working day like most.
    Working,
    /// A weekend that is worked, for this festival.
    ShiftedWorking(String),
    /// A weekend.
    Weekend,
    /// A festival or a day off beside it.
    Festival(String),
}

impl DayKind {
    /// Whether the day is worked.
    pub const fn is_worked(&self) -> bool {
        matches!(self, Self::Working | Self::ShiftedWorking(_))
    }

    /// The stable name.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::ShiftedWorking(_) => "shifted-working",
            Self::Weekend => "weekend",
            Self::Festival(_) => "festival",
        }
    }

    /// The festival it has to do with.
    pub fn festival(&self) -> Option<&str> {
        match self {
            Self::ShiftedWorking(name) | Self::Festival(name) => Some(name),
            Self::Working | Self::Weekend => None,
        }
    }
}

/// A day that was passed on the way to a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// Which working day it is, counted from 1; none for a day off.
    pub number: Option<u32>,
}

/// A deadline and how it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The last day on which it is kept.
    pub due: Date,
    /// Every day from the one after the beginning to the last.
    pub passed: Vec<Passed>,
    /// The notices it rests on, by their addresses.
    pub papers: Vec<String>,
    /// Whether a year without a notice was counted by its weekends alone.
    pub provisional: bool,
}

#[derive(Debug, Deserialize)]
struct EditionSaid {
    year: i64,
    papers: Vec<String>,
    days: Vec<DaySaid>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DaySaid {
    name: String,
    date: String,
    is_off_day: bool,
}

/// The calendar of the years there are notices for.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    papers: BTreeMap<i64, Vec<String>>,
    named: BTreeMap<Date, (String, bool)>,
}

impl Calendar {
    /// The notices that come with the program.
    pub fn official() -> Self {
        let mut calendar = Self::default();
        for edition in EDITIONS {
            // Read by a test as well: what comes with the program is whole.
            let _taken = calendar.take(edition);
        }
        calendar
    }

    /// Takes the notices of one year in, instead of what was there of it; gives the year. `None`
    /// where the text is no such file, or names no day or a day of another time.
    pub fn take(&mut self, edition: &str) -> Option<i64> {
        let said: EditionSaid = serde_json::from_str(edition).ok()?;
        let mut named = BTreeMap::new();
        for day in said.days {
            let date: Date = day.date.parse().ok()?;
            // The days around New Year stand in the notice of the year that begins or ends.
            if (date.year() - said.year).abs() > 1 {
                return None;
            }
            named.insert(date, (day.name, day.is_off_day));
        }
        if named.is_empty() || said.papers.is_empty() {
            return None;
        }
        self.named.retain(|date, _| date.year() != said.year);
        self.named.extend(named);
        self.papers.insert(said.year, said.papers);
        Some(said.year)
    }

    /// The years there are notices for, with their addresses.
    pub const fn years(&self) -> &BTreeMap<i64, Vec<String>> {
        &self.papers
    }

    /// What a day is, as far as is known.
    pub fn kind(&self, date: Date) -> DayKind {
        match (self.named.get(&date), date.is_weekend()) {
            (Some((name, true)), _) => DayKind::Festival(name.clone()),
            (Some((name, false)), true) => DayKind::ShiftedWorking(name.clone()),
            (None, true) => DayKind::Weekend,
            (Some((_, false)) | None, false) => DayKind::Working,
        }
    }

    /// Days of a year that are not as their weekday says.
    pub fn unusual(&self, year: i64) -> impl Iterator<Item = (Date, DayKind)> + '_ {
        let of_year = self.named.keys().filter(move |date| date.year() == year);
        of_year.map(|date| (*date, self.kind(*date)))
    }

    /// The deadline so many working days after a day: the next one is the first. At most
    /// `WORKING_DAYS_MAX` are counted.
    pub fn deadline(&self, after: Date, working_days: u32) -> Deadline {
        let (mut passed, mut number, mut date) = (Vec::new(), 0, after);
        let mut years = Vec::new();
        while number < working_days.min(WORKING_DAYS_MAX) {
            date = date.plus_days(1);
            if years.last() != Some(&date.year()) {
                years.push(date.year());
            }
            let kind = self.kind(date);
            number += u32::from(kind.is_worked());
            let counted = kind.is_worked().then_some(number);
            passed.push(Passed { date, kind, number: counted });
        }
        let papers = years.iter().filter_map(|year| self.papers.get(year)).flatten();
        let provisional = years.iter().any(|year| !self.papers.contains_key(year));
        Deadline { due: date, papers: papers.cloned().collect(), provisional, passed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn every_year_that_comes_with_the_program_is_read() {
        let calendar = Calendar::official();
        let years: Vec<_> = calendar.years().keys().copied().collect();
        assert_eq!(years, (2018..=2026).collect::<Vec<_>>());
        for year in 2018..=2026 {
            let off = calendar.unusual(year).filter(|(_, kind)| !kind.is_worked()).count();
            assert!((22..=35).contains(&off), "{year}: {off}");
        }
    }

    #[test]
    fn weekends_that_are_worked_count_and_festivals_do_not() {
        let calendar = Calendar::official();
        // 2026: 国庆 1–7 October; 20 September and 10 October are worked.
        assert_eq!(calendar.kind(date("2026-09-20")).as_str(), "shifted-working");
        assert_eq!(calendar.kind(date("2026-10-10")).festival(), Some("国庆节"));
        let deadline = calendar.deadline(date("2026-09-30"), 2);
        assert_eq!(deadline.due, date("2026-10-09"));
        assert_eq!(deadline.passed.len(), 9);
        assert_eq!(deadline.passed[7].number, Some(1));
        assert!(!deadline.provisional && deadline.papers.len() == 1);
        assert_eq!(calendar.deadline(date("2026-10-08"), 2).due, date("2026-10-10"));
        assert_eq!(calendar.deadline(date("2026-10-08"), 3).due, date("2026-10-12"));
    }

    #[test]
    fn a_year_without_a_notice_counts_weekends_and_says_so() {
        let mut calendar = Calendar::official();
        let deadline = calendar.deadline(date("2026-12-30"), 2);
        assert_eq!(deadline.due, date("2027-01-01"), "by weekends alone it is worked");
        assert!(deadline.provisional);
        assert!(!calendar.deadline(date("2026-12-29"), 2).provisional);
        let notice = r#"{"year":2027,"papers":["https://www.gov.cn/x"],"days":[
            {"name":"元旦","date":"2027-01-01","isOffDay":true},
            {"name":"元旦","date":"2027-01-03","isOffDay":false}]}"#;
        assert_eq!(calendar.take(notice), Some(2027));
        let deadline = calendar.deadline(date("2026-12-30"), 2);
        assert_eq!((deadline.due, deadline.provisional), (date("2027-01-03"), false));
        for bad in ["", "{}", &notice.replace("2027-01-01", "2031-01-01")] {
            assert_eq!(calendar.take(bad), None);
        }
        let none = r#"{"year":2028,"papers":[],"days":[]}"#;
        assert_eq!(calendar.take(none), None, "a year nobody has decided on is no edition");
    }
}

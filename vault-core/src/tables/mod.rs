//! Lists as tables that leave the vault: columns with words of the catalogue and typed cells.
//!
//! The one description of every list that can be exported; `vault-sheets` makes a file of it, the
//! service and the command line choose when. Promises: a column's word and a code's name come from
//! the catalogues; an id or a digest is text and whole. Never asks who may: the list does, under
//! its own act, and its rows are all that comes here.

mod holdings;
mod keeping;
mod oversight;
mod people;
mod reminders;

pub use holdings::{CASES, CONTENTS, EVENTS, EventLine, HITS, HitLine, RECORDINGS, TRAY};
pub use keeping::{CANDIDATES, COPIES, DISPOSALS, JOBS, VOLUMES};
pub use oversight::{
    DEADLINES, DEVICES, EDITIONS, EVALUATION, FINDINGS, INSPECTIONS, LAPSES, LOTS, MISSED, MOVED,
    OBLIGATIONS, PROCESS, PUBLICITY, REVIEWS, SCORES, STATEMENTS, SUSPICIONS,
};
pub use people::{ACCOUNTS, REQUESTS};
pub use reminders::{DELIVERIES, DUTIES};

use crate::clock::{Date, UtcTime};
use crate::wording::{Family, Wording, shown};

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text as somebody wrote it, or an id.
    Text(String),
    /// A number to count with.
    Number(i64),
    /// A day of the calendar.
    Day(Date),
    /// A moment.
    Time(UtcTime),
    /// Codes of a family, told by their names.
    Names(Family, Vec<String>),
}

impl Cell {
    /// Text of anything that has one; nothing where it is empty.
    #[expect(clippy::needless_pass_by_value, reason = "ids are given by value, texts by reference")]
    pub fn text(value: impl ToString) -> Self {
        let text = value.to_string();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A count.
    pub fn count(value: impl TryInto<i64>) -> Self {
        Self::Number(value.try_into().unwrap_or(i64::MAX))
    }

    /// A code of a family; nothing where it is empty.
    #[expect(clippy::needless_pass_by_value, reason = "ids are given by value, texts by reference")]
    pub fn name(family: Family, code: impl ToString) -> Self {
        let code = code.to_string();
        if code.is_empty() { Self::Empty } else { Self::Names(family, vec![code]) }
    }

    /// Several codes of a family.
    pub fn names<T: ToString>(family: Family, codes: impl IntoIterator<Item = T>) -> Self {
        let codes: Vec<String> = codes.into_iter().map(|code| code.to_string()).collect();
        if codes.is_empty() { Self::Empty } else { Self::Names(family, codes) }
    }

    /// Several texts, parted by semicolons.
    pub fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        Self::text(texts.join("; "))
    }

    /// Yes or no.
    pub fn answer(value: bool) -> Self {
        Self::name(Family::Answer, value)
    }

    /// A moment, where there is one.
    pub fn time(at: Option<UtcTime>) -> Self {
        at.map_or(Self::Empty, Self::Time)
    }

    /// A day, where there is one.
    pub fn day(on: Option<Date>) -> Self {
        on.map_or(Self::Empty, Self::Day)
    }

    /// A day as a document bears it; as text where it is none.
    pub fn day_of(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::text(text), Self::Day)
    }

    /// What people read in this place.
    pub fn shown(&self, wording: &Wording) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => shown(text),
            Self::Number(number) => number.to_string(),
            Self::Day(date) => date.to_string(),
            Self::Time(at) => at.in_china(),
            Self::Names(family, codes) => {
                let names = codes.iter().map(|code| wording.name(*family, code));
                names.collect::<Vec<_>>().join("; ")
            }
        }
    }
}

/// A column: the key of its word, and what of a row stands in it.
#[derive(Debug)]
pub struct Column<T>(pub &'static str, pub fn(&T) -> Cell);

/// A list that can be exported.
#[derive(Debug)]
pub struct Table<T: 'static> {
    /// Its stable name; its title stands under `table-` and this name.
    pub name: &'static str,
    /// Its columns, from the left.
    pub columns: &'static [Column<T>],
}

impl<T> Table<T> {
    /// Its title.
    pub fn title(&self, wording: &Wording) -> String {
        wording.text(&format!("table-{}", self.name), &[])
    }

    /// The words over its columns.
    pub fn heads(&self, wording: &Wording) -> Vec<String> {
        self.columns.iter().map(|Column(word, _)| wording.text(word, &[])).collect()
    }

    /// The cells of a row.
    pub fn cells(&self, row: &T) -> Vec<Cell> {
        self.columns.iter().map(|Column(_, cell)| cell(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::Language;

    fn words<T>(table: &Table<T>) -> Vec<String> {
        let columns = table.columns.iter().map(|Column(word, _)| (*word).to_owned());
        columns.chain([format!("table-{}", table.name)]).collect()
    }

    #[test]
    fn every_column_and_every_title_has_its_word_in_both_languages() {
        let all = [
            words(&RECORDINGS),
            words(&TRAY),
            words(&CASES),
            words(&CONTENTS),
            words(&EVENTS),
            words(&HITS),
            words(&CANDIDATES),
            words(&COPIES),
            words(&DISPOSALS),
            words(&JOBS),
            words(&VOLUMES),
            words(&DEADLINES),
            words(&DEVICES),
            words(&EDITIONS),
            words(&EVALUATION),
            words(&FINDINGS),
            words(&LOTS),
            words(&PROCESS),
            words(&PUBLICITY),
            words(&INSPECTIONS),
            words(&LAPSES),
            words(&MISSED),
            words(&MOVED),
            words(&OBLIGATIONS),
            words(&REVIEWS),
            words(&SCORES),
            words(&STATEMENTS),
            words(&SUSPICIONS),
            words(&ACCOUNTS),
            words(&REQUESTS),
            words(&DUTIES),
            words(&DELIVERIES),
        ];
        for language in Language::ALL {
            let wording = Wording::new(language);
            for word in all.iter().flatten() {
                assert!(wording.has(word), "{language:?} has no {word}");
            }
        }
    }

    #[test]
    fn a_day_that_is_none_stays_text_and_nothing_stays_nothing() {
        assert_eq!(Cell::day_of("2026-01-31"), Cell::Day("2026-01-31".parse().unwrap()));
        assert_eq!(Cell::day_of("一月底"), Cell::Text("一月底".into()));
        assert_eq!(Cell::text(""), Cell::Empty);
        assert_eq!(Cell::names(Family::Role, Vec::<String>::new()), Cell::Empty);
        let wording = Wording::new(Language::Chinese);
        assert_eq!(Cell::answer(true).shown(&wording), "是");
    }
}

//! Lists of the vault as XLSX files (Office Open XML, ISO/IEC 29500).
//!
//! The only crate that knows `rust_xlsxwriter`. Promises: text is text, whatever it begins with,
//! and stays text when somebody edits the cell; days and times are days and times in the zone of
//! the installation; memory does not grow with the rows but for the finished file; a table that
//! was cut says so in itself. What was written so far lies in a nameless file in the directory it
//! is given, which is the vault's own. Never fetches rows, never asks who may.

mod limits;

pub use limits::ROWS_MAX;

use limits::{CELL_CHARS_MAX, COLUMN_WIDTH_MAX, COLUMN_WIDTH_MIN};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::Path;
use vault_core::clock::{Date, UtcTime};
use vault_core::fault::{Code, Fault, Outcome};
use vault_core::tables::{Cell, Table};
use vault_core::wording::{Wording, shown};

/// The media type of such a file.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What the page of notes says beside the number of rows.
#[derive(Debug, Clone)]
pub struct Notes {
    /// When it was made.
    pub made: UtcTime,
    /// Who asked for it.
    pub person: String,
    /// What was asked for; empty where it is the whole list.
    pub asked: String,
}

/// A file under way.
pub struct Sheet<'a, T: 'static> {
    table: &'static Table<T>,
    wording: &'a Wording,
    workbook: Workbook,
    formats: Formats,
    widths: Vec<u16>,
    rows: u32,
    rows_max: u32,
    cut: bool,
}

struct Formats {
    head: Format,
    text: Format,
    number: Format,
    day: Format,
    time: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            head: Format::new().set_bold().set_text_wrap(),
            // With the prefix a cell stays text when somebody edits it; `@` is text to spreadsheets.
            text: Format::new().set_num_format("@").set_quote_prefix(),
            number: Format::new().set_num_format("0"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

fn failed(error: XlsxError) -> Fault {
    Fault::new(Code::Internal).with("what", "table").caused_by(error)
}

impl<'a, T> Sheet<'a, T> {
    /// A file of at most `ROWS_MAX` rows; `scratch` is a directory for what is written meanwhile.
    pub fn new(table: &'static Table<T>, wording: &'a Wording, scratch: &Path) -> Outcome<Self> {
        Self::of(table, wording, (scratch, ROWS_MAX))
    }

    /// The same with another limit, for tests.
    fn of(
        table: &'static Table<T>,
        wording: &'a Wording,
        (scratch, rows_max): (&Path, u32),
    ) -> Outcome<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(scratch).map_err(failed)?;
        let formats = Formats::new();
        let heads = table.heads(wording);
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(sheet_name(&table.title(wording))).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (column, head) in (0..).zip(&heads) {
            sheet.write_string_with_format(0, column, head, &formats.head).map_err(failed)?;
        }
        let widths = heads.iter().map(|head| width(head)).collect();
        Ok(Self { table, wording, workbook, formats, widths, rows: 0, rows_max, cut: false })
    }

    /// How many rows there is still room for.
    pub fn room(&self) -> u32 {
        self.rows_max - self.rows
    }

    /// Adds rows; those beyond the room are left out, and the file says so.
    pub fn add(&mut self, rows: &[T]) -> Outcome<()> {
        let room = usize::try_from(self.room()).unwrap_or(usize::MAX);
        self.cut |= rows.len() > room;
        let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
        for row in rows.iter().take(room) {
            self.rows += 1;
            for (column, cell) in (0..).zip(self.table.cells(row)) {
                let place = (self.rows, column);
                let wide = write(sheet, place, &cell, (self.wording, &self.formats));
                let wide = wide.map_err(failed)?;
                if let Some(known) = self.widths.get_mut(usize::from(column)) {
                    *known = (*known).max(wide);
                }
            }
        }
        Ok(())
    }

    /// Says that there were more rows than were added.
    pub fn cut(&mut self) {
        self.cut = true;
    }

    /// The finished file, and the number of rows at which it was cut, if it was.
    pub fn finish(mut self, notes: &Notes) -> Outcome<(Vec<u8>, Option<u32>)> {
        let (rows, words) = (self.rows, self.wording);
        let cut = words.text("table-notes-cut", &[("rows", &rows.to_string())]);
        let head = &self.formats.head;
        let sheet = self.workbook.worksheet_from_index(0).map_err(failed)?;
        for (column, width) in (0..).zip(&self.widths) {
            sheet.set_column_width(column, *width).map_err(failed)?;
        }
        let last = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(0);
        sheet.autofilter(0, 0, rows, last).map_err(failed)?;
        if self.cut {
            sheet.write_string_with_format(rows + 1, 0, &cut, head).map_err(failed)?;
        }
        let whole = words.text("table-notes-whole", &[]);
        let lines = [
            ("table-notes-title", self.table.title(words)),
            ("table-notes-made", notes.made.in_china()),
            ("table-notes-by", shown(&notes.person)),
            ("table-notes-asked", shown(&notes.asked)),
            ("table-notes-rows", rows.to_string()),
            ("table-notes", if self.cut { cut } else { whole }),
        ];
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(sheet_name(&words.text("table-notes", &[]))).map_err(failed)?;
        sheet.set_column_width(0, 24).map_err(failed)?;
        sheet.set_column_width(1, COLUMN_WIDTH_MAX).map_err(failed)?;
        for (row, (key, value)) in (0..).zip(&lines) {
            let key = words.text(key, &[]);
            sheet.write_string_with_format(row, 0, key, head).map_err(failed)?;
            let text = &self.formats.text;
            sheet.write_string_with_format(row, 1, value, text).map_err(failed)?;
        }
        // The file says when it was made in the notes; the container's own time is fixed, so that
        // the same rows give the same bytes.
        let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
        self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let bytes = self.workbook.save_to_buffer().map_err(failed)?;
        Ok((bytes, self.cut.then_some(rows)))
    }
}

/// Writes a cell; gives the width it would like.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    (wording, formats): (&Wording, &Formats),
) -> Result<u16, XlsxError> {
    let text = cell.shown(wording);
    let number = match cell {
        Cell::Empty => return Ok(0),
        Cell::Number(number) => Some((exact(*number), &formats.number)),
        Cell::Day(date) => serial(*date).map(|days| (days, &formats.day)),
        Cell::Time(at) => moment(*at).map(|days| (days, &formats.time)),
        Cell::Text(_) | Cell::Names(..) => None,
    };
    match number {
        Some((number, format)) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_string_with_format(row, column, short(&text), &formats.text)?,
    };
    Ok(width(&text))
}

#[expect(clippy::cast_precision_loss, reason = "counts and days are far below 2^53")]
fn exact(number: i64) -> f64 {
    number as f64
}

/// Days since 30 December 1899, as spreadsheets count them from March 1900 on.
fn serial(date: Date) -> Option<f64> {
    let origin: Date = "1899-12-30".parse().ok()?;
    let days = origin.days_until(date);
    (61..=2_958_465).contains(&days).then(|| exact(days))
}

/// The same with the part of the day that is over, by the clock of the installation's zone.
fn moment(at: UtcTime) -> Option<f64> {
    let date = Date::of(at);
    let seconds = (at.as_ms() - date.begins_at().as_ms()).div_euclid(1_000);
    Some(serial(date)? + exact(seconds) / 86_400.0)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// Spreadsheets take no more than 31 characters, and none of these.
fn sheet_name(title: &str) -> String {
    title.chars().filter(|one| !"[]:*?/\\'".contains(*one)).take(31).collect()
}

/// The width of a text in columns: a Chinese character takes two.
fn width(text: &str) -> u16 {
    let wide = text.chars().take(usize::from(COLUMN_WIDTH_MAX));
    let columns: u16 = wide.map(|one| if one < '\u{1100}' { 1 } else { 2 }).sum();
    columns.saturating_add(2).clamp(COLUMN_WIDTH_MIN, COLUMN_WIDTH_MAX)
}

#[cfg(test)]
mod tests;

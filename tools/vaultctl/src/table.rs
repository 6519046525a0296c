//! Aligned tables on a terminal, where a Chinese character is two columns wide.
//!
//! Promises: columns line up for every mixture of scripts; the last column is not padded. Expects
//! cells without control characters (`shown`).

use unicode_width::UnicodeWidthStr;

/// Columns are this far apart.
const GAP: &str = "  ";

/// Which way a column leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lean {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Rows under a header.
#[derive(Debug)]
pub(crate) struct Table {
    leans: Vec<Lean>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headers.
    pub(crate) fn new(columns: Vec<(String, Lean)>) -> Self {
        let (headers, leans) = columns.into_iter().unzip();
        Self { leans, rows: vec![headers] }
    }

    /// A table of names and values, without headers.
    pub(crate) fn pairs() -> Self {
        Self { leans: vec![Lean::Left, Lean::Left], rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The lines of the table.
    pub(crate) fn lines(&self) -> String {
        let widths: Vec<usize> = (0..self.leans.len()).map(|at| self.width(at)).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<_> = row
                .iter()
                .zip(&self.leans)
                .zip(&widths)
                .map(|((cell, lean), width)| padded(cell, *lean, *width))
                .collect();
            text.push_str(cells.join(GAP).trim_end());
            text.push('\n');
        }
        text
    }

    fn width(&self, at: usize) -> usize {
        self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width()).max().unwrap_or(0)
    }
}

fn padded(cell: &str, lean: Lean, width: usize) -> String {
    let padding = " ".repeat(width.saturating_sub(cell.width()));
    match lean {
        Lean::Left => format!("{cell}{padding}"),
        Lean::Right => format!("{padding}{cell}"),
    }
}

/// A length as people read it: `512 B`, `1.5 KiB`, `2.0 GiB`.
pub(crate) fn shown_bytes_count(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut unit = 0;
    let mut size = bytes;
    while size >= 1024 * 1024 && unit + 1 < UNITS.len() {
        size /= 1024;
        unit += 1;
    }
    // Tenths, in whole numbers: no float can be off by one here.
    format!("{}.{} {}", size / 1024, size % 1024 * 10 / 1024, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese_headers() {
        let mut table = Table::new(vec![
            ("案号".into(), Lean::Left),
            ("大小".into(), Lean::Right),
            ("文件".into(), Lean::Left),
        ]);
        table.row(vec!["民罚〔2026〕7号".into(), "5 B".into(), "现场.mp4".into()]);
        table.row(vec!["A-1".into(), "1.5 KiB".into(), "b.wav".into()]);
        let expected = "案号                大小  文件\n\
                        民罚〔2026〕7号      5 B  现场.mp4\n\
                        A-1              1.5 KiB  b.wav\n";
        assert_eq!(table.lines(), expected);
    }

    #[test]
    fn pairs_have_no_header() {
        let mut table = Table::pairs();
        table.row(vec!["案号".into(), "A-1".into()]);
        table.row(vec!["承办人员".into(), "张三".into()]);
        assert_eq!(table.lines(), "案号      A-1\n承办人员  张三\n");
    }

    #[test]
    fn lengths_are_shown_in_binary_units() {
        let shown = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1024 * 1024 - 1, "1023.9 KiB"),
            (1024 * 1024, "1.0 MiB"),
            (5 << 40, "5.0 TiB"),
            (u64::MAX, "16383.9 PiB"),
        ];
        for (bytes, text) in shown {
            assert_eq!(shown_bytes_count(bytes), text);
        }
    }
}

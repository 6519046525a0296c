//! What a file takes at most, each with its reason.

/// Rows of one table: a file of them is some 10 MB, opens in every office program, and is made in a
/// few seconds. Who needs more narrows the filter.
pub const ROWS_MAX: u32 = 50_000;

/// Characters of one cell. Spreadsheets take 32,767 units of UTF-16; a character is two at most.
pub(crate) const CELL_CHARS_MAX: usize = 16_000;

/// The narrowest column, in characters.
pub(crate) const COLUMN_WIDTH_MIN: u16 = 10;

/// The widest: a digest of 64 digits is read whole.
pub(crate) const COLUMN_WIDTH_MAX: u16 = 68;

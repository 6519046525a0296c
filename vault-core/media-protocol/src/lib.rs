//! What the vault and its sandboxed media worker (`vault-media`) say to each other.
//!
//! One connected stream socket, which the worker finds as its standard input, carries frames both
//! ways (`frame`). The vault sends an [`Order`]; the worker asks for ranges of the recording,
//! hands over pieces of products, and ends with one [`Answer`]. Promises: every length is bounded
//! before it is believed; an answer that does not parse in full is no answer; nothing here opens
//! a file, starts a process or knows FFmpeg. The worker parses hostile input, so the vault treats
//! every answer as hostile too: it is checked by [`Answer::parse`], and never trusted as truth.

mod answer;
mod frame;
mod order;

pub use answer::{
    Answer, Declined, ExcerptFacts, ExifFacts, Finding, FindingClass, Medium, Report, SheetFacts,
    StreamFacts, Tag,
};
pub use frame::{Frame, FrameError, read_frame, write_frame};
pub use order::{CutPlace, Mark, Order, Product, ProductSet, Task};

/// The largest frame: a piece of a recording or of a product, or a report.
pub const FRAME_BYTES_MAX: usize = 4 << 20;

/// The largest range a worker may ask for at once: bounds what the vault holds in memory for it.
pub const READ_BYTES_MAX: u32 = 4 << 20;

/// The longest answer, in bytes of JSON: room for every list below at its limit.
pub const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Streams described in a report; a container may claim ten thousand.
pub const STREAMS_MAX: usize = 64;

/// Tags kept of a container or a stream.
pub const TAGS_MAX: usize = 64;

/// Bytes of a tag's name or value; longer ones are cut at a character.
pub const TAG_BYTES_MAX: usize = 512;

/// Findings described in a report; the number of all is told beside them.
pub const FINDINGS_MAX: usize = 1_000;

/// Frames on a contact sheet.
pub const SHEET_FRAMES_MAX: usize = 64;

/// Points of a mark: a line over the widest proxy, some 60 pixels high.
pub const MARK_POINTS_MAX: usize = 1_280 * 96;

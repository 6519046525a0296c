//! Media (音像): what recordings say about themselves, and previews, found out in a sandbox
//! (R01, R06, R07; A3.8, A3.9, A2.14(四)).
//!
//! Taken in → probed (container, streams, times, continuity) → previewed (one decode pass: black,
//! frozen, silent stretches; poster, contact sheet, waveform, proxy); cut, where only a stretch may be
//! used (`excerpt`). Promises: originals are never
//! re-encoded or changed; what cannot be examined is marked so, with its reason, and stays in the
//! vault like everything else; nothing a recording says of itself is taken for true. The parser
//! runs in another process; nothing here links it.

mod examine;
mod excerpt;
mod kind;
mod marked;
mod markers;
mod pool;
mod session;
mod show;
mod times;
mod worker;

pub use markers::{MARKER_KINDS, NewMarker, remove_marker, set_marker};
pub use pool::MediaPool;
pub use session::{Seam, Session, SessionPart, WrittenDifference, sessions};
pub use show::{Examination, MarkerView, MediaFacts, ProductView, TranscriptView};
pub use times::{TimeClaim, TimeSource};
pub use worker::WorkerProgram;

pub(crate) use examine::{preview, probe, sound_of};
pub(crate) use excerpt::{Cut, cut};
pub(crate) use kind::{BEGINNING_BYTES, MediaGuess, guess};
pub(crate) use marked::{Marked, render, rendered_as};

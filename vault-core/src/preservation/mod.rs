//! Preservation: stored bytes are read again and compared, and further digests taken (R16, R17).
//!
//! What does not agree is named by recording, byte class and range, put on record, and never
//! mended silently. Verification hands no bytes out.

mod digests;
mod examine;
mod pace;
mod scrub;

pub use examine::{Selection, VerifyReport, VerifySummary, verify};
pub(crate) use scrub::scrub_due;
pub use scrub::{ScrubExtent, ScrubStatus, scrub, scrub_status};

pub(crate) use digests::take_digests;
pub(crate) use examine::{Manner, check_copies};

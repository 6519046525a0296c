//! Case files (案卷): one case, one file (R12, R13; A2.18(一)3, A2.13–A2.17).
//!
//! Recordings join by their case number, written records are stored and typed by the stage they
//! belong to, the archivist closes; afterwards the file only grows by addenda. Promises: nothing
//! in a closed file changes; what each stage lacks is known; a closed file's table of contents is
//! bound to its closing by a digest. Never changes what was filed, and never reads it out.

mod acts;
mod contents;
mod document;
mod kinds;

pub use acts::{NewCase, close, end, file_recording, open};
pub use contents::{
    Awaiting, CaseView, Closing, ContentsEntry, Ending, EntryKind, Missing, Officer, Recorded,
    list, show, timeline,
};
pub use document::{DocumentSource, NewDocument, file_document};
pub use kinds::{DOCUMENTS, STAGES, document_stage};

pub(crate) use contents::{Required, awaiting_count, find, officers_of, required};

//! Case files (案卷): opened, filled, closed by the archivist, afterwards grown by addenda only.
//! Case numbers and names are in payloads. (R12, R13; A2.18(一)3, A2.13–A2.17)

use super::fields::bodies;
use crate::id::{ContentId, RecordId, Subject};

bodies! {
    /// Events about case files.
    pub enum CaseBody {
        /// A case file was opened (立卷).
        Opened = "case.opened" {
            /// Its number in the vault.
            case: RecordId,
        },
        /// The enforcement the case is about came to its end (终结); the day is in the payload.
        Ended = "case.ended" {
            /// Which case.
            case: RecordId,
        },
        /// A recording was filed with it.
        RecordingAdded = "case.recording-added" {
            /// Which case.
            case: RecordId,
            /// Which recording.
            recording: ContentId,
            /// Whether the file was closed already (补充材料).
            addendum: bool,
        },
        /// A written record was stored and filed.
        DocumentAdded = "case.document-added" {
            /// Which case.
            case: RecordId,
            /// Content id of the written record.
            object: ContentId,
            /// Its length.
            bytes: u64,
            /// BLAKE3 of its manifest.
            manifest: ContentId,
            /// The stage it belongs to.
            stage: String,
            /// Its type.
            document: String,
            /// Whether the file was closed already (补充材料).
            addendum: bool,
        },
        /// The file was closed by the archivist (归档).
        Closed = "case.closed" {
            /// Which case.
            case: RecordId,
            /// How many recordings and written records it holds.
            items: u64,
            /// BLAKE3 of its table of contents (卷内目录) in canonical form.
            contents: ContentId,
        },
    }
}

impl CaseBody {
    /// The recording or object it speaks of.
    pub(super) const fn content(&self) -> Option<&ContentId> {
        match self {
            Self::RecordingAdded { recording, .. } => Some(recording),
            Self::DocumentAdded { object, .. } => Some(object),
            Self::Opened { .. } | Self::Ended { .. } | Self::Closed { .. } => None,
        }
    }

    /// The case it speaks of.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Opened { case }
            | Self::Ended { case }
            | Self::RecordingAdded { case, .. }
            | Self::DocumentAdded { case, .. }
            | Self::Closed { case, .. } => vec![Subject::case(case)],
        }
    }
}

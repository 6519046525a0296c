//! Inspection by lot (抽查): planned, approved, committed to, frozen, revealed, drawn; then what was
//! looked at, found and put right. Names and reasons are in payloads. The draw itself is
//! `docs/formats/draw.md`. (R23; A3.14, A2.6(一)6)

use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about inspections.
    pub enum InspectionBody {
        /// How much of what is to be drawn.
        Planned = "inspection.planned" {
            /// The inspection.
            inspection: RecordId,
            /// What is drawn of each stratum, in parts of ten thousand, rounded up.
            proportion: u64,
            /// At least this many of each stratum, or all of it.
            minimum: u64,
            /// By what the population is divided, of `unit`, `handler`, `activity`, `device`.
            strata: Vec<String>,
            /// Received from this time on.
            from_ms: u64,
            /// Received before this time.
            to_ms: u64,
        },
        /// A leader approved it: the leave to read what will be drawn, and nothing else.
        Approved = "inspection.approved" {
            /// The inspection.
            inspection: RecordId,
        },
        /// It was refused, taken back or ended.
        Ended = "inspection.ended" {
            /// The inspection.
            inspection: RecordId,
        },
        /// A party bound itself to a number nobody else knows.
        Committed = "inspection.committed" {
            /// The inspection.
            inspection: RecordId,
            /// `inspector` or `inspected`.
            party: String,
            /// The commitment, hex.
            commitment: String,
        },
        /// A part of the population, in the order of its strata.
        Listed = "inspection.listed" {
            /// The inspection.
            inspection: RecordId,
            /// Number of the stratum, whose name is in the payload.
            stratum: u64,
            /// Which recordings.
            recordings: Vec<ContentId>,
        },
        /// A part of the population that is no recording: what has to be recorded and was not.
        ActsListed = "inspection.acts-listed" {
            /// The inspection.
            inspection: RecordId,
            /// Number of the stratum, whose name is in the payload.
            stratum: u64,
            /// Which: `statement:NUMBER`, or `case:NUMBER:ACTIVITY`.
            acts: Vec<String>,
        },
        /// The population is what was listed; the draw rests on the ledger as it is with this event.
        Frozen = "inspection.frozen" {
            /// The inspection.
            inspection: RecordId,
            /// How many recordings.
            items: u64,
            /// The digest of the population, hex.
            population: String,
        },
        /// A party opened its commitment.
        Revealed = "inspection.revealed" {
            /// The inspection.
            inspection: RecordId,
            /// `inspector` or `inspected`.
            party: String,
            /// The number, hex.
            number: String,
        },
        /// The lots were drawn.
        Drawn = "inspection.drawn" {
            /// The inspection.
            inspection: RecordId,
            /// Root of the ledger with the event that froze the population, hex.
            root: String,
            /// The seed, hex.
            seed: String,
            /// How many were drawn.
            items: u64,
        },
        /// A part of what was drawn, in the order of review.
        Selected = "inspection.selected" {
            /// The inspection.
            inspection: RecordId,
            /// Which recordings.
            recordings: Vec<ContentId>,
        },
        /// A part of what was drawn that is no recording, in the order of review.
        ActsSelected = "inspection.acts-selected" {
            /// The inspection.
            inspection: RecordId,
            /// Which.
            acts: Vec<String>,
        },
        /// A drawn recording was read.
        Read = "inspection.read" {
            /// The inspection.
            inspection: RecordId,
            /// Which recording.
            recording: ContentId,
            /// First byte.
            from: u64,
            /// End, exclusive.
            to: u64,
        },
        /// So much of a drawn recording, or of its proxy, really left.
        Served = "inspection.served" {
            /// The inspection.
            inspection: RecordId,
            /// Which recording.
            recording: ContentId,
            /// First byte.
            from: u64,
            /// End, exclusive.
            to: u64,
            /// Length of what was served.
            of: u64,
        },
        /// A player says what it played.
        Watched = "inspection.watched" {
            /// The inspection.
            inspection: RecordId,
            /// Which recording.
            recording: ContentId,
            /// Stretches in milliseconds, as `0-5000`.
            ranges: Vec<String>,
        },
        /// The checklist of a drawn recording; each item is answered `yes`, `no` or `none`.
        Checked = "inspection.checked" {
            /// The inspection.
            inspection: RecordId,
            /// Which recording.
            recording: ContentId,
            /// Begins at the door (A3.8).
            door: String,
            /// Shows the certificates first (A3.9).
            credentials: String,
            /// Shows what has to be seen (A2.14(四)).
            subjects: String,
            /// Goes on without interruption (A2.14(四)).
            uninterrupted: String,
            /// Agrees with the times of the written record (A3.9).
            times: String,
        },
        /// What was drawn and is no recording was reviewed: `yes` where it should have been recorded
        /// and was not, `no` where the ground holds, `none` where it cannot be told.
        ActReviewed = "inspection.act-reviewed" {
            /// The inspection.
            inspection: RecordId,
            /// Which.
            act: String,
            /// The answer.
            lacking: String,
        },
        /// Something was found about it.
        ActFound = "inspection.act-found" {
            /// The inspection.
            inspection: RecordId,
            /// The finding.
            finding: RecordId,
            /// Which.
            act: String,
            /// The article it goes against.
            article: String,
            /// The last day to put it right, as `2026-01-31`.
            due: String,
        },
        /// A drawn recording was reviewed; each question is answered `yes`, `no` or `none`.
        Reviewed = "inspection.reviewed" {
            /// The inspection.
            inspection: RecordId,
            /// Which recording.
            recording: ContentId,
            /// Was recorded what had to be.
            recorded: String,
            /// Is it without interruption.
            uninterrupted: String,
            /// Was it handed over, kept and used as prescribed.
            handled: String,
            /// How much of it was really watched or heard.
            watched_ms: u64,
        },
        /// Something was found.
        Found = "inspection.found" {
            /// The inspection.
            inspection: RecordId,
            /// The finding.
            finding: RecordId,
            /// Which recording.
            recording: ContentId,
            /// The article it goes against.
            article: String,
            /// From where in the recording.
            from_ms: u64,
            /// To where.
            to_ms: u64,
            /// The last day to put it right, as `2026-01-31`.
            due: String,
        },
        /// The unit says what it did about a finding.
        Corrected = "inspection.corrected" {
            /// The inspection.
            inspection: RecordId,
            /// The finding.
            finding: RecordId,
        },
        /// The inspector looked again.
        Rechecked = "inspection.rechecked" {
            /// The inspection.
            inspection: RecordId,
            /// The finding.
            finding: RecordId,
            /// Whether it is put right.
            settled: bool,
        },
    }
}

impl InspectionBody {
    /// The inspection.
    pub const fn inspection(&self) -> &RecordId {
        match self {
            Self::Planned { inspection, .. }
            | Self::Approved { inspection }
            | Self::Ended { inspection }
            | Self::Committed { inspection, .. }
            | Self::Listed { inspection, .. }
            | Self::ActsListed { inspection, .. }
            | Self::ActsSelected { inspection, .. }
            | Self::Served { inspection, .. }
            | Self::Watched { inspection, .. }
            | Self::Checked { inspection, .. }
            | Self::ActReviewed { inspection, .. }
            | Self::ActFound { inspection, .. }
            | Self::Frozen { inspection, .. }
            | Self::Revealed { inspection, .. }
            | Self::Drawn { inspection, .. }
            | Self::Selected { inspection, .. }
            | Self::Read { inspection, .. }
            | Self::Reviewed { inspection, .. }
            | Self::Found { inspection, .. }
            | Self::Corrected { inspection, .. }
            | Self::Rechecked { inspection, .. } => inspection,
        }
    }

    /// The recordings it speaks of. To be in a population says nothing of a recording, and leaves
    /// no trace with it.
    pub(super) fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::Selected { recordings, .. } => recordings.iter().collect(),
            Self::Read { recording, .. }
            | Self::Served { recording, .. }
            | Self::Watched { recording, .. }
            | Self::Checked { recording, .. }
            | Self::Reviewed { recording, .. }
            | Self::Found { recording, .. } => vec![recording],
            _ => Vec::new(),
        }
    }
}

//! Retention (保管期限): why something is kept, and for how long. It only grows; who found a reason
//! and why is in the payload. (R14, R15; A3.11, A3.12, A2.18(二))

use super::fields::bodies;
use crate::id::{ContentId, RecordId, Subject};

bodies! {
    /// Events about retention.
    pub enum RetentionBody {
        /// A trigger of long-term preservation was found (长期保存情形).
        TriggerFound = "retention.trigger-found" {
            /// Of which recording.
            recording: ContentId,
            /// Which trigger, by its code.
            trigger: String,
        },
        /// Nothing of the target may go while this holds (冻结).
        HoldPlaced = "retention.hold-placed" {
            /// The hold.
            hold: RecordId,
            /// A recording or a case.
            target: Subject,
        },
        /// The hold was released, by another person.
        HoldReleased = "retention.hold-released" {
            /// The hold.
            hold: RecordId,
            /// What it held.
            target: Subject,
        },
        /// The term of a case file was set (案卷保管期限).
        CaseTermSet = "retention.case-term-set" {
            /// Which case.
            case: RecordId,
            /// Years from its closing; 0 is for ever.
            years: u64,
        },
    }
}

impl RetentionBody {
    /// The recording it speaks of.
    pub(super) const fn content(&self) -> Option<&ContentId> {
        match self {
            Self::TriggerFound { recording, .. } => Some(recording),
            Self::HoldPlaced { .. } | Self::HoldReleased { .. } | Self::CaseTermSet { .. } => None,
        }
    }

    /// What else it speaks of.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::TriggerFound { .. } => Vec::new(),
            Self::HoldPlaced { target, .. } | Self::HoldReleased { target, .. } => {
                vec![target.clone()]
            }
            Self::CaseTermSet { case, .. } => vec![Subject::case(case)],
        }
    }
}

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
        /// Another term for a class of recordings was simulated and proposed (保管期限表).
        RuleProposed = "retention.rule-proposed" {
            /// The rule.
            rule: RecordId,
            /// An activity, or `any`.
            class: String,
            /// Years from the receipt; 0 is for ever.
            years: u64,
            /// Whether it lengthens the term of what is stored, too; it shortens none.
            stored: bool,
            /// Stored recordings of the class, as the simulation found them.
            recordings: u64,
            /// Those whose term it lengthens.
            lengthened: u64,
            /// Those that it would keep for less and that keep their term.
            kept: u64,
        },
        /// The rule holds for what is taken in from here on, another person says.
        RuleConfirmed = "retention.rule-confirmed" {
            /// The rule.
            rule: RecordId,
        },
        /// A proposed rule was refused or taken back.
        RuleWithdrawn = "retention.rule-withdrawn" {
            /// The rule.
            rule: RecordId,
        },
    }
}

impl RetentionBody {
    /// The recording it speaks of.
    pub(super) const fn content(&self) -> Option<&ContentId> {
        match self {
            Self::TriggerFound { recording, .. } => Some(recording),
            _ => None,
        }
    }

    /// What else it speaks of.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::TriggerFound { .. }
            | Self::RuleProposed { .. }
            | Self::RuleConfirmed { .. }
            | Self::RuleWithdrawn { .. } => Vec::new(),
            Self::HoldPlaced { target, .. } | Self::HoldReleased { target, .. } => {
                vec![target.clone()]
            }
            Self::CaseTermSet { case, .. } => vec![Subject::case(case)],
        }
    }
}

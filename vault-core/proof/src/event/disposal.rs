//! Disposal (销毁): proposed, approved by another, begun after a second look, carried out. Reasons and
//! names are in payloads. (R17; A2.19(二)3–4, A3.11, A3.16(四))

use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about disposal.
    pub enum DisposalBody {
        /// Recordings whose time is over were proposed for disposal.
        Proposed = "disposal.proposed" {
            /// The disposal.
            disposal: RecordId,
            /// Which recordings.
            recordings: Vec<ContentId>,
        },
        /// Another person approved it.
        Approved = "disposal.approved" {
            /// The disposal.
            disposal: RecordId,
            /// Nothing is touched before this time.
            not_before_ms: u64,
        },
        /// It was refused or taken back.
        Withdrawn = "disposal.withdrawn" {
            /// The disposal.
            disposal: RecordId,
        },
        /// After a second look the destruction began: from here on nothing of these is given out.
        Begun = "disposal.begun" {
            /// The disposal.
            disposal: RecordId,
            /// What is destroyed.
            recordings: Vec<ContentId>,
            /// What was proposed and is kept: something stands against it by now.
            spared: Vec<ContentId>,
        },
        /// Keys were shredded and bytes removed in every store.
        CarriedOut = "disposal.carried-out" {
            /// The disposal.
            disposal: RecordId,
            /// Objects destroyed: the recordings and what was made of them.
            objects: u64,
            /// Their bytes.
            bytes: u64,
            /// Stores from which bytes were removed, by number; `main` is the vault's own.
            stores: Vec<String>,
            /// Volumes that still bear encrypted or written-once copies, by label.
            volumes: Vec<String>,
        },
        /// The record of destruction (销毁记录) was made out, numbered without gaps in a year.
        Recorded = "disposal.recorded" {
            /// The disposal.
            disposal: RecordId,
            /// The year of its number.
            year: u64,
            /// Its number.
            number: u64,
            /// BLAKE3 of the record's fields and lines in canonical form.
            digest: ContentId,
        },
    }
}

impl DisposalBody {
    /// The recordings it speaks of.
    pub(super) fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::Proposed { recordings, .. } => recordings.iter().collect(),
            Self::Begun { recordings, spared, .. } => recordings.iter().chain(spared).collect(),
            _ => Vec::new(),
        }
    }
}

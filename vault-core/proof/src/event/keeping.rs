//! Keeping for decades: further stores and the copies in them, what was repaired.
//!
//! A store stands under its number; `main` is the vault's own. Where a store is, is no matter of
//! the ledger. (R16, R17; A2.18(二), A2.19(二)3–4, A3.12)

use super::Damage;
use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about copies.
    pub enum KeepingBody {
        /// A further store was added, and what it enforces was found out by trying.
        StoreAdded = "store.added" {
            /// Its number.
            store: RecordId,
            /// Kind of store: `local` or `s3`.
            kind: String,
            /// What people call it.
            name: String,
            /// Whether creating a name twice is refused.
            create_only: bool,
            /// Whether a locked version cannot be deleted.
            object_lock: bool,
        },
        /// The subjects were copied to a store and read back there.
        CopiesPlaced = "copies.placed" {
            /// Which store.
            store: RecordId,
            /// Bytes of the copies.
            bytes: u64,
        },
        /// The copies of the subjects in a store were read again and compared.
        CopiesChecked = "copies.checked" {
            /// Which store.
            store: RecordId,
            /// Bytes read.
            bytes: u64,
            /// What did not agree.
            failed: Vec<Damage>,
        },
        /// A damaged copy was mended with bytes of another, which were verified first.
        CopyRepaired = "copy.repaired" {
            /// Which object.
            object: ContentId,
            /// The store of the damaged copy: `main` or a number.
            store: String,
            /// Where the good bytes came from: `main`, a number, or `disc:` and its label.
            source: String,
            /// Bytes that were fetched.
            moved: u64,
        },
        /// The subjects lie in a cold store, whose copies were read back; their bytes were taken
        /// from the vault's own store.
        Cooled = "copies.cooled" {
            /// The cold store.
            store: RecordId,
            /// Bytes that were taken away.
            bytes: u64,
        },
        /// A recording in a cold store was asked for.
        RecallAsked = "recall.asked" {
            /// Which recording.
            recording: ContentId,
            /// The cold store.
            store: RecordId,
        },
        /// The subjects lie in the vault's own store again and were read back there.
        Recalled = "copies.recalled" {
            /// The cold store they came from.
            store: RecordId,
            /// Bytes that were fetched.
            bytes: u64,
        },
        /// It was proposed that a store no longer counts.
        ReleaseProposed = "store.release-proposed" {
            /// Which store.
            store: RecordId,
        },
        /// The proposal was taken back or refused; the store counts as before.
        ReleaseWithdrawn = "store.release-withdrawn" {
            /// Which store.
            store: RecordId,
        },
        /// Another person released it: its copies no longer count; its bytes were not touched.
        Released = "store.released" {
            /// Which store.
            store: RecordId,
        },
    }
}

impl KeepingBody {
    /// The objects it speaks of.
    pub(super) fn contents(&self) -> Vec<&ContentId> {
        match self {
            Self::CopiesChecked { failed, .. } => {
                failed.iter().map(|damage| &damage.recording).collect()
            }
            Self::CopyRepaired { object, .. } => vec![object],
            Self::RecallAsked { recording, .. } => vec![recording],
            Self::StoreAdded { .. }
            | Self::CopiesPlaced { .. }
            | Self::Cooled { .. }
            | Self::Recalled { .. }
            | Self::ReleaseProposed { .. }
            | Self::ReleaseWithdrawn { .. }
            | Self::Released { .. } => Vec::new(),
        }
    }
}

//! Backups of a vault, rehearsals of their restoring, and what is said when an older state came back.
//!
//! Where a backup lies is in the sealed payload. (R17, R29; A3.12, A2.19(二)3–4)

use super::Damage;
use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about backups.
    pub enum BackupBody {
        /// A backup was made and read again.
        Made = "backup.made" {
            /// Its number.
            backup: RecordId,
            /// Events of the ledger in it.
            events: u64,
            /// Objects on its list.
            objects: u64,
            /// Bytes of its files.
            bytes: u64,
            /// BLAKE3 of its list of files.
            list: ContentId,
        },
        /// A backup was restored for trial, and a sample of recordings read with its keys.
        Rehearsed = "backup.rehearsed" {
            /// Which backup.
            backup: RecordId,
            /// Objects read from beginning to end.
            objects: u64,
            /// Their bytes.
            bytes: u64,
            /// How long all of it took.
            milliseconds: u64,
            /// What did not agree; empty where everything did.
            failed: Vec<Damage>,
        },
        /// This vault was restored from a backup: what came after it is not in it.
        Restored = "vault.restored" {
            /// From which backup.
            backup: RecordId,
            /// Events of the ledger in it.
            events: u64,
            /// Objects whose bytes came from further stores.
            brought: u64,
            /// Objects whose bytes no store in reach has.
            missing: u64,
        },
        /// A person looked at a ledger that is behind a checkpoint that is known, and lets it go on.
        Recovered = "ledger.recovered" {
            /// Events of the ledger at that time.
            events: u64,
            /// Checkpoints that it does not reach or agree with, as size, space and root in hex.
            lost: Vec<String>,
        },
    }
}

impl BackupBody {
    /// The objects it speaks of.
    pub(super) fn contents(&self) -> Vec<&ContentId> {
        match self {
            Self::Rehearsed { failed, .. } => {
                failed.iter().map(|damage| &damage.recording).collect()
            }
            Self::Made { .. } | Self::Restored { .. } | Self::Recovered { .. } => Vec::new(),
        }
    }
}

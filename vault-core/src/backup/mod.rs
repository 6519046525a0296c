//! Backups of a vault (备份): made while it works, restored, rehearsed, and told when overdue.
//!
//! A backup holds what the vault cannot be made anew from without it: the ledger log, wrapped keys,
//! description and settings, and the list of every object with its digests (docs/formats/backup.md).
//! Recorded bytes are in the stores; the catalogue is made anew from the log, because a copy of it
//! would hold names in clear that the log holds sealed. Promises: everything in a backup is of one
//! moment; it is read again before it is on record; secrets are never in it, only in a file of their
//! own, sealed with words that a person knows; what was restored signs nothing until a person has
//! looked (R17, A3.12, A2.19(二)3–4).

mod check;
mod create;
mod list;
mod rehearse;
mod restore;
mod secrets;
mod status;

pub use check::{BackupReport, check};
pub use create::{NewBackup, create};
pub use rehearse::{NewRehearsal, Rehearsal, rehearse};
pub use restore::{RestoreOptions, Restored, SecretsFrom, restore};
pub use secrets::seal_secrets;
pub use status::{
    BackupStatus, BackupView, RehearsalView, admit_to_list, backup_status, create_where_set,
};
pub(crate) use status::{keep_backups, standing_work_due};

//! What an outsider needs to check the vault: ids, canonical JSON, events, the ledger's tree,
//! checkpoints and proofs.
//!
//! Pure: no async, no database, no clock, no file system, no environment. Everything here is
//! strict: what is not exactly in form is refused, never repaired. Formats: `docs/formats/`.

pub mod id;

pub mod canonical;
pub mod event;

pub mod checkpoint;
pub mod cosignature;
pub mod note;
pub mod package;
pub mod tiles;
pub mod tlog_proof;
pub mod tree;

pub use event::{
    AccessBody, ActorName, BackPointer, BackupBody, Body, CaseBody, Damage, DerivedObject,
    DisposalBody, Event, InspectionBody, KeepingBody, MediaBody, OversightBody, PeopleBody,
    RetentionBody, VolumeBody,
};
pub use id::{ContentId, Hash256, RecordId, Subject};

//! Events: the leaves of the ledger.
//!
//! An event says who did what to which subjects, when, and points to the event before it of each
//! subject, so that a chain of custody is complete or visibly not. Personal data is not in it, only
//! a salted commitment. The list of bodies is closed: a new one must be worded, coded and folded
//! before it compiles. Format: `docs/formats/event.md`.

mod access;
mod backup;
mod casefile;
mod codec;
mod custody;
mod disposal;
mod fields;
mod inspection;
mod keeping;
mod media;
mod oversight;
mod people;
mod retention;
mod volume;

pub use access::AccessBody;
pub use backup::BackupBody;
pub use casefile::CaseBody;
pub use codec::EventError;
pub use custody::{CustodyGap, check_custody, check_custody_at};
pub use disposal::DisposalBody;
pub use inspection::InspectionBody;
pub use keeping::KeepingBody;
pub use media::{DerivedObject, MediaBody};
pub use oversight::OversightBody;
pub use people::PeopleBody;
pub use retention::RetentionBody;
pub use volume::VolumeBody;

use crate::id::{ContentId, Hash256, Subject};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The largest leaf: entry bundles write lengths in 16 bits.
pub const LEAF_BYTES_MAX: usize = 60 * 1024;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number in the ledger, from 0, without gaps.
    pub seq: u64,
    /// Its own id (UUID version 7).
    pub id: [u8; 16],
    /// When, in milliseconds since 1970-01-01 UTC.
    pub time_ms: i64,
    /// Who, under a pseudonym.
    pub actor: ActorName,
    /// About what, and the event before this one of each subject.
    pub subjects: BTreeMap<Subject, Option<BackPointer>>,
    /// What.
    pub body: Body,
    /// Commitment to the personal part, where there is one.
    pub payload: Option<Hash256>,
}

/// Who acted: a pseudonym, the role acted in, and the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorName {
    /// For example `terminal:uid-1000`.
    pub id: String,
    /// For example `operator`.
    pub role: String,
    /// Hex of a random number, one per session.
    pub session: String,
}

/// The event before, of the same subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackPointer {
    /// Its number.
    pub seq: u64,
    /// Its leaf hash.
    pub leaf: Hash256,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The vault began.
    VaultCreated {
        /// Id of the vault.
        vault: String,
        /// Version of its formats.
        format: u64,
        /// The key its checkpoints are signed with, as a signed-note verifier key.
        checkpoint_key: String,
    },
    /// A place for bytes was registered, and what it enforces was found out by trying.
    StoreRegistered {
        /// Kind of store: `local` or `s3`.
        store: String,
        /// Whether creating a name twice is refused.
        create_only: bool,
        /// Whether a locked version cannot be deleted.
        object_lock: bool,
    },
    /// A recording was taken in (接收入库).
    RecordingAccessioned {
        /// Its content id.
        recording: ContentId,
        /// Its length.
        bytes: u64,
        /// BLAKE3 of its manifest.
        manifest: ContentId,
        /// The activity it records (R03).
        activity: String,
        /// Its secrecy (R11).
        secrecy: String,
    },
    /// The same content came again.
    DuplicateReceived {
        /// Its content id.
        recording: ContentId,
        /// The activity named this time.
        activity: String,
        /// The secrecy named this time.
        secrecy: String,
    },
    /// A recording that came without its labels got them (R08).
    RecordingLabelled {
        /// Its content id.
        recording: ContentId,
        /// The activity it records.
        activity: String,
        /// Its secrecy.
        secrecy: String,
    },
    /// SHA-256 and SM3 were taken from the stored bytes, and the content id held again.
    DigestsTaken {
        /// Its content id.
        recording: ContentId,
        /// Its length.
        bytes: u64,
        /// SHA-256, hex.
        sha256: String,
        /// SM3, hex.
        sm3: String,
    },
    /// The subjects were read again and compared with their digests.
    FixityChecked {
        /// Whether the stored bytes were checked without keys.
        keyless: bool,
        /// Bytes read.
        bytes: u64,
        /// What did not agree.
        failed: Vec<Damage>,
    },
    /// Facts, previews, text and marks of a recording.
    Media(MediaBody),
    /// Accounts, roles, sign-ins.
    People(PeopleBody),
    /// Case files.
    Case(CaseBody),
    /// How long something is kept, and why.
    Retention(RetentionBody),
    /// Requests, grants, reading.
    Access(AccessBody),
    /// Stores, copies, what was repaired.
    Keeping(KeepingBody),
    /// Backups, and older states that came back.
    Backup(BackupBody),
    /// Disposal.
    Disposal(DisposalBody),
    /// Volumes for long-term preservation.
    Volume(VolumeBody),
    /// Inspection by lot.
    Inspection(InspectionBody),
    /// Registers of oversight.
    Oversight(OversightBody),
    /// An act was refused.
    ActRefused {
        /// The act.
        act: String,
        /// Why, as a stable code.
        reason: String,
        /// The article.
        article: String,
    },
}

/// Bytes that did not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Which recording.
    pub recording: ContentId,
    /// Which class of stored bytes: `data`, `tags`, `manifest`, `key` …
    pub class: String,
    /// First byte of the damaged range of the recording.
    pub from: u64,
    /// End of the range, exclusive.
    pub to: u64,
}

impl Body {
    /// The stable name of what happened.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VaultCreated { .. } => "vault.created",
            Self::StoreRegistered { .. } => "store.registered",
            Self::RecordingAccessioned { .. } => "recording.accessioned",
            Self::DuplicateReceived { .. } => "recording.duplicate-received",
            Self::RecordingLabelled { .. } => "recording.labelled",
            Self::DigestsTaken { .. } => "recording.digests-taken",
            Self::FixityChecked { .. } => "fixity.checked",
            Self::Media(body) => body.kind(),
            Self::People(body) => body.kind(),
            Self::Case(body) => body.kind(),
            Self::Retention(body) => body.kind(),
            Self::Access(body) => body.kind(),
            Self::Keeping(body) => body.kind(),
            Self::Backup(body) => body.kind(),
            Self::Disposal(body) => body.kind(),
            Self::Volume(body) => body.kind(),
            Self::Inspection(body) => body.kind(),
            Self::Oversight(body) => body.kind(),
            Self::ActRefused { .. } => "act.refused",
        }
    }

    /// The recordings it speaks of, which must be among the subjects of its event.
    pub fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::VaultCreated { .. }
            | Self::StoreRegistered { .. }
            | Self::People(_)
            | Self::ActRefused { .. } => Vec::new(),
            Self::RecordingAccessioned { recording, .. }
            | Self::DuplicateReceived { recording, .. }
            | Self::RecordingLabelled { recording, .. }
            | Self::DigestsTaken { recording, .. } => vec![recording],
            Self::FixityChecked { failed, .. } => {
                failed.iter().map(|damage| &damage.recording).collect()
            }
            Self::Media(body) => body.recording().into_iter().collect(),
            Self::Case(body) => body.content().into_iter().collect(),
            Self::Retention(body) => body.content().into_iter().collect(),
            Self::Access(body) => body.recordings(),
            Self::Keeping(body) => body.contents(),
            Self::Backup(body) => body.contents(),
            Self::Disposal(body) => body.recordings(),
            Self::Volume(body) => body.recordings(),
            Self::Inspection(body) => body.recordings(),
            Self::Oversight(body) => body.recordings(),
        }
    }

    /// The accounts, cases and requests it speaks of, which must be among the subjects as well.
    pub fn records(&self) -> Vec<Subject> {
        match self {
            Self::People(body) => body.subjects(),
            Self::Case(body) => body.subjects(),
            Self::Retention(body) => body.subjects(),
            Self::Access(body) => body.subjects(),
            Self::VaultCreated { .. }
            | Self::StoreRegistered { .. }
            | Self::RecordingAccessioned { .. }
            | Self::DuplicateReceived { .. }
            | Self::RecordingLabelled { .. }
            | Self::DigestsTaken { .. }
            | Self::FixityChecked { .. }
            | Self::Media(_)
            | Self::Keeping(_)
            | Self::Backup(_)
            | Self::Disposal(_)
            | Self::Volume(_)
            | Self::Inspection(_)
            | Self::Oversight(_)
            | Self::ActRefused { .. } => Vec::new(),
        }
    }
}

/// The leaf hash of an event's exact bytes: SHA-256(0x00 ‖ bytes), RFC 6962.
pub fn leaf_hash(leaf: &[u8]) -> Hash256 {
    let hash = Sha256::new().chain_update([0]).chain_update(leaf).finalize();
    Hash256::from_bytes(hash.into())
}

/// The commitment to a payload: SHA-256(salt ‖ canonical bytes).
pub fn commit(salt: &[u8; 32], payload: &[u8]) -> Hash256 {
    let hash = Sha256::new().chain_update(salt).chain_update(payload).finalize();
    Hash256::from_bytes(hash.into())
}

#[cfg(test)]
mod tests;

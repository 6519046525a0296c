//! Volumes (光盘卷): images for long-term preservation, their copies on media, where these are and
//! what checks found. Names and places are in payloads. (R16; A2.18(二), A3.12)

use super::fields::bodies;
use crate::id::{ContentId, RecordId};

bodies! {
    /// Events about volumes.
    pub enum VolumeBody {
        /// An image was built and read back.
        Built = "volume.built" {
            /// The volume.
            volume: RecordId,
            /// What stands on its label (卷标).
            label: String,
            /// Kind of medium: `dvd`, `bd25`, `bd50`, `bd100`, `drive`, `tape` or `object`.
            medium: String,
            /// Length of the image.
            bytes: u64,
            /// BLAKE3 of the image.
            image: ContentId,
        },
        /// These recordings are on it.
        Filled = "volume.filled" {
            /// The volume.
            volume: RecordId,
            /// Which recordings.
            recordings: Vec<ContentId>,
        },
        /// Its recordings are encrypted; in the same change as `volume.built`.
        Encrypted = "volume.encrypted" {
            /// The volume.
            volume: RecordId,
            /// The age recipients that can open it.
            recipients: Vec<String>,
        },
        /// It bears what another volume bears, for the medium is to be replaced (迁移); in the
        /// same change as `volume.built`.
        Migrated = "volume.migrated" {
            /// The new volume.
            volume: RecordId,
            /// The volume whose content it bears.
            source: RecordId,
        },
        /// The image was written to a medium and every byte read back (刻录).
        Burnt = "volume.burnt" {
            /// The volume.
            volume: RecordId,
            /// Which copy, from 1.
            copy: u64,
            /// What it was written to: `drive`, `device` or `file`.
            target: String,
            /// `agrees`, `differs`, or `failed` where writing or reading came to no end.
            result: String,
            /// Bytes that were read back otherwise.
            differing_bytes: u64,
        },
        /// A copy of it was written, read back, and put on a shelf (上架).
        Shelved = "volume.shelved" {
            /// The volume.
            volume: RecordId,
            /// Which copy, from 1.
            copy: u64,
        },
        /// A copy was read again.
        Checked = "volume.checked" {
            /// The volume.
            volume: RecordId,
            /// Which copy; 0 for the image before it is on a medium.
            copy: u64,
            /// Bytes that do not agree.
            damaged_bytes: u64,
            /// Whether every file could be read, through parity where needed.
            readable: bool,
            /// Recordings that could not be read even through parity.
            lost: Vec<ContentId>,
        },
        /// That a copy no longer counts is proposed; another person decides.
        ReleaseProposed = "volume.release-proposed" {
            /// The volume.
            volume: RecordId,
            /// Which copy.
            copy: u64,
        },
        /// A copy no longer counts (下架).
        CopyReleased = "volume.copy-released" {
            /// The volume.
            volume: RecordId,
            /// Which copy.
            copy: u64,
        },
        /// The proposal was taken back or refused; the copy counts as before.
        ReleaseWithdrawn = "volume.release-withdrawn" {
            /// The volume.
            volume: RecordId,
            /// Which copy.
            copy: u64,
        },
        /// A recording was brought back from it.
        Restored = "volume.restored" {
            /// The volume.
            volume: RecordId,
            /// Which recording.
            recording: ContentId,
        },
    }
}

impl VolumeBody {
    /// The volume it speaks of.
    pub const fn volume(&self) -> &RecordId {
        match self {
            Self::Built { volume, .. }
            | Self::Filled { volume, .. }
            | Self::Encrypted { volume, .. }
            | Self::Migrated { volume, .. }
            | Self::Burnt { volume, .. }
            | Self::Shelved { volume, .. }
            | Self::Checked { volume, .. }
            | Self::ReleaseProposed { volume, .. }
            | Self::CopyReleased { volume, .. }
            | Self::ReleaseWithdrawn { volume, .. }
            | Self::Restored { volume, .. } => volume,
        }
    }

    /// The recordings it speaks of.
    pub(super) fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::Filled { recordings, .. } => recordings.iter().collect(),
            Self::Checked { lost, .. } => lost.iter().collect(),
            Self::Restored { recording, .. } => vec![recording],
            _ => Vec::new(),
        }
    }
}

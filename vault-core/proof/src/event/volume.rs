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
            /// Kind of medium: `bd25`, `bd50`, `bd100`, `dvd`, `drive` or `custom`.
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
    /// The recordings it speaks of.
    pub(super) fn recordings(&self) -> Vec<&ContentId> {
        match self {
            Self::Filled { recordings, .. } => recordings.iter().collect(),
            Self::Checked { lost, .. } => lost.iter().collect(),
            Self::Restored { recording, .. } => vec![recording],
            Self::Built { .. } | Self::Shelved { .. } => Vec::new(),
        }
    }
}

//! What the vault asks of the worker.

use serde::{Deserialize, Serialize};

/// What is to be found out or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Container, streams, tags, and the walk over every packet; nothing is decoded but a
    /// picture's head.
    Probe,
    /// One decode pass: what is black, frozen, silent, and the products asked for.
    Preview,
    /// The sound as 16 kHz mono 16-bit samples, for speech recognition.
    Speech,
}

/// Something the worker makes. The number is its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Product {
    /// One picture, JPEG, at most 640 pixels wide.
    Poster,
    /// Pictures at even distances with their times, JPEG.
    Sheet,
    /// Peaks of the sound: audiowaveform data format, version 2, 8 bits.
    Waveform,
    /// H.264 and AAC in MP4, index in front, a key frame each second.
    Proxy,
    /// 16 kHz mono 16-bit little-endian samples in a WAV file.
    Speech,
}

impl Product {
    /// Every product, in the order of its number.
    pub const ALL: &'static [Self] =
        &[Self::Poster, Self::Sheet, Self::Waveform, Self::Proxy, Self::Speech];

    /// Its number on the wire.
    pub const fn number(self) -> u8 {
        match self {
            Self::Poster => 0,
            Self::Sheet => 1,
            Self::Waveform => 2,
            Self::Proxy => 3,
            Self::Speech => 4,
        }
    }

    /// The product of that number.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|product| product.number() == number)
    }

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Poster => "poster",
            Self::Sheet => "sheet",
            Self::Waveform => "waveform",
            Self::Proxy => "proxy",
            Self::Speech => "speech",
        }
    }
}

/// Which products are asked for.
pub type ProductSet = std::collections::BTreeSet<Product>;

/// One order for one recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What to do.
    pub task: Task,
    /// Length of the recording in bytes.
    pub bytes: u64,
    /// What to make; a proxy is made only where a browser could not surely play the original,
    /// which the report then says.
    pub products: ProductSet,
    /// The longest product in bytes; a longer one ends the order with `Declined`.
    pub product_bytes_max: u64,
}

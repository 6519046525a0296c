//! What the vault asks of the worker.

use crate::MARK_POINTS_MAX;
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
    /// A stretch as a file of its own: the packets as they are, from the key frame at or before.
    Excerpt,
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
    /// The stretch that was asked for, in a container of its own.
    Excerpt,
    /// Where each packet of the excerpt lies, in entries of `CutPlace`.
    Places,
}

impl Product {
    /// Every product, in the order of its number.
    pub const ALL: &'static [Self] = &[
        Self::Poster,
        Self::Sheet,
        Self::Waveform,
        Self::Proxy,
        Self::Speech,
        Self::Excerpt,
        Self::Places,
    ];

    /// Its number on the wire.
    pub const fn number(self) -> u8 {
        match self {
            Self::Poster => 0,
            Self::Sheet => 1,
            Self::Waveform => 2,
            Self::Proxy => 3,
            Self::Speech => 4,
            Self::Excerpt => 5,
            Self::Places => 6,
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
            Self::Excerpt => "excerpt",
            Self::Places => "places",
        }
    }
}

/// Where a packet lies in the excerpt, and where the container of the recording says it does. A
/// claim like every other: whoever uses it compares the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutPlace {
    /// First byte in the excerpt, or `NOT_FOUND`.
    pub at: u64,
    /// First byte in the recording.
    pub from: u64,
    /// How many bytes.
    pub bytes: u32,
}

impl CutPlace {
    /// Bytes of an entry: three numbers, little-endian.
    pub const ENTRY_BYTES: usize = 20;

    /// Stands for the place of a packet that its container holds in another form.
    pub const NOT_FOUND: u64 = u64::MAX;

    /// The entry.
    pub fn entry(&self) -> [u8; Self::ENTRY_BYTES] {
        let mut entry = [0; Self::ENTRY_BYTES];
        entry[..8].copy_from_slice(&self.at.to_le_bytes());
        entry[8..16].copy_from_slice(&self.from.to_le_bytes());
        entry[16..].copy_from_slice(&self.bytes.to_le_bytes());
        entry
    }

    /// Reads an entry.
    pub fn of_entry(entry: &[u8; Self::ENTRY_BYTES]) -> Self {
        let [a @ .., _, _, _, _, _, _, _, _, _, _, _, _] = *entry;
        let [_, _, _, _, _, _, _, _, b @ .., _, _, _, _] = *entry;
        let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, c @ ..] = *entry;
        let (at, from) = (u64::from_le_bytes(a), u64::from_le_bytes(b));
        Self { at, from, bytes: u32::from_le_bytes(c) }
    }
}

/// A mark to be burnt into every picture of a proxy: how much each of its points covers, row by
/// row, drawn by the vault, because the worker knows no fonts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Points in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// A byte for each point, in hex: 0 leaves the picture, 255 covers it.
    pub points: String,
    /// The same in words, for the container: sound shows no picture.
    pub words: String,
}

impl Mark {
    /// The points as bytes; `None` where they are not as many as they should be, or too many.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let count = usize::try_from(u64::from(self.width) * u64::from(self.height)).ok()?;
        if count == 0 || count > MARK_POINTS_MAX || self.points.len() != count * 2 {
            return None;
        }
        let digit =
            |digit: &u8| char::from(*digit).to_digit(16).and_then(|one| u8::try_from(one).ok());
        let byte = |pair: &[u8]| Some(digit(pair.first()?)? << 4 | digit(pair.last()?)?);
        self.points.as_bytes().chunks(2).map(byte).collect()
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
    /// For an excerpt or a proxy: only this stretch, in microseconds from the first packet.
    #[serde(default)]
    pub stretch_us: Option<(i64, i64)>,
    /// For a proxy: the mark it is to bear. A proxy with a mark is made whatever a browser plays.
    #[serde(default)]
    pub mark: Option<Mark>,
}

impl Order {
    /// An order for the whole, without a mark; the length is filled in by who serves it.
    pub fn new(task: Task, products: ProductSet, product_bytes_max: u64) -> Self {
        Self { task, bytes: 0, products, product_bytes_max, stretch_us: None, mark: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_were_written_and_a_mark_has_the_points_it_says() {
        let place = CutPlace { at: 1 << 40, from: 77, bytes: 5 };
        assert_eq!(CutPlace::of_entry(&place.entry()), place);
        let mark = Mark { width: 2, height: 1, points: "00ff".into(), words: String::new() };
        assert_eq!(mark.bytes(), Some(vec![0, 255]));
        for (width, points) in [(3, "00ff"), (0, ""), (2, "00f"), (2, "00fg"), (u32::MAX, "00ff")] {
            let bad = Mark { width, points: points.into(), ..mark.clone() };
            assert_eq!(bad.bytes(), None);
        }
    }
}

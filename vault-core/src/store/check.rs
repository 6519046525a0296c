//! Verifying what is stored: with keys against the content id, or without against the stored root.

use super::Store;
use super::backend::{BlobReader, Kind};
use super::manifest::OpenPart;
use super::read::{ReadBuffers, StoredRecording};
use super::tree;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT, EXTENT_BYTES};
use std::ops::Range;
use vault_proof::{ContentId, Damage, Subject};

/// One recording under verification; its extents may be checked in any order and in parallel.
pub(crate) enum Checking<'a> {
    /// Decrypt and compare with the content id.
    Keyed(Box<StoredRecording<'a>>),
    /// Compare the stored bytes with the stored root.
    Keyless(OpenPart, Box<dyn BlobReader + 'a>),
}

/// Buffers of one checking worker.
#[derive(Default)]
pub(crate) struct CheckBuffers {
    read: ReadBuffers,
    stored: Vec<u8>,
}

/// What the ledger and catalogue know of a recording that is to be checked.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) id: ContentId,
    pub(crate) bytes: u64,
    pub(crate) manifest: ContentId,
    /// Under which name the check goes on record.
    pub(crate) subject: Subject,
}

impl Expected {
    /// How long that extent is; of compressed bytes about.
    pub(crate) fn extent_bytes(&self, extent: u64) -> u64 {
        self.bytes.saturating_sub(extent * EXTENT_BYTES).min(EXTENT_BYTES)
    }

    /// Turns a fault into the damage it tells of.
    pub(crate) fn damage(&self, fault: &Fault) -> Damage {
        let number = |name| fault.detail(name).and_then(|text| text.parse().ok());
        let class = match fault.code() {
            Code::ManifestDamaged => "manifest",
            Code::StoredBytesMissing if fault.detail("what") == Some("manifest") => "manifest",
            Code::KeyLost | Code::KeyCopyDamaged => "key",
            _ => "data",
        };
        Damage {
            recording: self.id,
            class: class.to_owned(),
            from: number("from").unwrap_or(0),
            to: number("to").unwrap_or(self.bytes),
        }
    }
}

impl Store {
    /// Opens a recording for checking: its manifest must be the one that the ledger names.
    pub(crate) fn begin_check(
        &self,
        expected: &Expected,
        keys: Option<&KeyStore>,
    ) -> Outcome<Checking<'_>> {
        let checking = if let Some(keys) = keys {
            Checking::Keyed(Box::new(self.open(&expected.id, keys)?))
        } else {
            let manifest = self
                .manifest(self.manifest_name(&expected.id))?
                .ok_or_else(|| Fault::new(Code::StoredBytesMissing).with("what", "manifest"))?;
            if manifest.digest != expected.manifest {
                return Err(other_manifest());
            }
            let data = manifest.open.data;
            Checking::Keyless(manifest.open, self.backend().reader(Kind::Data, data)?)
        };
        if let Checking::Keyed(recording) = &checking
            && recording.opened.manifest.digest != expected.manifest
        {
            return Err(other_manifest());
        }
        let (data, stored_bytes) = match &checking {
            Checking::Keyed(recording) => {
                (recording.opened.manifest.open.data, recording.opened.manifest.open.stored_bytes)
            }
            Checking::Keyless(open, _) => (open.data, open.stored_bytes),
        };
        match self.backend().length(Kind::Data, data)? {
            Some(length) if length == stored_bytes => Ok(checking),
            Some(length) => {
                Err(Fault::new(Code::StoredBytesDamaged).with("what", "length").with("to", length))
            }
            None => Err(Fault::new(Code::StoredBytesMissing).with("what", "data")),
        }
    }
}

fn other_manifest() -> Fault {
    Fault::new(Code::ManifestDamaged).with("what", "not the one the ledger names")
}

impl Checking<'_> {
    fn blocks(&self) -> u64 {
        match self {
            Self::Keyed(recording) => tree::blocks_in(recording.bytes()),
            Self::Keyless(open, _) => tree::blocks_in(open.stored_bytes),
        }
    }

    /// How many extents there are to check.
    pub(crate) fn extents(&self) -> u64 {
        self.blocks().div_ceil(BLOCKS_PER_EXTENT)
    }

    /// Checks one extent; gives how many bytes were checked.
    pub(crate) fn extent(&self, extent: u64, buffers: &mut CheckBuffers) -> Outcome<u64> {
        let first = extent * BLOCKS_PER_EXTENT;
        let end = (first + BLOCKS_PER_EXTENT).min(self.blocks());
        match self {
            Self::Keyed(recording) => keyed(recording, first..end, &mut buffers.read),
            Self::Keyless(open, reader) => {
                keyless(open, &**reader, first..end, &mut buffers.stored)
            }
        }
    }
}

fn keyed(
    recording: &StoredRecording<'_>,
    blocks: Range<u64>,
    buffers: &mut ReadBuffers,
) -> Outcome<u64> {
    let mut first = blocks.start;
    let mut checked = 0;
    recording.will_read(blocks.end..blocks.end + BLOCKS_PER_EXTENT);
    while first < blocks.end {
        // Small pieces keep the decrypted bytes in the cache until they are hashed.
        let end = (first + recording.stretch(first).min(4)).min(blocks.end);
        recording.read(first..end, buffers)?;
        checked += buffers.plain().len() as u64;
        first = end;
    }
    Ok(checked)
}

fn keyless(
    open: &OpenPart,
    reader: &dyn BlobReader,
    blocks: Range<u64>,
    buffer: &mut Vec<u8>,
) -> Outcome<u64> {
    let from = blocks.start * BLOCK_BYTES;
    let to = (blocks.end * BLOCK_BYTES).min(open.stored_bytes);
    reader.will_read(to, (BLOCKS_PER_EXTENT * BLOCK_BYTES).min(open.stored_bytes - to));
    let mut at = from;
    while at < to {
        let length = BLOCK_BYTES.min(to - at);
        buffer.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
        reader.read_at(at, buffer)?;
        let index = at / BLOCK_BYTES;
        let row = &open.stored[usize::try_from(index).unwrap_or(usize::MAX)];
        if tree::entry(index, open.stored_bytes, buffer) != row.entry {
            return Err(Fault::new(Code::StoredBytesDamaged)
                .with("class", "data")
                .with("from", at)
                .with("to", at + length));
        }
        at += length;
    }
    Ok(to - from)
}

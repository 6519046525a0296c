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

/// Blocks of a piece: few enough that decrypted bytes are in the cache when they are hashed, and
/// that nobody waits long behind it; many enough that the disk is asked for much at once.
const PIECE_BLOCKS: u64 = 4;

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
        self.extent_in_pieces(extent, buffers, &mut |_| {})
    }

    /// Checks one extent and says after each piece of it how long that was, so that whoever has
    /// time can let others go first.
    pub(crate) fn extent_in_pieces(
        &self,
        extent: u64,
        buffers: &mut CheckBuffers,
        after_each: &mut dyn FnMut(u64),
    ) -> Outcome<u64> {
        let mut first = extent * BLOCKS_PER_EXTENT;
        let end = (first + BLOCKS_PER_EXTENT).min(self.blocks());
        let mut checked = 0;
        while first < end {
            let (next, bytes) = match self {
                Self::Keyed(recording) => keyed(recording, first..end, &mut buffers.read)?,
                Self::Keyless(open, reader) => {
                    keyless(open, &**reader, first..end, &mut buffers.stored)?
                }
            };
            after_each(bytes);
            checked += bytes;
            first = next;
        }
        Ok(checked)
    }
}

/// Checks the first piece of these blocks; gives the block behind it and its length.
fn keyed(
    recording: &StoredRecording<'_>,
    blocks: Range<u64>,
    buffers: &mut ReadBuffers,
) -> Outcome<(u64, u64)> {
    let first = blocks.start;
    let end = (first + recording.stretch(first).min(PIECE_BLOCKS)).min(blocks.end);
    recording.will_read(first + BLOCKS_PER_EXTENT..end + BLOCKS_PER_EXTENT);
    recording.read(first..end, buffers)?;
    Ok((end, buffers.plain().len() as u64))
}

/// Checks the first piece of these blocks as they are stored; gives the block behind it and its
/// length.
fn keyless(
    open: &OpenPart,
    reader: &dyn BlobReader,
    blocks: Range<u64>,
    buffer: &mut Vec<u8>,
) -> Outcome<(u64, u64)> {
    let last = (blocks.start + PIECE_BLOCKS).min(blocks.end);
    let (from, to) = (blocks.start * BLOCK_BYTES, (last * BLOCK_BYTES).min(open.stored_bytes));
    if let ahead @ 1.. = open.stored_bytes.saturating_sub(from + EXTENT_BYTES) {
        reader.will_read(from + EXTENT_BYTES, ahead.min(to - from));
    }
    for index in blocks.start..last {
        let at = index * BLOCK_BYTES;
        let length = BLOCK_BYTES.min(to - at);
        buffer.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
        reader.read_at(at, buffer)?;
        let row = &open.stored[usize::try_from(index).unwrap_or(usize::MAX)];
        if tree::entry(index, open.stored_bytes, buffer) != row.entry {
            return Err(Fault::new(Code::StoredBytesDamaged)
                .with("class", "data")
                .with("from", at)
                .with("to", at + length));
        }
    }
    Ok((last, to - from))
}

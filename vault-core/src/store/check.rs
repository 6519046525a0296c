//! Verifying what is stored: with keys against the content id, or without against the stored root.

use super::Store;
use super::aligned::AlignedBuffer;
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
    stored: AlignedBuffer,
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
    let piece = PIECE_BLOCKS.max(recording.blocks_at_once());
    let end = (first + recording.stretch(first).min(piece)).min(blocks.end);
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
    buffer: &mut AlignedBuffer,
) -> Outcome<(u64, u64)> {
    let at_once = reader.blocks_at_once();
    let last = (blocks.start + PIECE_BLOCKS.max(at_once)).min(blocks.end);
    let (from, to) = (blocks.start * BLOCK_BYTES, (last * BLOCK_BYTES).min(open.stored_bytes));
    if let ahead @ 1.. = open.stored_bytes.saturating_sub(from + EXTENT_BYTES) {
        reader.will_read(from + EXTENT_BYTES, ahead.min(to - from));
    }
    let mut first = blocks.start;
    while first < last {
        let end = (first + at_once).min(last);
        let at = first * BLOCK_BYTES;
        let length = (end * BLOCK_BYTES).min(to) - at;
        let read = buffer.room(usize::try_from(length).unwrap_or(usize::MAX));
        reader.read_at(at, read)?;
        check_blocks(open, first, read)?;
        first = end;
    }
    Ok((last, to - from))
}

/// Checks stored blocks against the manifest, from block `first` on; the fault names the range of
/// the first that does not agree.
fn check_blocks(open: &OpenPart, first: u64, read: &[u8]) -> Outcome<()> {
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    for (index, block) in (first..).zip(read.chunks(size(BLOCK_BYTES))) {
        if tree::entry(index, open.stored_bytes, block) != open.stored[size(index)].entry {
            let at = index * BLOCK_BYTES;
            return Err(Fault::new(Code::StoredBytesDamaged)
                .with("class", "data")
                .with("from", at)
                .with("to", at + block.len() as u64));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::backend::StoreName;
    use crate::store::manifest::{Codec, StoredRow};
    use std::sync::Mutex;

    /// Bytes behind a way on which each request is paid for, or not; it notes what was asked for.
    #[derive(Debug)]
    struct Asked {
        bytes: Vec<u8>,
        at_once: u64,
        requests: Mutex<Vec<(u64, usize)>>,
    }

    impl BlobReader for Asked {
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
            self.requests.lock().unwrap().push((offset, buffer.len()));
            let from = usize::try_from(offset).unwrap();
            buffer.copy_from_slice(&self.bytes[from..from + buffer.len()]);
            Ok(())
        }

        fn blocks_at_once(&self) -> u64 {
            self.at_once
        }
    }

    const BLOCK: usize = 256 << 10;

    fn size(number: u64) -> usize {
        usize::try_from(number).unwrap()
    }

    /// One whole extent and two blocks and a bit of another.
    fn stored() -> (Vec<u8>, OpenPart) {
        let mut bytes = vec![0; (size(BLOCKS_PER_EXTENT) + 2) * BLOCK + 5];
        blake3::Hasher::new().finalize_xof().fill(&mut bytes);
        let total = bytes.len() as u64;
        let entries = (0..).zip(bytes.chunks(BLOCK));
        let stored = entries
            .map(|(index, block)| StoredRow {
                entry: tree::entry(index, total, block),
                tag: [0; 16],
            })
            .collect();
        let data = StoreName([1; 32]);
        let open = OpenPart {
            data,
            codec: Codec::Raw,
            key_slot: 0,
            stored_bytes: total,
            stored,
            generations: vec![0; 2],
        };
        (bytes, open)
    }

    /// Reads every extent of these bytes; gives what was asked for and what is damaged.
    fn read(bytes: &[u8], open: &OpenPart, at_once: u64) -> (Vec<(u64, usize)>, Vec<Fault>) {
        let asked = Asked { bytes: bytes.to_vec(), at_once, requests: Mutex::default() };
        let mut buffer = AlignedBuffer::default();
        let (mut damaged, blocks) = (Vec::new(), tree::blocks_in(open.stored_bytes));
        for extent in (0..blocks).step_by(size(BLOCKS_PER_EXTENT)) {
            let mut first = extent;
            let end = (extent + BLOCKS_PER_EXTENT).min(blocks);
            while first < end {
                match keyless(open, &asked, first..end, &mut buffer) {
                    Ok((next, _)) => first = next,
                    Err(fault) => {
                        damaged.push(fault);
                        break;
                    }
                }
            }
        }
        (asked.requests.into_inner().unwrap(), damaged)
    }

    #[test]
    fn where_requests_are_paid_for_there_are_few_and_damage_is_named_as_narrowly() {
        let (mut bytes, open) = stored();
        let extent = size(BLOCKS_PER_EXTENT) * BLOCK;
        let half = extent / 2;
        let (requests, damaged) = read(&bytes, &open, BLOCKS_PER_EXTENT / 2);
        assert_eq!(requests, [(0, half), (half as u64, half), (extent as u64, 2 * BLOCK + 5)]);
        assert!(damaged.is_empty());
        let (requests, damaged) = read(&bytes, &open, 1);
        assert_eq!((requests.len() as u64, damaged.len()), (BLOCKS_PER_EXTENT + 3, 0));
        assert_eq!(requests.last(), Some(&((extent + 2 * BLOCK) as u64, 5)));
        bytes[extent + BLOCK + 9] ^= 1;
        for at_once in [1, BLOCKS_PER_EXTENT] {
            let (_, damaged) = read(&bytes, &open, at_once);
            let [fault] = &damaged[..] else { panic!("one block is damaged") };
            let named = ["from", "to"].map(|name| fault.detail(name).unwrap().parse().ok());
            assert_eq!(named, [extent + BLOCK, extent + 2 * BLOCK].map(Some));
        }
    }
}

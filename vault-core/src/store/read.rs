//! Verified reading: every block is checked against the content id before a byte leaves.

use super::Store;
use super::backend::{BlobReader, Kind};
use super::cipher::{BlockCipher, BlockPlace};
use super::manifest::{Codec, Manifest, SealedPart};
use super::opened::{Opened, Unlocked};
use super::tree;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT};
use std::ops::Range;
use std::sync::Arc;
use vault_proof::ContentId;

/// Plain bytes of one compressed frame.
pub(crate) const FRAME_BYTES: u64 = 1 << 20;

/// A recording opened for reading inside the vault.
pub(crate) struct StoredRecording<'a> {
    pub(crate) opened: Arc<Opened>,
    cipher: BlockCipher,
    reader: Box<dyn BlobReader + 'a>,
}

/// Buffers of one reading worker.
#[derive(Default)]
pub(crate) struct ReadBuffers {
    stored: Vec<u8>,
    stored_plain: Vec<u8>,
    plain: Vec<u8>,
}

impl ReadBuffers {
    /// The plain bytes of the last read.
    pub(crate) fn plain(&self) -> &[u8] {
        &self.plain
    }
}

fn size(bytes: u64) -> usize {
    // Lengths here are at most a few extents; the platform is 64-bit.
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl Store {
    /// Opens a recording; fails if its manifest is not the one for this id.
    pub(crate) fn open(&self, id: &ContentId, keys: &KeyStore) -> Outcome<StoredRecording<'_>> {
        self.begin_reading(self.opened(id, keys)?)
    }

    /// The same, without reading a manifest anew that was opened lately and is still the same.
    pub(crate) fn open_again(
        &self,
        id: &ContentId,
        keys: &KeyStore,
    ) -> Outcome<StoredRecording<'_>> {
        self.begin_reading(self.opened_lately(id, keys)?)
    }

    fn begin_reading(&self, (opened, key): Unlocked) -> Outcome<StoredRecording<'_>> {
        let open = &opened.manifest.open;
        let cipher = BlockCipher::new(&key, open.data)?;
        let reader = self.backend().reader(Kind::Data, open.data)?;
        Ok(StoredRecording { opened, cipher, reader })
    }
}

/// Where each compressed frame begins in the stored plain bytes, and where the last ends.
pub(super) fn frame_starts(manifest: &Manifest, sealed: &SealedPart) -> Outcome<Vec<u64>> {
    let damaged = || Fault::new(Code::ManifestDamaged).with("what", "frames");
    let expected = match manifest.open.codec {
        Codec::Raw if manifest.open.stored_bytes == sealed.bytes => 0,
        Codec::Zstd => sealed.bytes.div_ceil(FRAME_BYTES),
        Codec::Raw => return Err(damaged()),
    };
    let mut starts = vec![0];
    for &length in &sealed.frames {
        starts.push(starts.last().copied().unwrap_or(0) + u64::from(length));
    }
    let total = starts.last().copied().unwrap_or(0);
    if sealed.frames.len() as u64 != expected
        || (expected > 0 && total != manifest.open.stored_bytes)
    {
        return Err(damaged());
    }
    Ok(starts)
}

impl StoredRecording<'_> {
    /// Length of the recording.
    pub(crate) fn bytes(&self) -> u64 {
        self.opened.sealed.bytes
    }

    /// A range that can be verified by itself and read at once: how many blocks from `first` on.
    pub(crate) fn stretch(&self, first: u64) -> u64 {
        let blocks = tree::blocks_in(self.bytes());
        let unit = match self.opened.manifest.open.codec {
            Codec::Raw => BLOCKS_PER_EXTENT / 4,
            Codec::Zstd => FRAME_BYTES / BLOCK_BYTES,
        };
        (unit - first % unit).min(blocks - first)
    }

    /// Says that these plain blocks will be read soon.
    pub(crate) fn will_read(&self, blocks: Range<u64>) {
        if self.opened.manifest.open.codec == Codec::Raw {
            let from = blocks.start * BLOCK_BYTES;
            let to = (blocks.end * BLOCK_BYTES).min(self.opened.manifest.open.stored_bytes);
            if from < to {
                self.reader.will_read(from, to - from);
            }
        }
    }

    /// Hands the bytes `from..to` to `each`, piece by piece, every block verified first.
    pub(crate) fn read_range(
        &self,
        range: Range<u64>,
        buffers: &mut ReadBuffers,
        each: &mut dyn FnMut(&[u8]) -> Outcome<()>,
    ) -> Outcome<()> {
        let end = range.end.min(self.bytes());
        let last = tree::blocks_in(end);
        let mut block = range.start / BLOCK_BYTES;
        while block * BLOCK_BYTES < end {
            let next = (block + self.stretch(block)).min(last);
            self.read(block..next, buffers)?;
            let at = block * BLOCK_BYTES;
            let plain = buffers.plain();
            let from = size(range.start.max(at) - at);
            each(&plain[from..size(end - at).min(plain.len())])?;
            block = next;
        }
        Ok(())
    }

    /// Reads plain blocks into the buffers and checks each against the content id. The range must
    /// lie inside one `stretch`. The fault names the class and the plain range that is damaged.
    pub(crate) fn read(&self, blocks: Range<u64>, buffers: &mut ReadBuffers) -> Outcome<()> {
        let from = blocks.start * BLOCK_BYTES;
        let to = (blocks.end * BLOCK_BYTES).min(self.bytes());
        let damaged = |class: &'static str, from: u64, to: u64| {
            Fault::new(Code::StoredBytesDamaged)
                .with("recording", self.opened.sealed.id)
                .with("class", class)
                .with("from", from)
                .with("to", to)
        };
        match self.opened.manifest.open.codec {
            Codec::Raw => {
                let plain = std::mem::take(&mut buffers.plain);
                buffers.plain = self.open_stored(from..to, plain, &mut buffers.stored, &damaged)?;
            }
            Codec::Zstd => self.decompress(from..to, buffers, &damaged)?,
        }
        for (index, block) in blocks.zip(buffers.plain.chunks(size(BLOCK_BYTES))) {
            if tree::entry(index, self.bytes(), block) != self.opened.sealed.plain[size(index)] {
                let at = index * BLOCK_BYTES;
                return Err(damaged("data", at, at + block.len() as u64));
            }
        }
        Ok(())
    }

    /// Reads and decrypts a range of stored bytes that begins at a block.
    fn open_stored(
        &self,
        range: Range<u64>,
        mut plain: Vec<u8>,
        stored: &mut Vec<u8>,
        damaged: &dyn Fn(&'static str, u64, u64) -> Fault,
    ) -> Outcome<Vec<u8>> {
        let open = &self.opened.manifest.open;
        let first = range.start / BLOCK_BYTES;
        let length = size(range.end - range.start);
        stored.resize(length, 0);
        plain.resize(length, 0);
        let read = self.reader.read_at(range.start, stored);
        read.map_err(|fault| {
            if fault.code() == Code::BackendUnreachable {
                return fault;
            }
            damaged("data", range.start, range.end).caused_by(fault)
        })?;
        let last = tree::blocks_in(open.stored_bytes) - 1;
        let pairs = stored.chunks(size(BLOCK_BYTES)).zip(plain.chunks_mut(size(BLOCK_BYTES)));
        for (index, (stored, plain)) in (first..).zip(pairs) {
            let place = BlockPlace {
                index,
                generation: open.generations[size(index / BLOCKS_PER_EXTENT)],
                last: index == last,
            };
            if !self.cipher.open(place, stored, &open.stored[size(index)].tag, plain) {
                let at = index * BLOCK_BYTES;
                return Err(damaged("data", at, at + stored.len() as u64));
            }
        }
        Ok(plain)
    }

    /// Reads one frame (`from..to` lies inside it) and cuts the wanted bytes out.
    fn decompress(
        &self,
        range: Range<u64>,
        buffers: &mut ReadBuffers,
        damaged: &dyn Fn(&'static str, u64, u64) -> Fault,
    ) -> Outcome<()> {
        let frame = range.start / FRAME_BYTES;
        let plain_from = frame * FRAME_BYTES;
        let plain_to = (plain_from + FRAME_BYTES).min(self.bytes());
        let (from, to) =
            (self.opened.frame_starts[size(frame)], self.opened.frame_starts[size(frame + 1)]);
        let aligned = from / BLOCK_BYTES * BLOCK_BYTES;
        let end = to.div_ceil(BLOCK_BYTES) * BLOCK_BYTES;
        let end = end.min(self.opened.manifest.open.stored_bytes);
        let whole = std::mem::take(&mut buffers.stored_plain);
        let whole = self.open_stored(aligned..end, whole, &mut buffers.stored, damaged)?;
        let compressed = &whole[size(from - aligned)..size(to - aligned)];
        buffers.plain.resize(size(plain_to - plain_from), 0);
        let got = zstd::bulk::decompress_to_buffer(compressed, &mut buffers.plain[..]);
        buffers.stored_plain = whole;
        if got.ok() != Some(size(plain_to - plain_from)) {
            return Err(damaged("data", plain_from, plain_to));
        }
        buffers.plain.truncate(size(range.end - plain_from));
        buffers.plain.drain(..size(range.start - plain_from));
        Ok(())
    }
}

//! Verified reading: every block is checked against the content id before a byte leaves.

use super::Store;
use super::aligned::AlignedBuffer;
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
    stored: AlignedBuffer,
    compressed: AlignedBuffer,
    plain: AlignedBuffer,
    /// Where in `plain` the bytes of the last read are.
    found: Range<usize>,
}

impl ReadBuffers {
    /// The plain bytes of the last read.
    pub(crate) fn plain(&self) -> &[u8] {
        self.plain.get(self.found.clone())
    }
}

/// The fault for damage of a class in a plain range.
type Damaged<'a> = &'a dyn Fn(&'static str, u64, u64) -> Fault;

/// Whether the block of that number is what it should be.
type Check<'a> = &'a dyn Fn(u64, &[u8]) -> Outcome<()>;

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

    /// How many blocks to ask for at once where much is read.
    pub(crate) fn blocks_at_once(&self) -> u64 {
        self.reader.blocks_at_once()
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
            if next - block > self.blocks_at_once() {
                self.will_read(block..next);
            }
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
        let check = |index: u64, block: &[u8]| {
            if tree::entry(index, self.bytes(), block) == self.opened.sealed.plain[size(index)] {
                return Ok(());
            }
            let at = index * BLOCK_BYTES;
            Err(damaged("data", at, at + block.len() as u64))
        };
        buffers.found = 0..0;
        buffers.found = match self.opened.manifest.open.codec {
            Codec::Raw => {
                let plain = buffers.plain.room(size(to - from));
                self.open_stored(from..to, plain, &mut buffers.stored, (&damaged, &check))?;
                0..plain.len()
            }
            Codec::Zstd => {
                let found = self.decompress(from..to, buffers, &damaged)?;
                let plain = buffers.plain.get(found.clone());
                for (index, block) in blocks.zip(plain.chunks(size(BLOCK_BYTES))) {
                    check(index, block)?;
                }
                found
            }
        };
        Ok(())
    }

    /// Reads and decrypts a range of stored bytes that begins at a block, and checks each block
    /// while it is at hand; `plain` is as long.
    fn open_stored(
        &self,
        range: Range<u64>,
        plain: &mut [u8],
        stored: &mut AlignedBuffer,
        (damaged, check): (Damaged<'_>, Check<'_>),
    ) -> Outcome<()> {
        let open = &self.opened.manifest.open;
        let last = tree::blocks_in(open.stored_bytes) - 1;
        let mut index = range.start / BLOCK_BYTES;
        for plain in plain.chunks_mut(size(self.blocks_at_once() * BLOCK_BYTES)) {
            let stored = stored.room(plain.len());
            let from = index * BLOCK_BYTES;
            self.reader.read_at(from, stored).map_err(|fault| match fault.code() {
                Code::BackendUnreachable => fault,
                _ => damaged("data", from, from + plain.len() as u64).caused_by(fault),
            })?;
            let pairs = stored.chunks(size(BLOCK_BYTES)).zip(plain.chunks_mut(size(BLOCK_BYTES)));
            for (stored, plain) in pairs {
                let generation = open.generations[size(index / BLOCKS_PER_EXTENT)];
                let place = BlockPlace { index, generation, last: index == last };
                if !self.cipher.open(place, stored, &open.stored[size(index)].tag, plain) {
                    let at = index * BLOCK_BYTES;
                    return Err(damaged("data", at, at + stored.len() as u64));
                }
                check(index, plain)?;
                index += 1;
            }
        }
        Ok(())
    }

    /// Reads one frame (`from..to` lies inside it); gives where in it the wanted bytes are.
    fn decompress(
        &self,
        range: Range<u64>,
        buffers: &mut ReadBuffers,
        damaged: Damaged<'_>,
    ) -> Outcome<Range<usize>> {
        let frame = range.start / FRAME_BYTES;
        let plain_from = frame * FRAME_BYTES;
        let plain_to = (plain_from + FRAME_BYTES).min(self.bytes());
        let (from, to) =
            (self.opened.frame_starts[size(frame)], self.opened.frame_starts[size(frame + 1)]);
        let aligned = from / BLOCK_BYTES * BLOCK_BYTES;
        let end = to.div_ceil(BLOCK_BYTES) * BLOCK_BYTES;
        let end = end.min(self.opened.manifest.open.stored_bytes);
        let whole = buffers.compressed.room(size(end - aligned));
        self.open_stored(aligned..end, whole, &mut buffers.stored, (damaged, &|_, _| Ok(())))?;
        let compressed = &whole[size(from - aligned)..size(to - aligned)];
        let plain = buffers.plain.room(size(plain_to - plain_from));
        let got = zstd::bulk::decompress_to_buffer(compressed, plain);
        if got.ok() != Some(size(plain_to - plain_from)) {
            return Err(damaged("data", plain_from, plain_to));
        }
        Ok(size(range.start - plain_from)..size(range.end - plain_from))
    }
}

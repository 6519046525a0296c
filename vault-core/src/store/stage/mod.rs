//! Taking bytes in: read once, hashed, encrypted, hashed again and written, block by block.
//!
//! An attempt has a data name and a key of its own, both fresh and random. Nothing of it is
//! visible before its manifest is created, and its digest is computed over the very bytes that
//! were encrypted. Large raw files are written by several workers at once, extent by extent, and
//! such an attempt can be taken up again by a later process (`progress`).

mod arriving;
mod compress;
mod object;
mod progress;
mod source;

pub(crate) use arriving::{Arriving, Left, left};
pub(crate) use compress::{LEVEL, worth_compressing};
pub(crate) use object::{ObjectSource, stage_object};
pub(crate) use progress::{Interrupted, forget, interrupted};
pub(crate) use source::{Source, SourceIdentity};

use super::Store;
use super::aligned::AlignedBuffer;
use super::backend::{BlobWriter, StoreName};
use super::cipher::{BlockCipher, BlockPlace, SecretKey, random_bytes};
use super::manifest::{self, Codec, OpenPart, SealedPart, StoredRow};
use super::tree::{self, Entry};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT, EXTENT_BYTES};
use progress::Progress;
use std::sync::Mutex;
use vault_proof::ContentId;

/// Buffers of one staging worker, reused for every file.
pub(crate) struct StageBuffers {
    extent: AlignedBuffer,
    compressed: Vec<u8>,
    press: compress::Press,
}

impl StageBuffers {
    pub(crate) fn new() -> Self {
        Self {
            extent: AlignedBuffer::new(size(EXTENT_BYTES)),
            compressed: Vec::new(),
            press: compress::Press::new(),
        }
    }
}

fn size(bytes: u64) -> usize {
    // Lengths here are at most an extent or a table of one; the platform is 64-bit.
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// Bytes that are written, whole, and known by their digest; not yet committed.
pub(crate) struct Staged {
    pub(crate) id: ContentId,
    pub(crate) bytes: u64,
    pub(crate) data: StoreName,
    pub(crate) key: SecretKey,
    codec: Codec,
    stored_bytes: u64,
    stored: Vec<StoredRow>,
    generations: Vec<u32>,
    frames: Vec<u32>,
    plain: Vec<Entry>,
}

impl Staged {
    /// The manifest, once the key lies in its slot.
    pub(crate) fn manifest(&self, key_slot: u64) -> Outcome<(Vec<u8>, ContentId)> {
        let open = OpenPart {
            data: self.data,
            codec: self.codec,
            key_slot,
            stored_bytes: self.stored_bytes,
            stored: self.stored.clone(),
            generations: self.generations.clone(),
        };
        let sealed = SealedPart {
            id: self.id,
            bytes: self.bytes,
            frames: self.frames.clone(),
            plain: self.plain.clone(),
        };
        manifest::encode(&open, &sealed, &self.key)
    }
}

/// A name, a key and a place for bytes.
struct Target {
    name: StoreName,
    key: SecretKey,
    cipher: BlockCipher,
    writer: Box<dyn BlobWriter>,
}

impl Target {
    fn begin(store: &Store, expected_bytes: u64) -> Outcome<Self> {
        let name = StoreName(random_bytes()?);
        let key = SecretKey::random()?;
        let cipher = BlockCipher::new(&key, name)?;
        let writer = store.backend().begin(name, expected_bytes)?;
        Ok(Self { name, key, cipher, writer })
    }

    /// Encrypts blocks where they lie, the first being number `first` of `total` stored bytes, and
    /// writes them; gives their rows.
    fn seal_and_write(
        &self,
        (first, total, generation): (u64, u64, u32),
        bytes: &mut [u8],
        rows: &mut Vec<StoredRow>,
    ) -> Outcome<()> {
        let last = tree::blocks_in(total).saturating_sub(1);
        for (index, block) in (first..).zip(bytes.chunks_mut(size(BLOCK_BYTES))) {
            let place = BlockPlace { index, generation, last: index == last };
            let tag = self.cipher.seal(place, block)?;
            rows.push(StoredRow { entry: tree::entry(index, total, block), tag });
        }
        let step = size(self.writer.slice().bytes);
        let mut at = first * BLOCK_BYTES;
        for slice in bytes.chunks(step) {
            self.writer.write_at(at, slice)?;
            at += slice.len() as u64;
        }
        Ok(())
    }
}

/// A small file in memory, its digest known: the caller may find that it is here already.
pub(crate) struct InMemory {
    pub(crate) id: ContentId,
    bytes: u64,
    plain: Vec<Entry>,
}

/// Reads a file of at most one extent into the buffer and computes its digest.
pub(crate) fn load(source: &Source, buffers: &mut StageBuffers) -> Outcome<InMemory> {
    let bytes = source.bytes();
    let buffer = buffers.extent.first(size(bytes));
    let mut plain = Vec::with_capacity(size(tree::blocks_in(bytes)));
    for (index, block) in (0..).zip(buffer.chunks_mut(size(BLOCK_BYTES))) {
        source.read(index * BLOCK_BYTES, block)?;
        plain.push(tree::entry(index, bytes, block));
    }
    source.check_unchanged()?;
    Ok(InMemory { id: ContentId::from_bytes(tree::root(&plain)), bytes, plain })
}

/// Writes the file that `load` left in the buffer.
pub(crate) fn stage_loaded(
    store: &Store,
    loaded: InMemory,
    buffers: &mut StageBuffers,
) -> Outcome<Staged> {
    let StageBuffers { extent, compressed, press } = buffers;
    let plain_bytes = extent.first(size(loaded.bytes));
    let frames = compress::small(plain_bytes, press, compressed);
    let stored_bytes = if frames.is_empty() { loaded.bytes } else { compressed.len() as u64 };
    if !frames.is_empty() {
        plain_bytes[..compressed.len()].copy_from_slice(compressed);
    }
    let target = Target::begin(store, stored_bytes)?;
    let mut stored = Vec::with_capacity(size(tree::blocks_in(stored_bytes)));
    let written = target
        .seal_and_write((0, stored_bytes, 0), extent.first(size(stored_bytes)), &mut stored)
        .and_then(|()| target.writer.finish(stored_bytes));
    if let Err(fault) = written {
        store.backend().discard(target.name)?;
        return Err(fault);
    }
    Ok(Staged {
        id: loaded.id,
        bytes: loaded.bytes,
        data: target.name,
        key: target.key,
        codec: if frames.is_empty() { Codec::Raw } else { Codec::Zstd },
        stored_bytes,
        stored,
        generations: vec![0; size(stored_bytes.div_ceil(EXTENT_BYTES))],
        frames,
        plain: loaded.plain,
    })
}

/// The digest of a file, read without writing anything.
pub(crate) fn digest(source: &Source, buffers: &mut StageBuffers) -> Outcome<ContentId> {
    let total = source.bytes();
    let block_buffer = buffers.extent.first(size(BLOCK_BYTES));
    let mut entries = Vec::with_capacity(size(tree::blocks_in(total)));
    for index in 0..tree::blocks_in(total) {
        let at = index * BLOCK_BYTES;
        let block = &mut block_buffer[..size(BLOCK_BYTES.min(total - at))];
        source.read(at, block)?;
        entries.push(tree::entry(index, total, block));
    }
    source.check_unchanged()?;
    Ok(ContentId::from_bytes(tree::root(&entries)))
}

/// Entry of the first block of a file of more than one block: tells most files of one size apart.
pub(crate) fn first_entry(source: &Source, buffers: &mut StageBuffers) -> Outcome<Entry> {
    let block = buffers.extent.first(size(BLOCK_BYTES.min(source.bytes())));
    source.read(0, block)?;
    Ok(tree::entry(0, source.bytes(), block))
}

/// What one extent came to.
#[derive(Clone)]
struct ExtentTables {
    generation: u32,
    plain: Vec<Entry>,
    rows: Vec<StoredRow>,
}

/// A large raw file being written by several workers.
pub(crate) struct Attempt {
    source: Source,
    target: Target,
    generation: u32,
    /// Tables of finished extents; those of an earlier process are checked before they count.
    earlier: Vec<Option<ExtentTables>>,
    done: Mutex<Vec<Option<ExtentTables>>>,
    progress: Option<Progress>,
}

impl Attempt {
    /// Begins to write a file; `from` is an interrupted attempt at this very file.
    pub(crate) fn begin(store: &Store, source: Source, from: Option<Interrupted>) -> Outcome<Self> {
        let extents = size(source.bytes().div_ceil(EXTENT_BYTES));
        if let Some(interrupted) = from
            && let Some((target, progress, earlier)) = interrupted.take_up(store, extents)?
        {
            let generation = progress.generation();
            let done = Mutex::new(vec![None; extents]);
            return Ok(Self {
                source,
                target,
                generation,
                earlier,
                done,
                progress: Some(progress),
            });
        }
        let target = Target::begin(store, source.bytes())?;
        let progress = Progress::begin(store, &target, &source)?;
        let done = Mutex::new(vec![None; extents]);
        Ok(Self { source, target, generation: 0, earlier: vec![None; extents], done, progress })
    }

    /// How many extents there are.
    pub(crate) fn extents(&self) -> u64 {
        self.source.bytes().div_ceil(EXTENT_BYTES)
    }

    /// Takes in one extent; gives how many bytes it has. Each extent exactly once.
    pub(crate) fn extent(&self, extent: u64, buffers: &mut StageBuffers) -> Outcome<u64> {
        let from = extent * EXTENT_BYTES;
        let to = (from + EXTENT_BYTES).min(self.source.bytes());
        let tables = match &self.earlier[size(extent)] {
            Some(earlier) if self.still_holds(extent, earlier, buffers) => earlier.clone(),
            _ => self.write(from, to, buffers)?,
        };
        if let Some(progress) = &self.progress {
            progress.note(extent, &tables, &*self.target.writer)?;
        }
        fail::fail_point!("stage-extent", |_| std::process::abort());
        let mut done = self.done.lock().map_err(|_| Fault::new(Code::Internal))?;
        done[size(extent)] = Some(tables);
        Ok(to - from)
    }

    /// Whether what an earlier process wrote for this extent is still there, unchanged.
    fn still_holds(&self, extent: u64, earlier: &ExtentTables, buffers: &mut StageBuffers) -> bool {
        let total = self.source.bytes();
        let from = extent * EXTENT_BYTES;
        let buffer = buffers.extent.first(size(EXTENT_BYTES.min(total - from)));
        if self.target.writer.read_back(from, buffer).is_err() {
            return false;
        }
        let first = extent * BLOCKS_PER_EXTENT;
        let mut blocks = (first..).zip(buffer.chunks(size(BLOCK_BYTES)).zip(&earlier.rows));
        blocks.all(|(index, (block, row))| tree::entry(index, total, block) == row.entry)
    }

    fn write(&self, from: u64, to: u64, buffers: &mut StageBuffers) -> Outcome<ExtentTables> {
        let total = self.source.bytes();
        let step = self.target.writer.slice().bytes;
        self.source.will_read(to, EXTENT_BYTES);
        let mut tables =
            ExtentTables { generation: self.generation, plain: Vec::new(), rows: Vec::new() };
        let mut at = from;
        while at < to {
            let slice = buffers.extent.first(size(step.min(to - at)));
            let first = at / BLOCK_BYTES;
            for (index, block) in (first..).zip(slice.chunks_mut(size(BLOCK_BYTES))) {
                self.source.read(index * BLOCK_BYTES, block)?;
                tables.plain.push(tree::entry(index, total, block));
            }
            let place = (first, total, self.generation);
            self.target.seal_and_write(place, slice, &mut tables.rows)?;
            at += slice.len() as u64;
        }
        Ok(tables)
    }

    /// Ends the attempt once every extent was taken in.
    pub(crate) fn finish(&self) -> Outcome<Staged> {
        self.source.check_unchanged()?;
        let bytes = self.source.bytes();
        self.target.writer.finish(bytes)?;
        let mut done = self.done.lock().map_err(|_| Fault::new(Code::Internal))?;
        let tables: Option<Vec<ExtentTables>> = std::mem::take(&mut *done).into_iter().collect();
        let tables = tables.ok_or_else(|| Fault::new(Code::Internal).with("what", "extent"))?;
        let plain: Vec<Entry> = tables.iter().flat_map(|tables| tables.plain.clone()).collect();
        Ok(Staged {
            id: ContentId::from_bytes(tree::root(&plain)),
            bytes,
            data: self.target.name,
            key: self.target.key.clone(),
            codec: Codec::Raw,
            stored_bytes: bytes,
            stored: tables.iter().flat_map(|tables| tables.rows.clone()).collect(),
            generations: tables.iter().map(|tables| tables.generation).collect(),
            frames: Vec::new(),
            plain,
        })
    }

    /// The name to discard if the attempt is given up for good. An attempt that a person or a
    /// crash stopped is left, to be taken up again.
    pub(crate) fn name(&self) -> StoreName {
        self.target.name
    }
}

pub(crate) use compress::stage_compressed;

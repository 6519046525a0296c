//! Bytes that arrive in order, from a network: sealed and written as they come, never in the clear
//! on a disk, never read a second time.
//!
//! What stands in finished extents is noted beside the attempt, so that a later process goes on
//! there; what came after the last note is asked for again. An attempt whose writing failed is
//! given up: its place in the cipher must not be used for other bytes.

use super::progress::{self, Interrupted, Progress};
use super::{ExtentTables, Staged, Store, Target, size};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT, EXTENT_BYTES};
use crate::store::aligned::AlignedBuffer;
use crate::store::backend::StoreName;
use crate::store::cipher::{BlockPlace, SecretKey};
use crate::store::durable;
use crate::store::manifest::Codec;
use crate::store::tree::{self, Entry};
use std::path::PathBuf;
use vault_proof::ContentId;
use vault_proof::canonical::{self, Value};

/// Extents between two notes: at the speed of a network a note for each is not felt.
const STEP_EXTENTS: usize = 1;

/// An object whose bytes are arriving.
pub(crate) struct Arriving {
    target: Target,
    bytes: u64,
    /// Bytes sealed and written.
    written: u64,
    buffer: AlignedBuffer,
    slice: usize,
    /// Bytes in the buffer.
    filled: usize,
    generation: u32,
    done: Vec<ExtentTables>,
    current: ExtentTables,
    progress: Option<Progress>,
    /// Whether its last extent is noted too: it is kept when it is whole.
    kept: bool,
    /// The header of the progress file, which is made with the first finished extent.
    header: Vec<u8>,
}

/// An attempt that a stop left; its note is that of who began it.
pub(crate) struct Left {
    /// What was noted at its beginning.
    pub(crate) note: Value,
    /// How many bytes it is to have.
    pub(crate) bytes: u64,
    /// How many of them may be there still.
    pub(crate) offset: u64,
    interrupted: Interrupted,
}

fn path_of(store: &Store, name: StoreName) -> Option<PathBuf> {
    store.backend().local().map(|local| local.staging().join(format!("{name}.arrival")))
}

fn no_tables(generation: u32) -> ExtentTables {
    ExtentTables { generation, plain: Vec::new(), rows: Vec::new() }
}

impl Arriving {
    /// Begins an object of that many bytes. The note is kept with it, sealed.
    pub(crate) fn begin(store: &Store, bytes: u64, note: Value) -> Outcome<Self> {
        let target = Target::begin(store, bytes)?;
        let header = canonical::encode(&Value::map([
            ("bytes", Value::text(bytes.to_string())),
            ("key", Value::text(hex::encode(target.key.expose()))),
            ("note", note),
        ]));
        Ok(Self::of(target, bytes, 0, header))
    }

    fn of(target: Target, bytes: u64, generation: u32, header: Vec<u8>) -> Self {
        let slice = size(target.writer.slice().bytes);
        Self {
            target,
            bytes,
            written: 0,
            buffer: AlignedBuffer::new(slice),
            slice,
            filled: 0,
            generation,
            done: Vec::new(),
            current: no_tables(generation),
            progress: None,
            kept: false,
            header,
        }
    }

    /// The same, noted to its last byte: it waits to be read again (`read_again`).
    #[must_use]
    pub(crate) fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    /// Gives its buffer back once it is whole and only waits.
    pub(crate) fn rest(&mut self) {
        self.buffer = AlignedBuffer::new(0);
        self.slice = 0;
    }

    /// Reads plain bytes of an attempt that is whole again, from the beginning of a block on, each
    /// block verified against what was hashed and sealed when it came. Blocks. Fails with
    /// `StoredBytesDamaged`.
    pub(crate) fn read_again(&self, from: u64, plain: &mut [u8]) -> Outcome<()> {
        let mut stored = vec![0; plain.len()];
        self.target.writer.read_back(from, &mut stored)?;
        let last = tree::blocks_in(self.bytes).saturating_sub(1);
        let block = size(BLOCK_BYTES);
        let pairs = stored.chunks(block).zip(plain.chunks_mut(block));
        for (index, (stored, plain)) in (from / BLOCK_BYTES..).zip(pairs) {
            let tables = self.done.get(size(index / BLOCKS_PER_EXTENT));
            let row = size(index % BLOCKS_PER_EXTENT);
            let holds = tables.is_some_and(|tables| {
                let place =
                    BlockPlace { index, generation: tables.generation, last: index == last };
                let (rows, entries) = (tables.rows.get(row), tables.plain.get(row));
                rows.is_some_and(|known| self.target.cipher.open(place, stored, &known.tag, plain))
                    && entries == Some(&tree::entry(index, self.bytes, plain))
            });
            if !holds {
                let fault = Fault::new(Code::StoredBytesDamaged).with("class", "data");
                return Err(fault.with("from", index * BLOCK_BYTES));
            }
        }
        Ok(())
    }

    /// Takes up an attempt that was left; `None` if its bytes are gone or somebody else did.
    pub(crate) fn take_up(store: &Store, left: Left) -> Outcome<Option<Self>> {
        let extents = size(left.bytes.div_ceil(EXTENT_BYTES));
        let Some((target, progress, earlier)) = left.interrupted.take_up(store, extents)? else {
            return Ok(None);
        };
        let mut arriving = Self::of(target, left.bytes, progress.generation(), Vec::new());
        for (extent, tables) in (0..).zip(earlier) {
            let Some(tables) = tables else { break };
            if !arriving.still_holds(extent, &tables) {
                break;
            }
            arriving.written = ((extent + 1) * EXTENT_BYTES).min(left.bytes);
            arriving.done.push(tables);
        }
        arriving.progress = Some(progress);
        Ok(Some(arriving))
    }

    /// Whether what was noted of an extent is still there, unchanged.
    fn still_holds(&mut self, extent: u64, tables: &ExtentTables) -> bool {
        let from = extent * EXTENT_BYTES;
        let mut bytes = vec![0; size(EXTENT_BYTES.min(self.bytes - from))];
        if self.target.writer.read_back(from, &mut bytes).is_err() {
            return false;
        }
        let blocks = bytes.chunks(size(BLOCK_BYTES));
        let first = extent * BLOCKS_PER_EXTENT;
        blocks.len() == tables.rows.len()
            && (first..)
                .zip(blocks.zip(&tables.rows))
                .all(|(index, (block, row))| tree::entry(index, self.bytes, block) == row.entry)
    }

    /// How many bytes are here.
    pub(crate) fn offset(&self) -> u64 {
        self.written + self.filled as u64
    }

    /// Whether the buffer is to be sealed before more can be taken.
    pub(crate) fn is_full(&self) -> bool {
        self.filled > 0 && (self.filled == self.slice || self.offset() == self.bytes)
    }

    /// Takes as many bytes as the buffer has room for; gives how many. Never more than are to come.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> usize {
        let left = size(self.bytes - self.offset());
        let count = bytes.len().min(self.slice - self.filled).min(left);
        let buffer = self.buffer.first(self.filled + count);
        buffer[self.filled..].copy_from_slice(&bytes[..count]);
        self.filled += count;
        count
    }

    /// Seals and writes what is in the buffer. Blocks. After a failure it must be given up.
    pub(crate) fn seal(&mut self, store: &Store) -> Outcome<()> {
        let slice = self.buffer.first(self.filled);
        let first = self.written / BLOCK_BYTES;
        for (index, block) in (first..).zip(slice.chunks(size(BLOCK_BYTES))) {
            self.current.plain.push(tree::entry(index, self.bytes, block));
        }
        let place = (first, self.bytes, self.generation);
        self.target.seal_and_write(place, slice, &mut self.current.rows)?;
        self.written += self.filled as u64;
        self.filled = 0;
        if self.written.is_multiple_of(EXTENT_BYTES) || self.written == self.bytes {
            self.end_extent(store)?;
        }
        Ok(())
    }

    fn end_extent(&mut self, store: &Store) -> Outcome<()> {
        let tables = std::mem::replace(&mut self.current, no_tables(self.generation));
        if self.progress.is_none()
            && (self.kept || self.written < self.bytes)
            && let Some(path) = path_of(store, self.target.name)
        {
            let header = std::mem::take(&mut self.header);
            let kept = Progress::create(store, self.target.name, path, STEP_EXTENTS, header)?;
            self.progress = Some(kept);
        }
        if let Some(progress) = &self.progress {
            progress.note(self.done.len() as u64, &tables, &*self.target.writer)?;
        }
        self.done.push(tables);
        fail::fail_point!("arriving-extent", |_| std::process::abort());
        Ok(())
    }

    /// Ends it once every byte came. Blocks.
    pub(crate) fn finish(&mut self) -> Outcome<Staged> {
        self.target.writer.finish(self.bytes)?;
        let tables = std::mem::take(&mut self.done);
        let plain: Vec<Entry> = tables.iter().flat_map(|tables| tables.plain.clone()).collect();
        Ok(Staged {
            id: ContentId::from_bytes(tree::root(&plain)),
            bytes: self.bytes,
            data: self.target.name,
            key: self.target.key.clone(),
            codec: Codec::Raw,
            stored_bytes: self.bytes,
            stored: tables.iter().flat_map(|tables| tables.rows.clone()).collect(),
            generations: tables.iter().map(|tables| tables.generation).collect(),
            frames: Vec::new(),
            plain,
        })
    }

    /// Removes what was noted, once it is committed or given up.
    pub(crate) fn forget(&self, store: &Store) -> Outcome<()> {
        match path_of(store, self.target.name) {
            Some(path) if self.progress.is_some() => durable::remove(&path),
            _ => Ok(()),
        }
    }

    /// Removes it altogether.
    pub(crate) fn give_up(&self, store: &Store) -> Outcome<()> {
        store.backend().discard(self.target.name)?;
        self.forget(store)
    }
}

/// Everything that arrived in part and that nobody works on.
pub(crate) fn left(store: &Store) -> Outcome<Vec<Left>> {
    let mut found = Vec::new();
    progress::each_left(store, "arrival", &mut |path, name, mut records| {
        found.extend(read(path, name, &mut records));
    })?;
    Ok(found)
}

fn read(path: PathBuf, name: StoreName, records: &mut Vec<Vec<u8>>) -> Option<Left> {
    let mut fields = canonical::parse(&records.remove(0)).ok()?.fields().ok()?;
    let bytes: u64 = fields.parsed("bytes").ok()?;
    let key: [u8; 32] = hex::decode(fields.text("key").ok()?).ok()?.try_into().ok()?;
    let note = fields.take("note").ok()?;
    let records = std::mem::take(records);
    let key = SecretKey::from_bytes(key);
    let interrupted = Interrupted::of(path, name, key, STEP_EXTENTS, records);
    let offset = (interrupted.extents_in_a_row() * EXTENT_BYTES).min(bytes);
    Some(Left { note, bytes, offset, interrupted })
}

impl Left {
    /// Removes it altogether.
    pub(crate) fn give_up(self, store: &Store) -> Outcome<()> {
        store.backend().discard(self.interrupted.name())?;
        self.interrupted.remove()
    }
}

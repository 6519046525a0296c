//! Taking in what the vault made itself: previews and texts, from memory or from a spool.
//!
//! The same blocks, keys and manifests as a recording's; read in order, by one worker.

use super::{InMemory, tree};
use super::{StageBuffers, Staged, Store, Target, size, stage_loaded};
use crate::fault::Outcome;
use crate::limits::{BLOCK_BYTES, EXTENT_BYTES};
use crate::store::manifest::Codec;
use vault_proof::ContentId;

/// Something that can be read from its beginning to its end.
pub(crate) trait ObjectSource {
    /// How many bytes it has.
    fn bytes(&self) -> u64;

    /// Fills the buffer from this place on.
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> Outcome<()>;
}

impl ObjectSource for &[u8] {
    fn bytes(&self) -> u64 {
        self.len() as u64
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let from = size(offset);
        buffer.copy_from_slice(&self[from..from + buffer.len()]);
        Ok(())
    }
}

/// Stages an object; it is visible once it was placed.
pub(crate) fn stage_object(
    store: &Store,
    source: &mut dyn ObjectSource,
    buffers: &mut StageBuffers,
) -> Outcome<Staged> {
    if source.bytes() <= EXTENT_BYTES {
        let loaded = load(source, buffers)?;
        return stage_loaded(store, loaded, buffers);
    }
    let target = Target::begin(store, source.bytes())?;
    let written = write(source, &target, buffers);
    if written.is_err() {
        store.backend().discard(target.name)?;
    }
    let (stored, plain) = written?;
    let bytes = source.bytes();
    Ok(Staged {
        id: ContentId::from_bytes(tree::root(&plain)),
        bytes,
        data: target.name,
        key: target.key,
        codec: Codec::Raw,
        stored_bytes: bytes,
        stored,
        generations: vec![0; size(bytes.div_ceil(EXTENT_BYTES))],
        frames: Vec::new(),
        plain,
    })
}

fn load(source: &mut dyn ObjectSource, buffers: &mut StageBuffers) -> Outcome<InMemory> {
    let bytes = source.bytes();
    let buffer = buffers.extent.first(size(bytes));
    source.read(0, buffer)?;
    let blocks = buffer.chunks(size(BLOCK_BYTES));
    let plain: Vec<_> =
        (0..).zip(blocks).map(|(index, block)| tree::entry(index, bytes, block)).collect();
    Ok(InMemory { id: ContentId::from_bytes(tree::root(&plain)), bytes, plain })
}

type Tables = (Vec<super::StoredRow>, Vec<super::Entry>);

fn write(
    source: &mut dyn ObjectSource,
    target: &Target,
    buffers: &mut StageBuffers,
) -> Outcome<Tables> {
    let total = source.bytes();
    let step = target.writer.slice().bytes;
    let (mut rows, mut plain) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < total {
        let slice = buffers.extent.first(size(step.min(total - at)));
        source.read(at, slice)?;
        let first = at / BLOCK_BYTES;
        for (index, block) in (first..).zip(slice.chunks(size(BLOCK_BYTES))) {
            plain.push(tree::entry(index, total, block));
        }
        target.seal_and_write((first, total, 0), slice, &mut rows)?;
        at += slice.len() as u64;
    }
    target.writer.finish(total)?;
    Ok((rows, plain))
}

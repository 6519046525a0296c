//! Compression by trial: video is left alone, sound, documents and logs shrink.
//!
//! The trial asks the bytes, not the file's name: what does not shrink by 5 % is stored raw. The
//! id is over the plain bytes either way, and scrubs check the stored ones.

use super::{Source, StageBuffers, Staged, Store, Target, size};
use crate::fault::{Code, Fault, Outcome};
use crate::limits::{BLOCK_BYTES, EXTENT_BYTES};
use crate::store::manifest::{Codec, StoredRow};
use crate::store::read::FRAME_BYTES;
use crate::store::tree::{self, Entry};
use vault_proof::ContentId;
use zstd::bulk::Compressor;

/// zstd level: 1 gives most of what there is to gain on sound and logs, at over 1 GB/s.
pub(crate) const LEVEL: i32 = 1;

/// Below this nothing is worth a frame header.
const WORTH_FROM_BYTES: usize = 512;

/// Bytes of one trial.
const TRIAL_BYTES: usize = 256 * 1024;

/// First bytes of formats that are compressed already; a trial on them is wasted time.
fn compressed_already(start: &[u8]) -> bool {
    let iso_media = start.get(4..8) == Some(b"ftyp");
    let starts: [&[u8]; 7] = [
        b"\xff\xd8\xff",
        b"\x89PNG",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"\x1a\x45\xdf\xa3",
        b"OggS",
    ];
    iso_media || starts.iter().any(|magic| start.starts_with(magic))
}

/// A compressor and its output, kept from file to file: making one costs more than a small file.
pub(super) struct Press {
    compressor: Option<Compressor<'static>>,
    out: Vec<u8>,
}

impl Press {
    pub(super) const fn new() -> Self {
        Self { compressor: None, out: Vec::new() }
    }

    fn compress(&mut self, plain: &[u8]) -> std::io::Result<&[u8]> {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => none.insert(Compressor::new(LEVEL)?),
        };
        self.out.clear();
        self.out.reserve(zstd::zstd_safe::compress_bound(plain.len()));
        compressor.compress_to_buffer(plain, &mut self.out)?;
        Ok(&self.out)
    }

    fn shrinks(&mut self, sample: &[u8]) -> bool {
        let compressed = self.compress(sample);
        compressed.is_ok_and(|compressed| compressed.len() * 100 <= sample.len() * 95)
    }
}

/// Whether a large file shrinks: by its first bytes, then by samples from four places.
pub(crate) fn worth_compressing(source: &Source, buffers: &mut StageBuffers) -> Outcome<bool> {
    let sample = buffers.extent.first(4 * TRIAL_BYTES);
    let step = (source.bytes() - TRIAL_BYTES as u64) / 3;
    for (place, part) in (0..).zip(sample.chunks_mut(TRIAL_BYTES)) {
        source.read(place * step, part)?;
    }
    Ok(!compressed_already(sample) && buffers.press.shrinks(sample))
}

/// Compresses a small file into `out`; gives the frame lengths, none if it stays raw.
pub(super) fn small(plain: &[u8], press: &mut Press, out: &mut Vec<u8>) -> Vec<u32> {
    out.clear();
    let sample = &plain[..plain.len().min(TRIAL_BYTES)];
    if plain.len() < WORTH_FROM_BYTES || compressed_already(plain) || !press.shrinks(sample) {
        return Vec::new();
    }
    let mut frames = Vec::new();
    for frame in plain.chunks(size(FRAME_BYTES)) {
        let Ok(compressed) = press.compress(frame) else { return Vec::new() };
        let Ok(length) = u32::try_from(compressed.len()) else { return Vec::new() };
        out.extend_from_slice(compressed);
        frames.push(length);
    }
    if out.len() >= plain.len() {
        return Vec::new();
    }
    frames
}

/// Takes in a large file that shrinks, frame by frame, in one worker.
pub(crate) fn stage_compressed(
    store: &Store,
    source: &Source,
    buffers: &mut StageBuffers,
    proceed: &dyn Fn(u64) -> Outcome<()>,
) -> Outcome<Staged> {
    let mut stream = Stream {
        target: Target::begin(store, 0)?,
        pending: std::mem::take(&mut buffers.compressed),
        written: 0,
        rows: Vec::new(),
    };
    stream.pending.clear();
    let result = frames(&mut stream, source, buffers, proceed);
    let Stream { target, pending, written, rows } = stream;
    buffers.compressed = pending;
    match result {
        Ok((plain, frames)) => Ok(Staged {
            id: ContentId::from_bytes(tree::root(&plain)),
            bytes: source.bytes(),
            data: target.name,
            key: target.key,
            codec: Codec::Zstd,
            stored_bytes: written,
            stored: rows,
            generations: vec![0; size(written.div_ceil(EXTENT_BYTES))],
            frames,
            plain,
        }),
        Err(fault) => {
            store.backend().discard(target.name)?;
            Err(fault)
        }
    }
}

fn frames(
    stream: &mut Stream,
    source: &Source,
    buffers: &mut StageBuffers,
    proceed: &dyn Fn(u64) -> Outcome<()>,
) -> Outcome<(Vec<Entry>, Vec<u32>)> {
    let failed = |error| Fault::new(Code::Internal).with("what", "zstd").caused_by(error);
    let mut press = Press::new();
    let total = source.bytes();
    let (mut plain, mut lengths) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < total {
        let frame = buffers.extent.first(size(FRAME_BYTES.min(total - at)));
        for (index, block) in (at / BLOCK_BYTES..).zip(frame.chunks_mut(size(BLOCK_BYTES))) {
            source.read(index * BLOCK_BYTES, block)?;
            plain.push(tree::entry(index, total, block));
        }
        let plain_bytes = frame.len() as u64;
        let compressed = press.compress(frame).map_err(failed)?;
        let length = u32::try_from(compressed.len()).map_err(|_| Fault::new(Code::Internal))?;
        lengths.push(length);
        at += plain_bytes;
        proceed(plain_bytes)?;
        stream.push(compressed, buffers)?;
    }
    source.check_unchanged()?;
    stream.end(buffers)?;
    Ok((plain, lengths))
}

/// Stored plain bytes on their way into a blob of yet unknown length.
struct Stream {
    target: Target,
    pending: Vec<u8>,
    written: u64,
    rows: Vec<StoredRow>,
}

impl Stream {
    /// Writes whole slices; one byte at least stays back, because the last block is special.
    fn push(&mut self, bytes: &[u8], buffers: &mut StageBuffers) -> Outcome<()> {
        self.pending.extend_from_slice(bytes);
        let step = size(self.target.writer.slice().bytes);
        while self.pending.len() > step {
            let slice = buffers.extent.first(step);
            slice.copy_from_slice(&self.pending[..step]);
            // More follows, so the blob is longer than this: its exact length does not matter yet.
            let at_least = self.written + step as u64 + 1;
            let place = (self.written / BLOCK_BYTES, at_least, 0);
            self.target.seal_and_write(place, slice, &mut self.rows)?;
            self.pending.drain(..step);
            self.written += step as u64;
        }
        Ok(())
    }

    fn end(&mut self, buffers: &mut StageBuffers) -> Outcome<()> {
        let rest = buffers.extent.first(self.pending.len());
        rest.copy_from_slice(&self.pending);
        let total = self.written + self.pending.len() as u64;
        let place = (self.written / BLOCK_BYTES, total, 0);
        self.target.seal_and_write(place, rest, &mut self.rows)?;
        self.written = total;
        self.target.writer.finish(total)
    }
}

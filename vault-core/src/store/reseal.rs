//! Stored bytes made again from plain ones, so that a recording on a disc can mend the store.
//!
//! Promises: nothing is sealed that is not the recording: every plain block is compared with the
//! manifest first, so no nonce ever meets a second plain text. What comes out is compared with the
//! manifest by who asks for it. Compressed recordings come back where zstd still makes the same
//! bytes of them; where it does not, they are refused, never stored otherwise.

use super::backend::BlobReader;
use super::cipher::{BlockCipher, BlockPlace};
use super::manifest::{Codec, Manifest, SealedPart};
use super::read::{FRAME_BYTES, frame_starts};
use super::stage::LEVEL;
use super::tree;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT};
use std::fmt;
use zstd::bulk::Compressor;

/// The stored bytes of an object, made of its plain ones as they are asked for.
pub(super) struct Resealed<'a> {
    manifest: &'a Manifest,
    sealed: SealedPart,
    cipher: BlockCipher,
    frame_starts: Vec<u64>,
    plain: &'a dyn BlobReader,
}

impl fmt::Debug for Resealed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Resealed").field("id", &self.sealed.id).finish_non_exhaustive()
    }
}

fn size(bytes: u64) -> usize {
    // Lengths here are at most an extent; the platform is 64-bit.
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl<'a> Resealed<'a> {
    /// Fails where the key was shredded or the manifest does not open with it.
    pub(super) fn new(
        manifest: &'a Manifest,
        keys: &KeyStore,
        plain: &'a dyn BlobReader,
    ) -> Outcome<Self> {
        let key = keys.key(manifest.open.key_slot, &manifest.open.data.0)?;
        let sealed = manifest.unseal(&key)?;
        let frame_starts = frame_starts(manifest, &sealed)?;
        let cipher = BlockCipher::new(&key, manifest.open.data)?;
        Ok(Self { manifest, sealed, cipher, frame_starts, plain })
    }

    /// Reads plain bytes that begin at a block; each block must be the one the manifest names.
    fn original(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        self.plain.read_at(offset, buffer)?;
        for (index, block) in (offset / BLOCK_BYTES..).zip(buffer.chunks(size(BLOCK_BYTES))) {
            let known = self.sealed.plain.get(size(index));
            if known != Some(&tree::entry(index, self.sealed.bytes, block)) {
                return Err(self.other(index * BLOCK_BYTES));
            }
        }
        Ok(())
    }

    fn other(&self, at: u64) -> Fault {
        let fault = Fault::new(Code::VolumeUnreadable).with("recording", self.sealed.id);
        fault.with("what", "not the recording").with("from", at)
    }

    /// Compresses the frames of which `buffer`, from `offset` of the compressed bytes on, is made.
    fn compressed(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        let end = offset + buffer.len() as u64;
        let failed = |error| Fault::new(Code::Internal).with("what", "zstd").caused_by(error);
        let mut compressor = Compressor::new(LEVEL).map_err(failed)?;
        let mut plain = Vec::new();
        let frames = (0_u64..).zip(self.frame_starts.windows(2));
        for (frame, place) in frames {
            let &[from, to] = place else { continue };
            if to <= offset || from >= end {
                continue;
            }
            let at = frame * FRAME_BYTES;
            plain.resize(size(FRAME_BYTES.min(self.sealed.bytes - at)), 0);
            self.original(at, &mut plain)?;
            let bytes = compressor.compress(&plain).map_err(failed)?;
            if bytes.len() as u64 != to - from {
                return Err(self.other(at).with("reason", "zstd"));
            }
            let (first, last) = (from.max(offset), to.min(end));
            buffer[size(first - offset)..size(last - offset)]
                .copy_from_slice(&bytes[size(first - from)..size(last - from)]);
        }
        Ok(())
    }
}

impl BlobReader for Resealed<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Outcome<()> {
        match self.manifest.open.codec {
            Codec::Raw => self.original(offset, buffer)?,
            Codec::Zstd => self.compressed(offset, buffer)?,
        }
        let open = &self.manifest.open;
        let last = tree::blocks_in(open.stored_bytes) - 1;
        for (index, block) in (offset / BLOCK_BYTES..).zip(buffer.chunks_mut(size(BLOCK_BYTES))) {
            let generation = open.generations.get(size(index / BLOCKS_PER_EXTENT));
            let generation = *generation.ok_or_else(|| Fault::new(Code::Internal))?;
            self.cipher.seal(BlockPlace { index, generation, last: index == last }, block)?;
        }
        Ok(())
    }
}

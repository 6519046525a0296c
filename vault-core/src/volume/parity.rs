//! Parity (校验冗余) behind an image: what a damaged disc is made whole from (R16).
//!
//! The image is cut into chunks of 64 KiB, the chunks into 200 shards that lie one behind the
//! other; 40 shards of Reed-Solomon parity follow. Chunk `j` of every shard makes one codeword, so
//! that a contiguous damage of 40 shards' length, a sixth of the whole, takes 40 chunks of each and
//! no more. A table of the BLAKE3 of every chunk, in two copies with the whole parity between them,
//! turns errors into erasures. Promises: what is given back agrees with that table; more damage
//! than the parity covers is named, chunk by chunk, never guessed. Format: `docs/formats/volume.md`.

use crate::fault::{Code, Fault, Outcome};
use crate::limits::BLOCK_BYTES;
use crate::store::tree::{self, Entry};
use rayon::prelude::*;
use reed_solomon_simd::{ReedSolomonDecoder, ReedSolomonEncoder};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use vault_proof::ContentId;

/// Bytes of a chunk.
pub(crate) const CHUNK: u64 = 64 << 10;
/// Shards of data.
const N_DATA: u64 = 200;
/// Shards of parity: a sixth of all, so that 16 % of contiguous damage is survived.
const N_PARITY: u64 = 40;
const BLOCK: usize = 4_096;
const DIGEST: usize = 32;
const PAYLOAD: usize = BLOCK - DIGEST;
const MAGIC: &[u8; 8] = b"EVPARIT1";

/// Where everything lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    /// Chunks of the image.
    data_chunks: u64,
    /// Chunks of a shard.
    shard_chunks: u64,
}

impl Layout {
    fn of(data_bytes: u64) -> Self {
        let data_chunks = data_bytes.div_ceil(CHUNK).max(1);
        Self { data_chunks, shard_chunks: data_chunks.div_ceil(N_DATA) }
    }

    const fn parity_chunks(self) -> u64 {
        self.shard_chunks * N_PARITY
    }

    const fn table_bytes(self) -> u64 {
        (self.data_chunks + self.parity_chunks()) * DIGEST as u64
    }

    const fn table_blocks(self) -> u64 {
        self.table_bytes().div_ceil(PAYLOAD as u64)
    }

    /// A header block and the table, in whole chunks.
    const fn table_space(self) -> u64 {
        ((1 + self.table_blocks()) * BLOCK as u64).div_ceil(CHUNK) * CHUNK
    }

    const fn first_table(self) -> u64 {
        self.data_chunks * CHUNK
    }

    const fn parity_begin(self) -> u64 {
        self.first_table() + self.table_space()
    }

    const fn second_table(self) -> u64 {
        self.parity_begin() + self.parity_chunks() * CHUNK
    }

    const fn end(self) -> u64 {
        self.second_table() + self.table_space()
    }

    /// Where a chunk lies, by its number in the table: data first, then parity.
    const fn place(self, number: u64) -> u64 {
        if number < self.data_chunks {
            number * CHUNK
        } else {
            self.parity_begin() + (number - self.data_chunks) * CHUNK
        }
    }

    fn header(self) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        block[..8].copy_from_slice(MAGIC);
        block[8..16].copy_from_slice(&self.data_chunks.to_le_bytes());
        block[16..24].copy_from_slice(&self.shard_chunks.to_le_bytes());
        seal(&mut block, u64::MAX);
        block
    }

    fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        let number = |at: usize| Some(u64::from_le_bytes(block.get(at..at + 8)?.try_into().ok()?));
        let layout = Self { data_chunks: number(8)?, shard_chunks: number(16)? };
        let right = &block[..8] == MAGIC
            && layout.data_chunks > 0
            && layout.data_chunks < u64::MAX / CHUNK / 4
            && layout.shard_chunks == layout.data_chunks.div_ceil(N_DATA)
            && sealed(block, u64::MAX);
        right.then_some(layout)
    }
}

/// The longest file system that, with its tables and parity, is no longer than so many bytes.
pub(super) fn room_within(bytes: u64) -> u64 {
    let fits = |chunks: u64| Layout::of(chunks * CHUNK).end() <= bytes;
    let (mut fitting, mut beyond) = (0, bytes / CHUNK + 1);
    while fitting + 1 < beyond {
        let middle = u64::midpoint(fitting, beyond);
        if fits(middle) { fitting = middle } else { beyond = middle }
    }
    fitting * CHUNK
}

/// How long the image of a file system of so many bytes is, with its tables and parity.
pub(super) fn image_bytes(file_system: u64) -> u64 {
    Layout::of(file_system).end()
}

fn block_digest(block: &[u8; BLOCK], number: u64) -> [u8; DIGEST] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(MAGIC).update(&number.to_le_bytes()).update(&block[..PAYLOAD]);
    *hasher.finalize().as_bytes()
}

fn seal(block: &mut [u8; BLOCK], number: u64) {
    let digest = block_digest(block, number);
    block[PAYLOAD..].copy_from_slice(&digest);
}

fn sealed(block: &[u8; BLOCK], number: u64) -> bool {
    block[PAYLOAD..] == block_digest(block, number)
}

fn size(bytes: u64) -> usize {
    // A chunk, a table or an index of one; the platform is 64-bit.
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn coding(error: reed_solomon_simd::Error) -> Fault {
    Fault::new(Code::Internal).with("what", "parity").caused_by(error)
}

/// What makes parity, with room for one chunk; kept from column to column.
struct Coder {
    encoder: ReedSolomonEncoder,
    buffer: Vec<u8>,
}

impl Coder {
    fn new() -> Outcome<Self> {
        let encoder = ReedSolomonEncoder::new(size(N_DATA), size(N_PARITY), size(CHUNK));
        Ok(Self { encoder: encoder.map_err(coding)?, buffer: vec![0; size(CHUNK)] })
    }
}

/// An image with its parity, opened.
#[derive(Debug)]
pub(crate) struct Image {
    file: File,
    path: std::path::PathBuf,
    layout: Layout,
}

/// What reading an image found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Damaged {
    /// Numbers of the chunks of data that do not agree.
    pub(crate) data: Vec<u64>,
    /// How many chunks of parity do not agree.
    pub(crate) parity: u64,
    /// Those of `data` that the parity cannot give back.
    pub(crate) lost: Vec<u64>,
}

impl Image {
    fn failed(&self) -> impl Fn(std::io::Error) -> Fault + '_ {
        |error| Fault::from_given_path(error, &self.path)
    }

    /// Reads a chunk; what the medium does not give reads as zeros, which no digest fits.
    fn chunk(&self, number: u64, buffer: &mut [u8]) {
        buffer.fill(0);
        let mut at = 0;
        while at < buffer.len() {
            let place = self.layout.place(number) + at as u64;
            match self.file.read_at(&mut buffer[at..], place) {
                Ok(0) | Err(_) => return,
                Ok(count) => at += count,
            }
        }
    }

    /// The chunk of a data shard in a column; `None` behind the image's end, where all is zero.
    fn member(&self, shard: u64, column: u64) -> Option<u64> {
        let number = shard * self.layout.shard_chunks + column;
        (number < self.layout.data_chunks).then_some(number)
    }

    /// Puts table and parity behind an image, in place; gives the new length. Not durable.
    pub(crate) fn protect(path: &Path) -> Outcome<u64> {
        let failed = |error| Fault::from_given_path(error, path);
        let file = File::options().read(true).write(true).open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let image = Self { file, path: path.to_owned(), layout: Layout::of(length) };
        image.file.set_len(image.layout.end()).map_err(failed)?;
        let columns: Vec<_> = (0..image.layout.shard_chunks)
            .into_par_iter()
            .map_init(Coder::new, |coder, column| image.encode(column, coder.as_mut()))
            .collect::<Outcome<_>>()?;
        let chunks = image.layout.data_chunks + image.layout.parity_chunks();
        let mut table = vec![[0; DIGEST]; size(chunks)];
        for (number, digest) in columns.into_iter().flatten() {
            table[size(number)] = digest;
        }
        for copy in [image.layout.first_table(), image.layout.second_table()] {
            image.write_table(copy, &table)?;
        }
        Ok(image.layout.end())
    }

    /// Writes the parity of a column; gives the digests of its chunks by their numbers, taken of
    /// the same bytes, so that the image is read once.
    fn encode(
        &self,
        column: u64,
        coder: Result<&mut Coder, &mut Fault>,
    ) -> Outcome<Vec<(u64, [u8; DIGEST])>> {
        let Coder { encoder, buffer } = coder.map_err(|fault| Fault::new(fault.code()))?;
        let mut digests = Vec::with_capacity(size(N_DATA + N_PARITY));
        for shard in 0..N_DATA {
            match self.member(shard, column) {
                Some(number) => {
                    self.chunk(number, buffer);
                    digests.push((number, *blake3::hash(buffer).as_bytes()));
                }
                None => buffer.fill(0),
            }
            encoder.add_original_shard(&buffer).map_err(coding)?;
        }
        let parity = encoder.encode().map_err(coding)?;
        for (shard, bytes) in (0..N_PARITY).zip(parity.recovery_iter()) {
            let number = self.layout.data_chunks + shard * self.layout.shard_chunks + column;
            self.file.write_all_at(bytes, self.layout.place(number)).map_err(self.failed())?;
            digests.push((number, *blake3::hash(bytes).as_bytes()));
        }
        Ok(digests)
    }

    fn digest(&self, number: u64, buffer: &mut [u8]) -> [u8; DIGEST] {
        self.chunk(number, buffer);
        *blake3::hash(buffer).as_bytes()
    }

    fn digests(&self) -> Vec<[u8; DIGEST]> {
        let all = self.layout.data_chunks + self.layout.parity_chunks();
        (0..all)
            .into_par_iter()
            .map_init(|| vec![0; size(CHUNK)], |buffer, number| self.digest(number, buffer))
            .collect()
    }

    /// Writes a copy of the table: the first has its header before it, the second behind it, at
    /// the very end.
    fn write_table(&self, begin: u64, table: &[[u8; DIGEST]]) -> Outcome<()> {
        let bytes = table.concat();
        let first = begin == self.layout.first_table();
        let header = if first { begin } else { self.layout.end() - BLOCK as u64 };
        self.file.write_all_at(&self.layout.header(), header).map_err(self.failed())?;
        let begin = begin + if first { BLOCK as u64 } else { 0 };
        for (number, payload) in (0..).zip(bytes.chunks(PAYLOAD)) {
            let mut block = [0; BLOCK];
            block[..payload.len()].copy_from_slice(payload);
            seal(&mut block, number);
            let place = begin + number * BLOCK as u64;
            self.file.write_all_at(&block, place).map_err(self.failed())?;
        }
        Ok(())
    }

    /// Opens an image with parity: by the header at its end, or by the other one wherever it is.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let failed = |error| Fault::from_given_path(error, path);
        let file = File::open(path).map_err(failed)?;
        // The length of a drive is where seeking to its end arrives.
        let length = std::io::Seek::seek(&mut &file, std::io::SeekFrom::End(0)).map_err(failed)?;
        let mut block = [0; BLOCK];
        let mut header_at = |place: u64| {
            file.read_exact_at(&mut block, place).ok()?;
            Layout::parse(&block)
        };
        let last = length.checked_sub(BLOCK as u64).and_then(&mut header_at);
        let layout =
            last.or_else(|| (0..length / CHUNK).find_map(|chunk| header_at(chunk * CHUNK)));
        let layout = layout.ok_or_else(|| {
            Fault::new(Code::VolumeUnreadable).with("path", path.display()).with("what", "parity")
        })?;
        Ok(Self { file, path: path.to_owned(), layout })
    }

    /// Length of the image with its parity; the medium may be longer.
    pub(crate) const fn bytes(&self) -> u64 {
        self.layout.end()
    }

    /// The table, each block from whichever copy holds it whole.
    fn table(&self) -> Outcome<Vec<u8>> {
        let mut table = Vec::with_capacity(size(self.layout.table_bytes()));
        let copies = [self.layout.first_table() + BLOCK as u64, self.layout.second_table()];
        let mut block = [0; BLOCK];
        for number in 0..self.layout.table_blocks() {
            let whole = copies.iter().any(|begin| {
                let place = begin + number * BLOCK as u64;
                self.file.read_exact_at(&mut block, place).is_ok() && sealed(&block, number)
            });
            if !whole {
                return Err(Fault::new(Code::VolumeUnreadable)
                    .with("path", self.path.display())
                    .with("what", "table"));
            }
            table.extend_from_slice(&block[..PAYLOAD]);
        }
        table.truncate(size(self.layout.table_bytes()));
        Ok(table)
    }

    /// Reads everything and compares it.
    pub(crate) fn check(&self) -> Outcome<Damaged> {
        self.compare(&self.digests())
    }

    /// Reads everything once, as it lies; gives its digest beside what does not agree.
    pub(crate) fn read_back(&self) -> Outcome<(Damaged, ContentId)> {
        let bytes = self.layout.end();
        let blocks: Vec<_> = (0..tree::blocks_in(bytes))
            .into_par_iter()
            .map_init(Vec::new, |buffer, block| self.block(block, buffer))
            .collect::<Outcome<_>>()?;
        let (entries, lying): (Vec<_>, Vec<_>) = blocks.into_iter().unzip();
        let lying = lying.concat();
        let chunks = self.layout.data_chunks + self.layout.parity_chunks();
        let place = |number| size(self.layout.place(number) / CHUNK);
        let found: Vec<_> = (0..chunks).map(|number| lying[place(number)]).collect();
        Ok((self.compare(&found)?, ContentId::from_bytes(tree::root(&entries))))
    }

    /// A block as it lies: its entry in the tree of the whole, and the digest of each chunk in it.
    fn block(&self, number: u64, buffer: &mut Vec<u8>) -> Outcome<(Entry, Vec<[u8; DIGEST]>)> {
        let (from, end) = (number * BLOCK_BYTES, self.layout.end());
        buffer.resize(size(BLOCK_BYTES.min(end - from)), 0);
        self.file.read_exact_at(buffer, from).map_err(self.failed())?;
        let chunks = buffer.chunks(size(CHUNK)).map(|chunk| *blake3::hash(chunk).as_bytes());
        Ok((tree::entry(number, end, buffer), chunks.collect()))
    }

    fn compare(&self, found: &[[u8; DIGEST]]) -> Outcome<Damaged> {
        let table = self.table()?;
        let bad: Vec<u64> = (0..)
            .zip(found.iter().zip(table.chunks(DIGEST)))
            .filter(|(_, (found, said))| found.as_slice() != *said)
            .map(|(number, _)| number)
            .collect();
        let data_chunks = self.layout.data_chunks;
        let (data, parity): (Vec<u64>, Vec<u64>) =
            bad.iter().partition(|number| **number < data_chunks);
        let shards = self.layout.shard_chunks;
        let mut of_column = std::collections::HashMap::<u64, u64>::new();
        for number in &bad {
            let column =
                if *number < data_chunks { *number } else { *number - data_chunks } % shards;
            *of_column.entry(column).or_default() += 1;
        }
        let beyond = |number: &&u64| of_column.get(&(**number % shards)) > Some(&N_PARITY);
        let lost = data.iter().filter(beyond).copied().collect();
        Ok(Damaged { data, parity: parity.len() as u64, lost })
    }

    /// Writes the image, without parity, to a new file, damaged chunks made whole; those that are
    /// lost stay as they were read. Not durable.
    pub(crate) fn recover(&self, into: &Path, damaged: &Damaged) -> Outcome<()> {
        let failed = |error| Fault::from_given_path(error, into);
        let out = File::options().write(true).create_new(true).open(into).map_err(failed)?;
        let mut buffer = vec![0; size(CHUNK)];
        for number in 0..self.layout.data_chunks {
            self.chunk(number, &mut buffer);
            out.write_all_at(&buffer, number * CHUNK).map_err(failed)?;
        }
        let table = self.table()?;
        let shards = self.layout.shard_chunks;
        let mut columns: Vec<u64> = damaged.data.iter().map(|number| number % shards).collect();
        columns.sort_unstable();
        columns.dedup();
        columns.into_par_iter().try_for_each(|column| self.decode(column, &table, &out, into))
    }

    fn decode(&self, column: u64, table: &[u8], out: &File, into: &Path) -> Outcome<()> {
        let mut decoder =
            ReedSolomonDecoder::new(size(N_DATA), size(N_PARITY), size(CHUNK)).map_err(coding)?;
        let mut buffer = vec![0; size(CHUNK)];
        let said = |number: u64| &table[size(number) * DIGEST..(size(number) + 1) * DIGEST];
        let mut whole = 0;
        for shard in 0..N_DATA {
            match self.member(shard, column) {
                None => buffer.fill(0),
                Some(number) if self.digest(number, &mut buffer) == said(number) => {}
                Some(_) => continue,
            }
            decoder.add_original_shard(size(shard), &buffer).map_err(coding)?;
            whole += 1;
        }
        for shard in 0..N_PARITY {
            let number = self.layout.data_chunks + shard * self.layout.shard_chunks + column;
            if self.digest(number, &mut buffer) == said(number) {
                decoder.add_recovery_shard(size(shard), &buffer).map_err(coding)?;
                whole += 1;
            }
        }
        if whole < N_DATA {
            return Ok(());
        }
        let restored = decoder.decode().map_err(coding)?;
        for shard in 0..N_DATA {
            let Some(number) = self.member(shard, column) else { continue };
            let Some(bytes) = restored.restored_original(size(shard)) else { continue };
            if blake3::hash(bytes).as_bytes() != said(number) {
                return Err(Fault::new(Code::Internal).with("what", "parity"));
            }
            out.write_all_at(bytes, number * CHUNK)
                .map_err(|error| Fault::from_given_path(error, into))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(seed: u64, bytes: usize) -> Vec<u8> {
        let mut content = vec![0; bytes];
        blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut content);
        content
    }

    fn write(path: &Path, content: &[u8]) {
        #[expect(clippy::disallowed_methods, reason = "a file of the test")]
        std::fs::write(path, content).unwrap();
    }

    /// An image of that many bytes with parity, as bytes, and the image alone.
    fn protected(directory: &Path, bytes: usize) -> (Vec<u8>, Vec<u8>) {
        let path = directory.join("image");
        let plain = random(1, bytes);
        write(&path, &plain);
        Image::protect(&path).unwrap();
        (std::fs::read(&path).unwrap(), plain)
    }

    /// What comes back of an image that was damaged, and what the check said.
    fn back(directory: &Path, image: &[u8]) -> (Vec<u8>, Damaged) {
        let (path, into) = (directory.join("damaged"), directory.join("back"));
        write(&path, image);
        let opened = Image::open(&path).unwrap();
        let damaged = opened.check().unwrap();
        let digest = ContentId::from_bytes(*blake3::hash(image).as_bytes());
        assert_eq!(opened.read_back().unwrap(), (damaged.clone(), digest));
        opened.recover(&into, &damaged).unwrap();
        let content = std::fs::read(&into).unwrap();
        crate::store::durable::remove(&into).unwrap();
        (content, damaged)
    }

    #[test]
    fn contiguous_damage_of_a_sixth_anywhere_is_made_whole() {
        let scratch = tempfile::tempdir().unwrap();
        for bytes in [1, 70_000, 5 << 20, (30 << 20) + 12_345] {
            let (image, plain) = protected(scratch.path(), bytes);
            let (content, damaged) = back(scratch.path(), &image);
            assert_eq!((damaged, &content[..bytes]), (Damaged::default(), &plain[..]));
            // Whole shards at a time; a small image has but one chunk in each.
            let length = image.len() * 16 / 100;
            for begin in (0..image.len() - length).step_by(image.len() / 7 + 1) {
                let mut hurt = image.clone();
                hurt[begin..begin + length].fill(0xa5);
                let (content, damaged) = back(scratch.path(), &hurt);
                assert!(damaged.lost.is_empty(), "{bytes} at {begin}: {damaged:?}");
                assert!(content[..bytes] == plain, "{bytes} at {begin}");
            }
        }
    }

    #[test]
    fn scattered_damage_is_made_whole_and_more_than_the_parity_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        let bytes = 20 << 20;
        let (image, plain) = protected(scratch.path(), bytes);
        let mut hurt = image.clone();
        for at in 0..30 {
            hurt[at * 700_001] ^= 1;
        }
        let (content, damaged) = back(scratch.path(), &hurt);
        assert!(damaged.data.len() >= 25 && damaged.lost.is_empty(), "{damaged:?}");
        assert!(content[..bytes] == plain);
        // A fifth of it gone at one place: exactly the chunks that do not come back are named.
        let mut hurt = image;
        let length = hurt.len() / 4;
        hurt[1 << 20..(1 << 20) + length].fill(0);
        let (content, damaged) = back(scratch.path(), &hurt);
        assert!(!damaged.lost.is_empty());
        for (number, (found, right)) in
            (0..).zip(content.chunks(size(CHUNK)).zip(plain.chunks(size(CHUNK))))
        {
            assert_eq!(found[..right.len()] != *right, damaged.lost.contains(&number), "{number}");
        }
    }

    #[test]
    fn what_is_no_image_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("x");
        for content in [Vec::new(), random(3, 200_000)] {
            write(&path, &content);
            assert_eq!(Image::open(&path).unwrap_err().code(), Code::VolumeUnreadable);
        }
    }
}

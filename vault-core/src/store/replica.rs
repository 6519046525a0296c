//! Copies of an object in another store, and mending one copy from another.
//!
//! A copy is the same bytes under the same names: data, encrypted as it is, and manifest. So a
//! copy needs no key of its own, and either can be verified without keys by the manifest that the
//! ledger names. Promises: bytes are verified by that manifest before they are written anywhere;
//! what was written is read back before anything is said of it; mending fetches the damaged
//! blocks alone, keeps what it replaces aside, and never touches what agrees.

use super::Store;
use super::aligned::AlignedBuffer;
use super::backend::{BlobReader, Created, Kind, Recall, StoreName};
use super::check::{CheckBuffers, Expected};
use super::manifest::{Manifest, OpenPart};
use super::reseal::Resealed;
use super::tree;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT, MANIFEST_BYTES_MAX};
use std::ops::Range;
use vault_proof::ContentId;

/// What mending came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mended {
    /// Bytes fetched from another store.
    pub(crate) moved: u64,
}

/// A manifest that is the one the ledger names, and its exact bytes.
struct Named {
    manifest: Manifest,
    bytes: Vec<u8>,
}

fn size(bytes: u64) -> usize {
    // Lengths here are at most an extent, or a manifest's; the platform is 64-bit.
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl Store {
    /// The same vault's store in another place.
    pub(crate) fn beside(&self, backend: std::sync::Arc<dyn super::backend::Backend>) -> Self {
        Self::new(backend, self.name_key.clone())
    }

    /// The manifest of an object, if it is the one that the ledger names.
    fn named(&self, expected: &Expected) -> Outcome<Named> {
        let name = self.manifest_name(&expected.id);
        let missing = || Fault::new(Code::StoredBytesMissing).with("what", "manifest");
        let length = self.backend.length(Kind::Manifest, name)?.ok_or_else(missing)?;
        let damaged = || Fault::new(Code::ManifestDamaged).with("recording", expected.id);
        if length > MANIFEST_BYTES_MAX {
            return Err(damaged());
        }
        let mut bytes = vec![0; size(length)];
        self.backend.read_at(Kind::Manifest, name, 0, &mut bytes)?;
        if ContentId::from_bytes(*blake3::hash(&bytes).as_bytes()) != expected.manifest {
            return Err(damaged());
        }
        Ok(Named { manifest: Manifest::parse(&bytes)?, bytes })
    }

    /// Copies an object to another store and reads the copy back; gives the bytes written. A copy
    /// that is there already and agrees is left as it is.
    pub(crate) fn copy_to(&self, other: &Self, expected: &Expected) -> Outcome<u64> {
        let named = self.named(expected)?;
        let open = &named.manifest.open;
        if other.named(expected).is_ok() && other.holds(expected, open) {
            return Ok(0);
        }
        let name = other.manifest_name(&expected.id);
        if other.backend.length(Kind::Manifest, name)?.is_some() {
            // What lies there does not agree: all of it is kept aside.
            other.backend.quarantine_manifest(name)?;
            other.backend.set_aside(open.data)?;
        }
        // Nothing names this data: an attempt that was cut short.
        other.backend.discard(open.data)?;
        let reader = self.backend.reader(Kind::Data, open.data)?;
        let mut fetched = [Mended::default()];
        write_whole(other, &named.manifest, (&[Some(&*reader)], &mut fetched))?;
        let created = other.backend.commit(&[open.data], &[(name, &named.bytes)])?;
        if created.first() != Some(&Created::New) {
            return Err(Fault::new(Code::Locked).with("recording", expected.id));
        }
        other.check_whole(expected)?;
        other.backend.go_cold(open.data)?;
        Ok(fetched[0].moved + named.bytes.len() as u64)
    }

    /// Whether a copy is there and agrees; in an archive, which hands nothing out at once, whether
    /// it is there with its length.
    fn holds(&self, expected: &Expected, open: &OpenPart) -> bool {
        if self.backend.archives() {
            let length = self.backend.length(Kind::Data, open.data);
            return length.is_ok_and(|length| length == Some(open.stored_bytes));
        }
        self.check_whole(expected).is_ok()
    }

    /// Whether the copy in a cold store can stand for the one that is taken away: read from
    /// beginning to end, or, in an archive, there with its length, as it was read back when it
    /// came.
    pub(crate) fn stands_for(&self, expected: &Expected) -> Outcome<()> {
        let named = self.named(expected)?;
        if self.holds(expected, &named.manifest.open) {
            return Ok(());
        }
        Err(Fault::new(Code::StoredBytesDamaged).with("recording", expected.id))
    }

    /// Takes the data of an object from this store, its manifest stays; nothing happens where it is
    /// gone already. Only for what another store stands for.
    pub(crate) fn take_away(&self, expected: &Expected) -> Outcome<u64> {
        let named = self.named(expected)?;
        let open = &named.manifest.open;
        self.backend.destroy(Kind::Data, open.data)?;
        Ok(open.stored_bytes)
    }

    /// Asks a cold store for the data of an object; says whether it can be fetched now.
    pub(crate) fn recall(&self, expected: &Expected) -> Outcome<Recall> {
        self.backend.recall(self.named(expected)?.manifest.open.data)
    }

    /// Reads a copy from beginning to end, without keys.
    pub(crate) fn check_whole(&self, expected: &Expected) -> Outcome<()> {
        let checking = self.begin_check(expected, None)?;
        let mut buffers = CheckBuffers::default();
        for extent in 0..checking.extents() {
            checking.extent(extent, &mut buffers)?;
        }
        Ok(())
    }

    /// Mends what does not agree of an object with bytes of other stores: each block is taken from
    /// the first that has it whole, so that copies damaged in different places mend one another.
    /// Gives the bytes that each of them gave, and what is left damaged because none has it whole.
    pub(crate) fn mend_from(
        &self,
        sources: &[Self],
        expected: &Expected,
    ) -> Outcome<(Vec<Mended>, Option<Fault>)> {
        let mut mended = vec![Mended::default(); sources.len()];
        let named = match self.named(expected) {
            Ok(named) => named,
            Err(own) => {
                let found = sources.iter().zip(&mut mended);
                let mut good = found.filter_map(|(one, mended)| {
                    one.named(expected).ok().map(|named| (named, mended))
                });
                let (named, mended) = good.next().ok_or(own)?;
                self.replace_manifest(expected, &named.bytes)?;
                mended.moved += named.bytes.len() as u64;
                named
            }
        };
        let data = named.manifest.open.data;
        let opened: Vec<_> =
            sources.iter().map(|one| one.backend.reader(Kind::Data, data).ok()).collect();
        let readers: Vec<_> = opened.iter().map(Option::as_deref).collect();
        let left = self.mend_data(expected, &named.manifest, (&readers, &mut mended))?;
        Ok((mended, left))
    }

    /// Mends what does not agree of an object with its plain bytes, read on another medium. Needs
    /// its key and the manifest that the ledger names; without these only another store helps.
    pub(crate) fn mend_with(
        &self,
        keys: &KeyStore,
        plain: &dyn BlobReader,
        expected: &Expected,
    ) -> Outcome<Mended> {
        let named = self.named(expected)?;
        let resealed = Resealed::new(&named.manifest, keys, plain)?;
        let mut mended = [Mended::default()];
        match self.mend_data(expected, &named.manifest, (&[Some(&resealed)], &mut mended))? {
            None => Ok(mended[0]),
            Some(left) => Err(left),
        }
    }

    /// Mends the data of an object, and counts what each reader gave; gives what is left damaged.
    fn mend_data(
        &self,
        expected: &Expected,
        manifest: &Manifest,
        (readers, mended): (Readers<'_>, &mut [Mended]),
    ) -> Outcome<Option<Fault>> {
        let open = &manifest.open;
        let mut left = None;
        if self.backend.length(Kind::Data, open.data)? == Some(open.stored_bytes) {
            let own = self.backend.reader(Kind::Data, open.data)?;
            let blocks = tree::blocks_in(open.stored_bytes);
            let mut bytes = AlignedBuffer::default();
            for first in (0..blocks).step_by(size(BLOCKS_PER_EXTENT)) {
                let extent = first..blocks.min(first + BLOCKS_PER_EXTENT);
                let buffer = bytes.room(size(bytes_of(&extent, manifest)));
                let damaged = read_blocks(&*own, manifest, &extent, buffer).0;
                let lost = gather(manifest, (&extent, &damaged), buffer, (readers, mended));
                let (lost, fault) = lost.unzip();
                left = left.or(fault);
                let lost = lost.unwrap_or_default();
                let found: Vec<u64> =
                    damaged.into_iter().filter(|block| !lost.contains(block)).collect();
                for run in runs(&found) {
                    let good = &buffer[place_in(&extent, &run, manifest)];
                    self.backend.mend(open.data, run.start * BLOCK_BYTES, good)?;
                }
            }
        } else {
            // Cut short, too long or gone: what is there is kept aside, and the whole is fetched.
            self.backend.set_aside(open.data)?;
            write_whole(self, manifest, (readers, mended))?;
            self.backend.settle(&[(Kind::Data, open.data)])?;
        }
        if left.is_none() {
            self.check_whole(expected)?;
        }
        Ok(left)
    }

    fn replace_manifest(&self, expected: &Expected, bytes: &[u8]) -> Outcome<()> {
        let name: StoreName = self.manifest_name(&expected.id);
        if self.backend.length(Kind::Manifest, name)?.is_some() {
            self.backend.quarantine_manifest(name)?;
        }
        match self.backend.create_manifest(name, bytes)? {
            Created::New => Ok(()),
            Created::Exists => Err(Fault::new(Code::Locked).with("recording", expected.id)),
        }
    }
}

/// Where good bytes may be; `None` where nothing can be opened.
type Readers<'a> = &'a [Option<&'a dyn BlobReader>];

/// Writes all stored bytes of an object under its data name; not yet settled.
fn write_whole(
    to: &Store,
    manifest: &Manifest,
    (from, mended): (Readers<'_>, &mut [Mended]),
) -> Outcome<()> {
    let open = &manifest.open;
    let blocks = tree::blocks_in(open.stored_bytes);
    let writer = to.backend.begin(open.data, open.stored_bytes)?;
    let written = (|| {
        let mut bytes = AlignedBuffer::default();
        let step = size(writer.slice().bytes);
        for first in (0..blocks).step_by(size(BLOCKS_PER_EXTENT)) {
            let extent = first..blocks.min(first + BLOCKS_PER_EXTENT);
            let buffer = bytes.room(size(bytes_of(&extent, manifest)));
            let wanted: Vec<u64> = extent.clone().collect();
            let lost = gather(manifest, (&extent, &wanted), buffer, (from, &mut *mended));
            if let Some((_, fault)) = lost {
                return Err(fault);
            }
            let mut at = first * BLOCK_BYTES;
            for slice in buffer.chunks(step) {
                writer.write_at(at, slice)?;
                at += slice.len() as u64;
            }
        }
        writer.finish(open.stored_bytes)
    })();
    if let Err(fault) = written {
        drop(writer);
        to.backend.discard(open.data)?;
        return Err(fault);
    }
    Ok(())
}

/// How many bytes these blocks are; the last of an object is shorter.
fn bytes_of(blocks: &Range<u64>, manifest: &Manifest) -> u64 {
    let end = manifest.open.stored_bytes.min(blocks.end * BLOCK_BYTES);
    end.saturating_sub(blocks.start * BLOCK_BYTES)
}

/// Where blocks lie in a buffer that holds those of an extent.
fn place_in(extent: &Range<u64>, blocks: &Range<u64>, manifest: &Manifest) -> Range<usize> {
    let from = size((blocks.start - extent.start) * BLOCK_BYTES);
    from..from + size(bytes_of(blocks, manifest))
}

/// Numbers that follow one another, together.
fn runs(blocks: &[u64]) -> Vec<Range<u64>> {
    blocks
        .chunk_by(|one, next| one + 1 == *next)
        .map(|run| run[0]..run[0] + run.len() as u64)
        .collect()
}

/// Fills these blocks of an extent, each from the first reader that has it whole; gives those that
/// none has, and why.
fn gather(
    manifest: &Manifest,
    (extent, wanted): (&Range<u64>, &[u64]),
    buffer: &mut [u8],
    (readers, mended): (Readers<'_>, &mut [Mended]),
) -> Option<(Vec<u64>, Fault)> {
    let mut missing = wanted.to_vec();
    let mut problem = None;
    for (reader, mended) in readers.iter().zip(mended) {
        let Some(reader) = reader else { continue };
        let mut left = Vec::new();
        for run in runs(&missing) {
            let place = place_in(extent, &run, manifest);
            let (bad, fault) = read_blocks(*reader, manifest, &run, &mut buffer[place]);
            let lacking: u64 = runs(&bad).iter().map(|run| bytes_of(run, manifest)).sum();
            mended.moved += bytes_of(&run, manifest) - lacking;
            problem = fault.or(problem);
            left.extend(bad);
        }
        missing = left;
    }
    let from = missing.first()? * BLOCK_BYTES;
    let damaged = Fault::new(Code::StoredBytesDamaged).with("class", "data").with("from", from);
    let to = manifest.open.stored_bytes.min(from + BLOCK_BYTES);
    Some((missing, problem.unwrap_or_else(|| damaged.with("to", to))))
}

/// Reads these blocks; gives those that are not what the manifest names, and why one of them could
/// not be read. What a medium does not give at once may come block by block.
fn read_blocks(
    reader: &dyn BlobReader,
    manifest: &Manifest,
    blocks: &Range<u64>,
    buffer: &mut [u8],
) -> (Vec<u64>, Option<Fault>) {
    let open = &manifest.open;
    let (mut bad, mut problem) = (Vec::new(), None);
    let at_once = reader.read_at(blocks.start * BLOCK_BYTES, buffer).is_ok();
    for (index, block) in blocks.clone().zip(buffer.chunks_mut(size(BLOCK_BYTES))) {
        let read = if at_once { Ok(()) } else { reader.read_at(index * BLOCK_BYTES, block) };
        let known = open.stored.get(size(index)).map(|row| row.entry);
        if read.is_err() || known != Some(tree::entry(index, open.stored_bytes, block)) {
            problem = read.err().or(problem);
            bad.push(index);
        }
    }
    (bad, problem)
}

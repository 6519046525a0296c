//! Copies of an object in another store, and mending one copy from another.
//!
//! A copy is the same bytes under the same names: data, encrypted as it is, and manifest. So a
//! copy needs no key of its own, and either can be verified without keys by the manifest that the
//! ledger names. Promises: bytes are verified by that manifest before they are written anywhere;
//! what was written is read back before anything is said of it; mending fetches the damaged
//! extents alone, keeps what it replaces aside, and never touches what agrees.

use super::Store;
use super::backend::{BlobReader, Created, Kind, Recall, StoreName};
use super::check::{CheckBuffers, Expected};
use super::manifest::{Manifest, OpenPart};
use super::reseal::Resealed;
use super::tree;
use crate::fault::{Code, Fault, Outcome};
use crate::keys::KeyStore;
use crate::limits::{BLOCK_BYTES, BLOCKS_PER_EXTENT, EXTENT_BYTES, MANIFEST_BYTES_MAX};
use vault_proof::ContentId;

/// What mending came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mended {
    /// Bytes fetched from the other store.
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
        let fetched = write_whole(other, &named.manifest, &*reader)?;
        let created = other.backend.commit(&[open.data], &[(name, &named.bytes)])?;
        if created.first() != Some(&Created::New) {
            return Err(Fault::new(Code::Locked).with("recording", expected.id));
        }
        other.check_whole(expected)?;
        other.backend.go_cold(open.data)?;
        Ok(fetched + named.bytes.len() as u64)
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

    /// Mends what does not agree of an object with bytes of another store.
    pub(crate) fn mend_from(&self, source: &Self, expected: &Expected) -> Outcome<Mended> {
        let mut mended = Mended::default();
        let named = if let Ok(named) = self.named(expected) {
            named
        } else {
            let good = source.named(expected)?;
            self.replace_manifest(expected, &good.bytes)?;
            mended.moved += good.bytes.len() as u64;
            good
        };
        let reader = source.backend.reader(Kind::Data, named.manifest.open.data)?;
        mended.moved += self.mend_data(expected, &named.manifest, &*reader)?;
        Ok(mended)
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
        Ok(Mended { moved: self.mend_data(expected, &named.manifest, &resealed)? })
    }

    /// Mends the data of an object; gives the bytes that were fetched.
    fn mend_data(
        &self,
        expected: &Expected,
        manifest: &Manifest,
        reader: &dyn BlobReader,
    ) -> Outcome<u64> {
        let open = &manifest.open;
        let mut moved = 0;
        if self.backend.length(Kind::Data, open.data)? == Some(open.stored_bytes) {
            let own = self.backend.reader(Kind::Data, open.data)?;
            let mut buffer = Vec::new();
            for extent in 0..tree::blocks_in(open.stored_bytes).div_ceil(BLOCKS_PER_EXTENT) {
                if read_extent(&*own, manifest, extent, &mut buffer).is_ok() {
                    continue;
                }
                read_extent(reader, manifest, extent, &mut buffer)?;
                self.backend.mend(open.data, extent * EXTENT_BYTES, &buffer)?;
                moved += buffer.len() as u64;
            }
        } else {
            // Cut short, too long or gone: what is there is kept aside, and the whole is fetched.
            self.backend.set_aside(open.data)?;
            moved += write_whole(self, manifest, reader)?;
            self.backend.settle(&[(Kind::Data, open.data)])?;
        }
        self.check_whole(expected)?;
        Ok(moved)
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

/// Writes all stored bytes of an object under its data name; not yet settled.
fn write_whole(to: &Store, manifest: &Manifest, from: &dyn BlobReader) -> Outcome<u64> {
    let open = &manifest.open;
    let writer = to.backend.begin(open.data, open.stored_bytes)?;
    let written = (|| {
        let mut buffer = Vec::new();
        let step = size(writer.slice().bytes);
        for extent in 0..open.stored_bytes.div_ceil(EXTENT_BYTES) {
            read_extent(from, manifest, extent, &mut buffer)?;
            let mut at = extent * EXTENT_BYTES;
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
    Ok(open.stored_bytes)
}

/// Reads an extent; every block must be the one that the manifest names.
fn read_extent(
    reader: &dyn BlobReader,
    manifest: &Manifest,
    extent: u64,
    buffer: &mut Vec<u8>,
) -> Outcome<()> {
    let open = &manifest.open;
    let from = extent * EXTENT_BYTES;
    buffer.resize(size(EXTENT_BYTES.min(open.stored_bytes - from)), 0);
    reader.read_at(from, buffer)?;
    let first = extent * BLOCKS_PER_EXTENT;
    for (index, block) in (first..).zip(buffer.chunks(size(BLOCK_BYTES))) {
        let row = open.stored.get(size(index)).ok_or_else(|| Fault::new(Code::Internal))?;
        if tree::entry(index, open.stored_bytes, block) != row.entry {
            let at = index * BLOCK_BYTES;
            return Err(Fault::new(Code::StoredBytesDamaged)
                .with("class", "data")
                .with("from", at)
                .with("to", at + block.len() as u64));
        }
    }
    Ok(())
}
